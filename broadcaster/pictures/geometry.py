"""Where everything stands and how large it is: the one table that the drawing and the pages follow.

Lengths are pixels of a canvas of 1920 × 1080; other canvases scale them. The numbers keep to what television and
YouTube ask for: words inside 90 % of the picture, nothing in the lowest 120 px, where YouTube's controls lie, no text
under 44 px (a long link: 32).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH, HEIGHT = 1920, 1080
SAFE_X, SAFE_Y = 96, 54
CONTROLS = 120


@dataclass(frozen=True, slots=True)
class Text:
    """How a text is set: from `size` down to `least`, on at most `lines` lines, `leading` times its size apart."""

    size: float
    least: float
    lines: int
    leading: float
    weight: int


@dataclass(frozen=True, slots=True)
class Plate:
    """The plates at the bottom left, one above the other with `gap` between them.

    `bottom` is the distance of the lowest one's edge from the canvas's. The band with the pattern is at their left.
    """

    left: float = SAFE_X
    bottom: float = CONTROLS + 12
    widest: float = 1216
    gap: float = 20
    band: float = 60
    before: float = 32
    after: float = 48
    above: float = 22
    below: float = 24

    @property
    def room(self) -> float:
        """The width that words have."""
        return self.widest - self.band - self.before - self.after


@dataclass(frozen=True, slots=True)
class LowerThird:
    """`tagline` keeps to one line where the name has taken two. The category sits on the plate's top edge, as a tab."""

    name: Text = Text(76, 48, 2, 1.12, 800)
    who: Text = Text(52, 44, 1, 1.25, 600)
    tagline: Text = Text(44, 44, 2, 1.22, 500)
    chip: Text = Text(44, 44, 1, 1.2, 700)
    gap: float = 6
    chip_height: float = 62
    chip_side: float = 28
    chip_widest: float = 640


@dataclass(frozen=True, slots=True)
class Stand:
    """The block with the number takes the band's place."""

    gap: float = 6
    block: float = 256
    block_side: float = 24
    label: Text = Text(44, 44, 1, 1.15, 700)
    number: Text = Text(128, 44, 2, 1.02, 800)
    name: Text = Text(76, 48, 2, 1.12, 800)
    who: Text = Text(52, 44, 1, 1.25, 600)
    tagline: Text = Text(44, 44, 1, 1.22, 500)


@dataclass(frozen=True, slots=True)
class NextUp:
    label: Text = Text(44, 44, 1, 1.2, 700)
    label_side: float = 30
    name: Text = Text(52, 44, 2, 1.18, 700)
    detail: Text = Text(44, 44, 1, 1.22, 500)
    above: float = 16
    below: float = 18


@dataclass(frozen=True, slots=True)
class Code:
    """The panel at the right. `paper` is the side of the white square: code and quiet zone together."""

    right: float = SAFE_X
    bottom: float = CONTROLS + 12
    side: float = 24
    crest: float = 40
    above: float = 20
    below: float = 20
    gap: float = 16
    paper: float = 432
    largest: float = 360
    quiet: int = 4
    name: Text = Text(48, 44, 2, 1.12, 800)
    label: Text = Text(44, 32, 3, 1.15, 600)
    logo: float = 64

    @property
    def width(self) -> float:
        return self.paper + 2 * self.side


@dataclass(frozen=True, slots=True)
class Countdown:
    """Digits stand in cells of equal width, so that they do not jump; `digit` and `colon` are in ems.

    `left` … `height` is its place over the picture, `standby_left` … that on the standby slate: the plate begins at the
    left, and is as wide as its digits and `side` (in heights) before and after them.
    """

    left: float = SAFE_X
    top: float = SAFE_Y
    width: float = 384
    height: float = 88
    standby_left: float = SAFE_X
    standby_top: float = 386
    standby_width: float = 960
    standby_height: float = 220
    size: float = 0.76
    side: float = 0.22
    digit: float = 0.63
    colon: float = 0.34
    weight: int = 800


