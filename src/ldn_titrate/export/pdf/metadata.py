"""
What a file says of itself, and what makes it fit for an archive (PDF/A-3a, ISO 19005-3).

An archive wants the meaning of grey written down, and each attached file with its kind and its
relation to the document. This room knows the objects of a file, and nothing of its pages.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ldn_titrate.errors import ExportError
from ldn_titrate.export.pdf.objects import text_string

if TYPE_CHECKING:
    from collections.abc import Sequence

PRODUCER: Final = "ldn-titrate, with ReportLab"

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>{archive}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

# PDF/A wants each schema that it does not know itself described: here that of PDF/UA.
_ARCHIVE: Final = """
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of PDF/UA that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

Relationship: TypeAlias = Literal["Source", "Data", "Alternative", "Supplement", "Unspecified"]

# A name that every system can store, and that leads to no other folder.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9.+-]*")

# D50, the white of the space in which profiles meet, in 65536ths.
_WHITE: Final = (0xF6D6, 0x10000, 0xD32D)
_GAMMA: Final = 0x0233  # 2.2 in 256ths


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """
    A file inside a file.

    Attributes:
        name: Its name: letters of ASCII, digits, dots, hyphens and underscores.
        media_type: Its kind, such as ``text/calendar``.
        content: Its bytes.
        description: What it is, in words.
        relationship: What it is to the document, by a word of PDF/A-3.
    """

    name: str
    media_type: str
    content: bytes
    description: str
    relationship: Relationship = "Data"


def checked(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """
    Give attachments in the order of their names.

    Raises:
        ExportError: A name or a kind is not allowed, or two have the same name.
    """
    for one in attachments:
        if not _NAME.fullmatch(one.name):
            raise ExportError(
                f"an attachment is named {one.name!r}; allowed are up to 100 letters a to z,"
                " digits, dots, hyphens and underscores"
            )
        if not _MEDIA_TYPE.fullmatch(one.media_type):
            raise ExportError(
                f"the attachment {one.name!r} is of the kind {one.media_type!r};"
                " a kind is written like 'text/calendar'"
            )
    names = [one.name for one in attachments]
    if len(set(names)) < len(names):
        raise ExportError(f"two attachments have the same name, of {sorted(names)}")
    return tuple(sorted(attachments, key=lambda one: one.name))


def xmp(title: str, language: str, *, archival: bool) -> bytes:
    """Write what a file says of itself."""
    return _XMP.format(
        title=escape(title, quote=False),
        language=escape(language, quote=False),
        producer=PRODUCER,
        archive=_ARCHIVE if archival else "",
    ).encode()


def content_entries(attachment: Attachment) -> str:
    """Write what stands in the dictionary of the attached bytes."""
    kind = attachment.media_type.replace("/", "#2F")
    return f"/Type/EmbeddedFile/Subtype/{kind}/Params <</Size {len(attachment.content)}>>"


def file_entry(attachment: Attachment, content: str) -> str:
    """Write the entry of an attached file, given the reference of its bytes."""
    return (
        f"<</Type/Filespec/F ({attachment.name})/UF ({attachment.name})"
        f"/Desc {text_string(attachment.description)}/AFRelationship/{attachment.relationship}"
        f"/EF <</F {content}/UF {content}>>>>"
    )


@cache
def grey_profile() -> bytes:
    """Write an ICC profile (version 2.1) that says what grey is: a screen of gamma 2.2."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3I", *_WHITE)
    tags = {
        b"desc": _description(b"Grey, gamma 2.2"),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": white,
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, _GAMMA),
    }
    place = 128 + 4 + 12 * len(tags)
    table, body = [struct.pack(">I", len(tags))], []
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table.append(struct.pack(">4sII", name, place, len(content)))
        body.append(padded)
        place += len(padded)
    return _header(place) + b"".join(table + body)


def _header(size: int) -> bytes:
    kind = struct.pack(">I4x4s4s4s4s", size, b"\x02\x10\0\0", b"mntr", b"GRAY", b"XYZ ")
    made = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return (kind + made + b"acsp" + bytes(28) + struct.pack(">3I", *_WHITE)).ljust(128, b"\0")


def _description(text: bytes) -> bytes:
    """Write a text description: in ASCII, and empty in the other two alphabets."""
    counted = struct.pack(">I", len(text) + 1) + text + b"\0"
    return b"desc\0\0\0\0" + counted + bytes(4 + 4 + 2 + 1 + 67)
