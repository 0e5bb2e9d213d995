"""
How a document looks in type: the styles of its texts, in usual and in large print.

Large print is set anew, not magnified: each text has its own size, and none is smaller than the
running text. This room knows styles only, and not what is set in them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ldn_titrate.content import Blank
from ldn_titrate.export.pdf.lines import Style

if TYPE_CHECKING:
    from ldn_titrate.content import Document

LARGE_PRINT: Final = 18.0


@dataclass(frozen=True, slots=True)
class Look:
    """
    The styles of a document.

    Attributes:
        body: Running text.
        strong: A word that stands out in it, and the header of a row.
        small: What stands apart from the text, such as the head of a page.
        small_strong: A label.
        heading: The heading of a section, and the caption of a table.
        title: The title of the document.
        subtitle: The line under it.
        main_title: The title of the main message.
        stop_title: The title of a warning.
        plain_title: The title of another callout.
        figure: A dose, to be seen from afar.
        day: What stands in a day of a calendar.
        day_dose: The dose there.
        scale: How much larger than in usual print what is drawn is.
        box: What is said of a box to tick.
        line: What is said of a line to write on.
    """

    body: Style
    strong: Style
    small: Style
    small_strong: Style
    heading: Style
    title: Style
    subtitle: Style
    main_title: Style
    stop_title: Style
    plain_title: Style
    figure: Style
    day: Style
    day_dose: Style
    scale: float
    box: str = Blank.BOX.value
    line: str = Blank.LINE.value

    @property
    def is_large(self) -> bool:
        """Whether this is large print, for which a narrow column is too narrow."""
        return self.body.size >= LARGE_PRINT


_USUAL: Final = Look(
    body=Style(12, 15),
    strong=Style(12, 15, bold=True),
    small=Style(10, 12),
    small_strong=Style(10, 12, bold=True),
    heading=Style(14, 17, bold=True),
    title=Style(25, 29, bold=True),
    subtitle=Style(13.5, 17),
    main_title=Style(17, 21, bold=True),
    stop_title=Style(15, 19, bold=True),
    plain_title=Style(13, 17, bold=True),
    figure=Style(18, 20, bold=True),
    day=Style(10, 11.5),
    day_dose=Style(12, 13, bold=True),
    scale=1.0,
)


def _large(size: float, leading: float, *, bold: bool = False) -> Style:
    return Style(size, leading, bold, least=LARGE_PRINT)


_LARGE: Final = Look(
    body=_large(18, 23),
    strong=_large(18, 23, bold=True),
    small=_large(18, 22),
    small_strong=_large(18, 22, bold=True),
    heading=_large(22, 27, bold=True),
    title=_large(32, 37, bold=True),
    subtitle=_large(20, 25),
    main_title=_large(25, 30, bold=True),
    stop_title=_large(22, 27, bold=True),
    plain_title=_large(20, 25, bold=True),
    figure=_large(24, 28, bold=True),
    day=_large(18, 23),
    day_dose=_large(20, 23, bold=True),
    scale=1.5,
)


def look_of(document: Document, *, large_print: bool = False) -> Look:
    """
    Give the look of a document.

    Args:
        document: Whose languages its texts are in.
        large_print: Whether nothing may be smaller than 18 points.
    """
    styles = look(large_print=large_print, beside=document.beside)
    return replace(styles, box=document.box, line=document.line)


@lru_cache(maxsize=64)
def look(*, large_print: bool = False, beside: str | None = None) -> Look:
    """
    Give the styles of a look.

    Args:
        large_print: Whether nothing may be smaller than 18 points.
        beside: The language of the second lines; None where there are none.
    """
    plain = _LARGE if large_print else _USUAL
    told = {one.name: getattr(plain, one.name) for one in fields(plain)}
    styles = {name: one for name, one in told.items() if isinstance(one, Style)}
    changed: Any = {name: style._replace(beside=beside) for name, style in styles.items()}
    return replace(plain, **changed)
