"""Text made to fit: a little smaller first, then on more lines, then smaller still, at last cut with an ellipsis.

`overlays/shared/fit.js` does the same, step by step. Both only measure and calculate; no engine's own line breaking
comes into it, so that a drawing and a page break a name at the same place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from broadcaster.pictures.geometry import Text

    Measure = Callable[[str], float]
    """How wide a text is on one line, in ems."""

STEP = 2.0
ONE_LINE_SHARE = 0.9
"""A name this much smaller on one line is better than a larger one on two."""

SLACK = 0.997
"""Two engines measure the same words a trifle differently."""

DEEP = 0.5
"""In ems: what scripts that stack letters below the line need there. For it they have a line less."""

_DEEP = regex.compile(
    r"[\p{Script=Javanese}\p{Script=Balinese}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}"
    r"\p{Script=Telugu}\p{Script=Kannada}]"
)
_GRAPHEME = regex.compile(r"\X")
# Chinese and Japanese signs, and full-width forms: a line may end between any two.
_FREE = r"\u2e80-\u303f\u3041-\u30ff\u31c0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
# Else a line may end at a space, and after a hyphen or stroke within a word.
_PIECE = regex.compile(
    rf"[{_FREE}][\u3001\u3002\uff0c\uff0e\uff01\uff1f]*|[^{_FREE}]+?(?:[-–—/]+(?=\w)|(?=[{_FREE}])|$)"
)
_LINK_SIGNS = "/.?&=_~-"
_LINK_PIECE = regex.compile(r"[^/.?&=_~-]*[/.?&=_~-]+|[^/.?&=_~-]+")


@dataclass(frozen=True, slots=True)
class Fitted:
    """`size` in the table's pixels. No lines where there is no text. `below` is free under each line, in ems."""

    size: float
    lines: tuple[str, ...]
    below: float = 0.0

    def height(self, leading: float) -> float:
        return self.size * (leading + self.below) * len(self.lines)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is not broken across lines; `gap` is the space before it, unless it begins a line."""

    text: str
    gap: str
    width: float


def fit(text: str, rule: Text, room: float, measure: Measure) -> Fitted:
    """One line of text set into `room` (a width, in the table's pixels)."""
    pieces = [
        _Piece(piece, " " if n == 0 and place else "", measure(piece))
        for place, word in enumerate(text.split())
        for n, piece in enumerate(_PIECE.findall(word) or [word])
    ]
    below = 0.0
    if _DEEP.search(text):
        rule, below = replace(rule, lines=max(rule.lines - 1, 1)), DEEP
    fitted = _fit(pieces, rule, room, measure) or _cut_end(text, rule, room, measure)
    return replace(fitted, below=below)


def fit_link(label: str, rule: Text, room: float, measure: Measure) -> Fitted:
    """A link, to be broken after its signs; one that is too long loses its middle, and so still says where it leads."""
    pieces = [_Piece(piece, "", measure(piece)) for piece in _LINK_PIECE.findall(label)]
    return _fit(pieces, rule, room, measure) or _cut_middle(label, rule, room, measure)


def _fit(pieces: Sequence[_Piece], rule: Text, room: float, measure: Measure) -> Fitted | None:
    if not pieces:
        return Fitted(rule.size, ())
    space = measure(" ")
    room *= SLACK
    whole = _width(pieces, space)
    for size in _sizes(rule.size, max(rule.least, rule.size * ONE_LINE_SHARE)):
        if whole * size <= room:
            return Fitted(size, (_text(pieces),))
    for size in _sizes(rule.size, rule.least):
        rows = _rows(pieces, space, room / size)
        if rows is not None and len(rows) <= rule.lines:
            return Fitted(size, tuple(_text(row) for row in _balanced(pieces, space, room / size, len(rows))))
    return None


def _sizes(largest: float, least: float) -> Iterator[float]:
    size = largest
    while size > least:
        yield size
        size -= STEP
    yield least


def _rows(pieces: Sequence[_Piece], space: float, room: float) -> list[list[_Piece]] | None:
    """Each line as full as can be; None when a piece alone is too wide. Widths in ems."""
    rows: list[list[_Piece]] = []
    width = 0.0
    for piece in pieces:
        if piece.width > room:
            return None
        longer = width + (space if piece.gap else 0.0) + piece.width
        if rows and longer <= room:
            rows[-1].append(piece)
            width = longer
        else:
            rows.append([piece])
            width = piece.width
    return rows


def _balanced(pieces: Sequence[_Piece], space: float, room: float, count: int) -> list[list[_Piece]]:
    """As few lines, of lengths as even as can be."""
    narrow, wide = max(piece.width for piece in pieces), room
    for _ in range(16):
        middle = (narrow + wide) / 2
        rows = _rows(pieces, space, middle)
        if rows is not None and len(rows) <= count:
            wide = middle
        else:
            narrow = middle
    return _rows(pieces, space, wide) or []


def _width(pieces: Sequence[_Piece], space: float) -> float:
    return sum(piece.width + (space if piece.gap else 0.0) for piece in pieces)


def _text(pieces: Sequence[_Piece]) -> str:
    return "".join(f"{piece.gap if place else ''}{piece.text}" for place, piece in enumerate(pieces))


def _cut_end(text: str, rule: Text, room: float, measure: Measure) -> Fitted:
    room = room * SLACK / rule.least
    rest = _GRAPHEME.findall(" ".join(text.split()))
    lines: list[str] = []
    while rest and len(lines) < rule.lines - 1:
        row, rest = _row(rest, room, measure)
        lines.append(row)
    if rest:
        last = "".join(rest)
        lines.append(last if measure(last) <= room else _shortened(rest, room, measure))
    return Fitted(rule.least, tuple(lines))


def _row(graphemes: list[str], room: float, measure: Measure, signs: str = " ") -> tuple[str, list[str]]:
    """As much as goes on one line, up to one of `signs` where that loses less than half; and the rest."""
    count = max(_most(len(graphemes), lambda n: measure("".join(graphemes[:n]).rstrip()) <= room), 1)
    if count < len(graphemes) and graphemes[count] != " ":
        end = max((n + 1 for n in range(count) if graphemes[n] in signs), default=0)
        if end > count / 2:
            count = end
    rest = graphemes[count:]
    return "".join(graphemes[:count]).rstrip(), rest[1:] if rest and rest[0] == " " else rest


def _shortened(graphemes: list[str], room: float, measure: Measure) -> str:
    def cut(count: int) -> str:
        return "".join(graphemes[:count]).rstrip(" -–·,.&") + "…"

    return cut(_most(len(graphemes), lambda n: measure(cut(n)) <= room))


def _cut_middle(label: str, rule: Text, room: float, measure: Measure) -> Fitted:
    graphemes = _GRAPHEME.findall(label)

    def rows(count: int) -> list[str]:
        tail = count * 2 // 5
        rest = graphemes[: count - tail]
        if count < len(graphemes):
            rest = [*rest, "…", *graphemes[len(graphemes) - tail :]]
        lines = []
        while rest:
            row, rest = _row(rest, room * SLACK / rule.least, measure, _LINK_SIGNS)
            lines.append(row)
        return lines

    return Fitted(rule.least, tuple(rows(_most(len(graphemes), lambda n: len(rows(n)) <= rule.lines))))


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `limit` that fits, if all below it do; 0 is taken to fit."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
