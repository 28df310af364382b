"""QR codes as the panel shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from broadcaster.pictures.geometry import CODE

LEAST_VERSION = 2
"""A smaller code would need a quiet zone wider than the paper."""

LONGEST = 500
"""Characters. The modules of a longer link would be too small to be read from any screen."""

PIXELS_AT_360P = 3.0
"""What a module must have on a phone's 640 × 360 for level M; below it the coarser level L has larger ones."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` modules a side, without the quiet zone. `rows` are the dark ones as (x, y, length) of each run."""

    size: int
    runs: tuple[tuple[int, int, int], ...]

    @property
    def module(self) -> float:
        """The side of a module in the table's pixels: the quiet zone is at least four of them."""
        return min(CODE.paper / (self.size + 2 * CODE.quiet), CODE.largest / self.size)

    @property
    def path(self) -> str:
        """The dark modules as an SVG path, one unit a module."""
        return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs)


@lru_cache(maxsize=256)
def qr_code(link: str) -> QrCode | None:
    """A code of exactly `link`; None for one that is too long, or no text that can be encoded."""
    if len(link) > LONGEST:
        return None
    try:
        made = _make(link, "m")
        return made if made.module / 3 >= PIXELS_AT_360P else _make(link, "l")
    except ValueError:
        return None


def _make(link: str, level: str) -> QrCode:
    import segno

    made = segno.make_qr(link, error=level, boost_error=True)
    if int(made.version) < LEAST_VERSION:
        made = segno.make_qr(link, version=LEAST_VERSION, error=level)
    matrix = made.matrix
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x] & 1:
                x += 1
            if x > start:
                runs.append((start, y, x - start))
            x += 1
    return QrCode(len(matrix), tuple(runs))
