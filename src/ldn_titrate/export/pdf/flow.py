"""
How strips fill pages: one under the other, in one column or two, page after page.

A strip is never divided unless it is taller than a whole page; a heading is never the last of its
column; a table is divided only where keeping it whole would leave too much of a page empty. This
room knows heights only: neither what a strip says nor how it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from ldn_titrate.export.pdf.strips import BLOCK_GAP, Strip, divided
from ldn_titrate.export.pdf.structure import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_AIR: Final = 10.0
_LEAST_AIR: Final = -5.0
_ABOVE_COLUMNS: Final = 7.0  # more: a line to write on, above them, underlines no heading
_COLUMN_AIRS: Final = (6.0, 3.0, 0.0, -4.0)

# A column that is exactly full is full, whatever the sums were rounded to.
_ROUNDING: Final = 0.01

# What is too tall for a page is not divided for less than a few lines.
_LEAST_PART: Final = 60.0

# A column that ends inside a section is as bad as one that is this much longer.
_DIVIDED_SECTION: Final = 120.0

# The most of a page, as a part of it, that stays empty to keep the table that follows whole.
_MOST_EMPTY: Final = 0.4

# The least part of a page that is empty where another page is not begun for what may stand here.
_NEARLY_EMPTY: Final = 0.4


class Placed(NamedTuple):
    """A strip and its place: the left edge, and the upper edge from the top of the page."""

    strip: Strip
    x: float
    y: float


@dataclass(slots=True)
class Pages:
    """Pages that fill from top to bottom."""

    left: float
    top: float
    bottom: float
    y: float
    pages: list[list[Placed]] = field(default_factory=lambda: [[]])

    @property
    def room(self) -> float:
        """What is left of the page."""
        return self.bottom - self.y

    @property
    def depth(self) -> float:
        """The room of a whole page."""
        return self.bottom - self.top

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the page yet."""
        return self.y == self.top

    @property
    def is_nearly_empty(self) -> bool:
        """Whether little more than the end of what began on an earlier page stands here."""
        return len(self.pages) > 1 and self.room > self.depth * _NEARLY_EMPTY

    def turn(self) -> None:
        """Go on on a new page."""
        self.pages.append([])
        self.y = self.top

    def place(self, column: Sequence[Placed], x: float) -> float:
        """Place a filled column here, so far to the right, and give the height of its lower end."""
        self.pages[-1].extend(Placed(each.strip, self.left + x, self.y + each.y) for each in column)
        return max((self.y + each.y + each.strip.height for each in column), default=self.y)


def fitted(strips: list[Strip], room: float) -> list[Strip]:
    """Share what is left of a single page, or a little that it lacks, among its wide gaps."""
    gaps = sum(strip.before >= BLOCK_GAP for strip in strips[1:])
    more = min((room - _extent(strips)) / max(gaps, 1), _MOST_AIR)
    return _aired(strips, more) if more >= _LEAST_AIR else strips


def _aired(strips: Sequence[Strip], more: float) -> list[Strip]:
    """Widen the gaps between blocks."""
    return [
        strip._replace(before=strip.before + more) if strip.before >= BLOCK_GAP else strip
        for strip in strips
    ]


def flow(pages: Pages, strips: Sequence[Strip]) -> None:
    """Place strips in one column, page after page."""
    while strips:
        column, strips = _filled(strips, pages.room, pages.depth, fresh=pages.fresh)
        pages.y = pages.place(column, 0.0)
        if strips:
            pages.turn()


def flow_columns(pages: Pages, strips: Sequence[Strip], step: float) -> None:
    """Place strips in two columns of the same height, page after page."""
    while strips:
        if not pages.fresh:
            pages.y += strips[0].before + _ABOVE_COLUMNS
        strips, cut = _roomiest(strips, pages.room)
        left, rest = _filled(strips[:cut], pages.room, pages.depth, fresh=True)
        left, rest = (left, [*rest, *strips[cut:]]) if cut else _unbroken(left, rest)
        right, strips = _filled(rest, pages.room, pages.depth, fresh=True) if rest else ([], [])
        right, strips = _unbroken(right, strips)
        pages.y = max(pages.place(left, 0.0), pages.place(right, step))
        if strips:
            pages.turn()


def _unbroken(column: list[Placed], rest: Sequence[Strip]) -> tuple[list[Placed], Sequence[Strip]]:
    """Leave a section that a column would divide to the next one, unless it is long."""
    if not rest or rest[0].keep:
        return column, rest
    begins = (n for n in range(len(column) - 1, 0, -1) if column[n].strip.keep)
    begin = next(begins, 0)
    if not begin or column[-1].y - column[begin].y > _DIVIDED_SECTION:
        return column, rest
    return column[:begin], [*(each.strip for each in column[begin:]), *rest]


