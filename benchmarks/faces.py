"""The font files that the library ships, for whoever else draws the same words."""

from __future__ import annotations

from importlib.resources import files

FAMILY = "Atkinson Hyperlegible"
REGULAR = "AtkinsonHyperlegible-Regular"
BOLD = "AtkinsonHyperlegible-Bold"
FOLDER = str(files("ldn_titrate.export.pdf") / "faces")


def face(name: str) -> str:
    """Give the path of a font file."""
    return f"{FOLDER}/{name}.ttf"
