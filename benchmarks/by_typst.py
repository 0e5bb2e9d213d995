"""The handout's words by typst: tagged, PDF/UA-1. One compiler serves all documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typst import Compiler

from benchmarks.faces import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldn_titrate.content import Block, Document

_TEMPLATE = Path(__file__).with_name("handout.typ")


def draw(document: Document) -> bytes:
    """Draw a document as a PDF file."""
    data = json.dumps(_data(document), ensure_ascii=False)
    return _compiler().compile(format="pdf", sys_inputs={"document": data}, pdf_standards="ua-1")


@cache
def _compiler() -> Compiler:
    return Compiler(str(_TEMPLATE), font_paths=[FOLDER], ignore_system_fonts=True)


def _data(document: Document) -> dict[str, Any]:
    """Write a document as the template reads it: each block with its kind."""
    whole = asdict(document)
    whole["front"] = _blocks(document.front)
    whole["back"] = [
        {"title": section.title, "blocks": _blocks(section.blocks)} for section in document.back
    ]
    return whole


def _blocks(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> dict[str, Any]:
    data = {"kind": type(block).__name__, **asdict(block)}
    if inner := getattr(block, "blocks", None):
        data["blocks"] = _blocks(inner)
    return data