@dataclass(frozen=True, slots=True)
class Standby:
    """`title_top` and `next_top` hold while there is a countdown, the `_alone` ones while there is none."""

    brand: Text = Text(48, 44, 1, 1.2, 700)
    brand_top: float = 62
    logo: float = 84
    logo_gap: float = 28
    title: Text = Text(104, 72, 1, 1.12, 800)
    title_top: float = 232
    title_top_alone: float = 340
    label: Text = Text(44, 44, 1, 1.2, 700)
    next: Text = Text(76, 48, 2, 1.14, 800)
    next_top: float = 674
    next_top_alone: float = 524
    bar: float = 12
    bar_gap: float = 32
    room: float = 1420


@dataclass(frozen=True, slots=True)
class Card:
    """Words between `top` and `bottom`, clear of the panel with the code and of what comes next."""

    title: Text = Text(104, 56, 3, 1.12, 800)
    subtitle: Text = Text(56, 44, 2, 1.25, 500)
    gap: float = 28
    rule: float = 10
    rule_width: float = 160
    room: float = 1184
    top: float = 160
    bottom: float = 720


@dataclass(frozen=True, slots=True)
class Slate:
    brand: Text = Text(112, 64, 3, 1.12, 800)
    logo: float = 180
    gap: float = 44
    rule: float = 10
    rule_width: float = 200
    room: float = 1500


@dataclass(frozen=True, slots=True)
class Pattern:
    """The kawung tile: across the canvas (`ground`), in bands and crests.

    Across the canvas it is `pale` where words are, up to `fade` of the width, and grows to `strong` at the edge.
    """

    ground: float = 180
    band: float = 60
    crest: float = 40
    pale: float = 0.05
    strong: float = 0.5
    fade: float = 0.45


PLATE = Plate()
LOWER_THIRD = LowerThird()
STAND = Stand()
NEXT_UP = NextUp()
CODE = Code()
COUNTDOWN = Countdown()
STANDBY = Standby()
CARD = Card()
SLATE = Slate()
PATTERN = Pattern()

PAGES: dict[str, Any] = {
    "plate": PLATE,
    "lower-third": LOWER_THIRD,
    "stand": STAND,
    "next-up": NEXT_UP,
    "code": CODE,
    "countdown": COUNTDOWN,
    "standby": STANDBY,
    "pattern": PATTERN,
}
"""What pages draw, too."""


@dataclass(frozen=True, slots=True)
class Space:
    """A canvas of `pixels`, `scale` pixels to one of the table's; `width` and `height` are in the table's."""

    pixels: tuple[int, int]
    magnified: float | None = None
    """Where the canvas is a part of a larger one: the larger one's scale."""

    @property
    def scale(self) -> float:
        return self.magnified or min(self.pixels[0] / WIDTH, self.pixels[1] / HEIGHT)

    @property
    def width(self) -> float:
        return self.pixels[0] / self.scale

    @property
    def height(self) -> float:
        return self.pixels[1] / self.scale


@cache
def stylesheet() -> str:
    """The table as CSS variables without units, like --lower-third-name-size: 76."""
    lines = [f"  --{name}: {value:g};" for name, value in _variables()]
    return "\n".join(["/* Made by the service from broadcaster/pictures/geometry.py. */", ":root {", *lines, "}", ""])


def _variables() -> Iterator[tuple[str, float]]:
    yield from (("canvas-width", WIDTH), ("canvas-height", HEIGHT), ("safe-x", SAFE_X), ("safe-y", SAFE_Y))
    yield "controls", CONTROLS
    for section, table in PAGES.items():
        for name, value in asdict(table).items():
            key = f"{section}-{name.replace('_', '-')}"
            if isinstance(value, dict):
                yield from ((f"{key}-{part}", number) for part, number in value.items())
            else:
                yield key, value
