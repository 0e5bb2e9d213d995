"""What the commands that write a document share: how its pages look, and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import Force, Output, tell, write_result
from ldn_titrate.errors import ExportError
from ldn_titrate.export.printed import Look

if TYPE_CHECKING:
    from ldn_titrate.export.files import Export

_FORMAT_OF: Final = {".pdf": "pdf", ".html": "html", ".htm": "html", ".txt": "text"}

Flag = Parameter(negative="")
Size = Annotated[Literal["letter", "a4"], Parameter(help="The size of the paper.")]
Format = Annotated[
    Literal["pdf", "html", "text"],
    Parameter(help="Pages, one page for a browser, or plain text."),
]


@Parameter(name="*")
@dataclass(frozen=True)
class Pages:
    """How pages look."""

    size: Size = "letter"
    large_print: Annotated[bool, Flag, Parameter(help="Set pages in large type.")] = False
    lang: Annotated[str, Parameter(help="The language, such as nl; English if left out.")] = "en"
    reviewed_only: Annotated[
        bool,
        Flag,
        Parameter(help="Refuse texts that nobody checked, in place of English beside them."),
    ] = False

    def look(self, format_: Format = "pdf") -> Look:
        """Return the look of a document."""
        return Look(format_, self.size, self.large_print, self.lang, self.reviewed_only)


AS_ASKED = Pages()


@Parameter(name="*")
@dataclass(frozen=True)
class File:
    """The file that a document becomes."""

    output: Output
    pages: Pages = AS_ASKED
    format: Format = "pdf"
    force: Force = False

    @property
    def look(self) -> Look:
        """
        How the document looks.

        Raises:
            ExportError: The name of the file tells another format.
        """
        place = Path(self.output)
        told = _FORMAT_OF.get(place.suffix.lower(), self.format)
        if told != self.format:
            raise ExportError(
                f"{place.name} would hold {self.format}; say --format {told}, or name it otherwise"
            )
        return self.pages.look(self.format)

    def write(self, made: Export) -> None:
        """Write the document, and say what its reader should know."""
        write_result(self.output, made.content, force=self.force)
        tell(made.findings)


@Parameter(name="*")
@dataclass(frozen=True)
class Reminders:
    """The calendar file, and how each reminder in it looks."""

    output: Output
    title: Annotated[str | None, Parameter(help="The visible title of each reminder.")] = None
    no_alarm: Annotated[bool, Flag, Parameter(help="Leave the alarms out.")] = False
    force: Force = False
