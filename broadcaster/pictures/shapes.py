"""What a picture is made of, from back to front. Lengths are the table's pixels (see `geometry`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadcaster.pictures.code import QrCode

Corners = tuple[bool, bool, bool, bool]
"""Which corners are round: upper left, upper right, lower right, lower left."""

ROUND: Corners = (True, True, True, True)


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def moved(self, down: float) -> Box:
        return Box(self.left, self.top + down, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Fill:
    """A plate, chip or rule in the theme's colour `colour`, or white."""

    name: str
    box: Box
    colour: str
    corners: Corners = ROUND
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Motif:
    """The kawung pattern on the theme's ground."""

    name: str
    box: Box
    corners: Corners = ROUND


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text, cut at the edges of `inside`.

    `size` in pixels; each line's height (`leading`) and the distance to the next one (`apart`) in sizes.
    """

    name: str
    box: Box
    lines: tuple[str, ...]
    size: float
    leading: float
    apart: float
    weight: int
    colour: str
    centred: bool = False
    inside: Box | None = None


@dataclass(frozen=True, slots=True)
class Code:
    name: str
    box: Box
    code: QrCode


@dataclass(frozen=True, slots=True)
class Logo:
    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Ground:
    """The whole canvas in the ground's colour, with the pattern: even, stronger to the right, or to all edges."""

    kind: str  # even | right | edges


Shape = Fill | Motif | Words | Code | Logo | Ground
