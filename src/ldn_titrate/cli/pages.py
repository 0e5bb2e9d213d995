"""What the commands that write a document share: how its pages look, and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ldn_titrate.cli.common import Force, Output, tell, write_result
from ldn_titrate.export.files import refuse_other_format
from ldn_titrate.export.printed import SUFFIXES, Look

if TYPE_CHECKING:
    from ldn_titrate.export.files import Export

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
        refuse_other_format(self.output, self.format, others=SUFFIXES)
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
