"""A time code in the picture: which clip a frame belongs to and which of its frames it is. Pure.

It is 24 cells, black or white, most significant bit first: 6 bits of the clip's number, 10 of the frame's, 8 of CRC.
They lie where overlays don't: above a lower third and to the left of a QR code, also when an upright picture is shown
lying on its side. The cells are large enough for 202×360 pixels (a vertical video on a canvas of 640×360) at
2500 kbit/s.
"""

from __future__ import annotations

from dataclasses import dataclass

BITS = 24
CLIPS, FRAMES = 64, 1024
"""Numbers of clips are below the first, from 1; numbers of frames below the second, from 0."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, not necessarily whole ones."""

    left: float
    top: float
    width: float
    height: float


def fitted(size: tuple[int, int], canvas: tuple[int, int]) -> Box:
    """Where a picture of `size` (width, height) lies on `canvas`: as large as it goes without a cut, centred."""
    scale = min(canvas[0] / size[0], canvas[1] / size[1])
    width, height = size[0] * scale, size[1] * scale
    return Box((canvas[0] - width) / 2, (canvas[1] - height) / 2, width, height)


def cells(picture: Box) -> list[Box]:
    """The cells in a picture that lies at `picture`, in the order of `encode`'s bits."""
    upright = picture.width < 0.9 * picture.height
    left, right, columns = (0.42, 0.96, 6) if upright else (0.05, 0.65, 12)
    rows = BITS // columns
    width = (right - left) * picture.width / columns
    height = 0.2 * picture.height / rows
    return [
        Box(
            picture.left + left * picture.width + column * width,
            picture.top + 0.32 * picture.height + row * height,
            width,
            height,
        )
        for row in range(rows)
        for column in range(columns)
    ]


def lying_cells(picture: Box) -> list[Box]:
    """The same of a picture that was turned counter-clockwise by 90° and then fitted to `picture`."""
    upright = cells(Box(0, 0, picture.height, picture.width))
    return [
        Box(
            picture.left + cell.top,
            picture.top + picture.height - cell.left - cell.width,
            cell.height,
            cell.width,
        )
        for cell in upright
    ]


def encode(clip: int, frame: int) -> list[bool]:
    """The bits of a frame; True is white."""
    word = clip << 10 | frame
    word = word << 8 | _crc(word)
    return [bool(word >> place & 1) for place in reversed(range(BITS))]


def decode(bits: list[bool]) -> tuple[int, int] | None:
    """Clip and frame, or None when the bits are no time code."""
    word = sum(bit << place for place, bit in enumerate(reversed(bits)))
    if _crc(word >> 8) != word & 0xFF:
        return None
    return word >> 18, word >> 8 & 0x3FF


def _crc(word: int) -> int:
    """CRC-8, polynomial 0x07, of 16 bits; it begins with ones, so that neither all black nor all white is valid."""
    crc = 0xFF
    for byte in (word >> 8, word & 0xFF):
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