def _filled(
    strips: Sequence[Strip], room: float, depth: float, *, fresh: bool
) -> tuple[list[Placed], Sequence[Strip]]:
    """
    Fill a column from its top.

    Args:
        strips: What is to be placed.
        room: The height of the column.
        depth: The height of a whole page.
        fresh: Whether nothing stands above the column; it then takes something in any case.

    Returns:
        The strips with their places in the column, and the strips that are left over.
    """
    placed, y = _repeated_header(strips[0], room)
    taken = 0
    while taken < len(strips):
        chain = strips[taken : _chain_end(strips, taken)]
        gap = 0.0 if fresh and taken == 0 else chain[0].before
        left = room - y - gap + _ROUNDING
        if _extent(chain) > left or _waits(strips[taken:], left, depth):
            break
        placed.extend(_piled(chain, y + gap))
        y += gap + _extent(chain)
        taken += len(chain)
    if taken:
        return placed, strips[taken:]
    return _forced(placed, y, strips, room) if fresh else ([], strips)


def _waits(strips: Sequence[Strip], left: float, depth: float) -> bool:
    """Tell whether a table that begins here is better begun on a new page, where it is whole."""
    header = strips[_chain_end(strips, 0) - 1].header
    if left > depth * _MOST_EMPTY and not (header and header.whole):
        return False
    whole = strips[: _table_end(strips)]
    return left < _extent(whole) <= depth


def _table_end(strips: Sequence[Strip]) -> int:
    """Find the end of the table that begins here; the end of what stays together, if none does."""
    end = _chain_end(strips, 0)
    header = None if strips[0].header else strips[end - 1].header
    while header and end < len(strips) and strips[end].header is header:
        end += 1
    return end


def _piled(chain: Sequence[Strip], y: float) -> Iterator[Placed]:
    """Place strips on top of each other."""
    for number, strip in enumerate(chain):
        y += strip.before if number else 0.0
        yield Placed(strip, 0.0, y)
        y += strip.height


def _forced(
    header: list[Placed], y: float, strips: Sequence[Strip], room: float
) -> tuple[list[Placed], Sequence[Strip]]:
    """Place what is too tall to stay together; a strip taller than the column is divided."""
    placed = list(header)
    piled = _piled(strips, y)
    each = next(piled)
    while each.y + each.strip.height <= room:
        placed.append(each)
        each = next(piled)
    rest = strips[len(placed) - len(header) + 1 :]
    left = room - each.y
    if each.strip.height <= room - y or left < _LEAST_PART:
        return placed, [each.strip, *rest]
    upper, lower = divided(each.strip, left)
    return [*placed, each._replace(strip=upper)], [lower, *rest]


def _repeated_header(strip: Strip, room: float) -> tuple[list[Placed], float]:
    """Repeat the header of a table that goes on; it has been read aloud where it first stood."""
    header = strip.header
    if header is None or header.height > room / 2:
        return [], 0.0
    words = tuple(each._replace(owner=Artifact.PAGINATION) for each in header.words)
    return [Placed(header._replace(words=words), 0.0, 0.0)], header.height


def _chain_end(strips: Sequence[Strip], start: int) -> int:
    """Find the end of the strips that stay together from here on."""
    end = start
    while end < len(strips) - 1 and strips[end].keep:
        end += 1
    return end + 1


def _extent(strips: Sequence[Strip]) -> float:
    """Measure strips on top of each other."""
    return sum(strip.before + strip.height for strip in strips) - strips[0].before


def _roomiest(strips: Sequence[Strip], room: float) -> tuple[Sequence[Strip], int | None]:
    """Balance two columns with the widest gaps that divide no section, if there are such."""
    tried = [_aired(strips, more) for more in _COLUMN_AIRS]
    found = [(aired, cut) for aired in tried if (cut := _balanced(aired, room))]
    whole = [(aired, cut) for aired, cut in found if aired[cut].keep]
    if not whole and _extent(strips) <= min(room, 2 * _DIVIDED_SECTION):
        return strips, None
    return next(iter(whole or found), (strips, None))


def _balanced(strips: Sequence[Strip], room: float) -> int | None:
    """Choose where the second of two columns starts; None where two columns are too few."""
    choices = [
        (max(left, right) + (0.0 if strips[cut].keep else _DIVIDED_SECTION), cut)
        for cut in range(1, len(strips))
        if not strips[cut - 1].keep
        and max(left := _extent(strips[:cut]), right := _extent(strips[cut:])) <= room
    ]
    return min(choices)[1] if choices else None
