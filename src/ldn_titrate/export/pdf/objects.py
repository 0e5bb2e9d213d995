"""
A PDF file as numbered objects, which reportlab numbers, places and closes.

What an object says is written by this package, since reportlab has no words for a tagged file. This
room knows how objects make a file, and neither pages nor what an object says.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject


class Object(PDFObject):  # type: ignore[misc] # reportlab is untyped
    """
    An object of a file; its content may follow after others have referred to it.

    Attributes:
        content: What it says.
        reference: How others refer to it.
    """

    __RefOnly__ = 1  # reportlab writes a reference wherever it meets one

    def __init__(self, content: bytes = b"") -> None:
        """Begin an object that no file has numbered yet."""
        self.content = content
        self.reference = ""

    def format(self, _document: object) -> bytes:
        """Give the content, as reportlab asks for it."""
        return self.content


class Objects:
    """The objects of a file, in the order of their numbers."""

    def __init__(self) -> None:
        """Begin a file whose bytes no clock and no setting of reportlab changes."""
        self._document = PDFDocument(invariant=1, compression=0, pdfVersion=(1, 7))
        self._document.signature = hashlib.blake2b(digest_size=16)  # reportlab's begins with a date
        self._all: list[Object] = []

    def add(self, content: bytes = b"") -> Object:
        """Give an object the next number."""
        one = Object(content)
        one.reference = self._document.Reference(one).format(self._document).decode()
        self._all.append(one)
        return one

    def file(self, catalog: Object, info: Object) -> bytes:
        """
        Write the file; it must be complete.

        Its identifier comes from its content, not from a clock.

        Args:
            catalog: The object from which all others are found.
            info: The object that says what the file is.
        """
        for one in self._all:
            self._document.updateSignature(one.content)
        self._document.Catalog, self._document.info = catalog, info
        written: bytes = self._document.format()
        return written


def stream(content: bytes, entries: str = "") -> bytes:
    """Write a compressed stream."""
    return plain_stream(zlib.compress(content), f"{entries}/Filter/FlateDecode")


def plain_stream(content: bytes, entries: str) -> bytes:
    """
    Write a stream as it is, with a line end before its end as the standard asks.

    That line end is of two characters: one alone could be taken for the second half of a line end
    that begins with the last byte of the content.
    """
    head = f"<<{entries}/Length {len(content)}>>\nstream\n"
    return head.encode() + content + b"\r\nendstream"


@lru_cache(maxsize=256)
def text_string(text: str) -> str:
    """Write any text as a string of the file."""
    return f"<feff{text.encode('utf-16-be', 'replace').hex()}>"
