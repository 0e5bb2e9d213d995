"""
A PDF file as numbered objects: its head, the objects, the table of their places, its trailer.

This room knows how objects make a file, and neither pages nor what an object says.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# The second line tells programs that move files that this one is not text.
_HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FREE: Final = b"0000000000 65535 f \n"


@dataclass(slots=True)
class Object:
    """An object of a file; its content may follow after others have referred to it."""

    reference: str
    content: bytes = b""


class Objects:
    """The objects of a file, in the order of their numbers."""

    def __init__(self) -> None:
        self._objects: list[Object] = []

    def add(self, content: bytes = b"") -> Object:
        """Give an object the next number."""
        one = Object(f"{len(self._objects) + 1} 0 R", content)
        self._objects.append(one)
        return one

    def file(self, catalog: Object, info: Object) -> bytes:
        """
        Write the file; it must be complete.

        Its identifier comes from its content, not from a clock.

        Args:
            catalog: The object from which all others are found.
            info: The object that says what the file is.
        """
        parts, places, place = [_HEAD], [_FREE], len(_HEAD)
        for number, one in enumerate(self._objects, start=1):
            part = b"%d 0 obj\n%b\nendobj\n" % (number, one.content)
            parts.append(part)
            places.append(b"%010d 00000 n \n" % place)
            place += len(part)
        body = b"".join(parts)
        identifier = hashlib.blake2b(body, digest_size=16).hexdigest()
        table = b"xref\n0 %d\n%b" % (len(places), b"".join(places))
        trailer = (
            f"trailer\n<</Size {len(places)}/Root {catalog.reference}/Info {info.reference}"
            f"/ID [<{identifier}> <{identifier}>]>>\nstartxref\n{place}\n%%EOF\n"
        )
        return body + table + trailer.encode()


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
