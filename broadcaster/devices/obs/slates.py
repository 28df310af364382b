"""Slates, cards and the countdown as PNG files: OBS's own text sources look different on every platform."""

from __future__ import annotations

import hashlib
import io
import logging
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

INDIGO = (22, 30, 58)
PETAL = (32, 43, 79)
GOLD = (226, 178, 92)
CREAM = (250, 244, 230)

FACES = {"bold": "DejaVuSans-Bold.ttf", "regular": "DejaVuSans.ttf"}
LOOK = "2"
"""Part of every file name: raise it when the look changes, or old files would be taken for new ones."""

KEEP = 300


class Slates:
    """Draws for one canvas and keeps the files in `folder`, one per text.

    Each drawing is a file, or None when it cannot be written, as on a full disk: then `fault` says why, the log does so
    once, and what is on air stays.

    Args:
        brand: the expo's name; empty leaves the pattern alone.

    """

    def __init__(self, folder: Path, canvas: tuple[int, int], brand: str = "") -> None:
        self._folder = folder
        self._canvas = canvas
        self._brand = brand
        self._turn = 0
        self.fault = ""
        with suppress(OSError):
            self._prune()

    def slate(self) -> Path | None:
        """What lies under the decks: the brand."""
        return self._kept("slate", [(self._brand, "bold", 0.085, CREAM)])

    def card(self, title: str, subtitle: str = "") -> Path | None:
        return self._kept("card", [(title, "bold", 0.1, CREAM), (subtitle, "regular", 0.055, GOLD)])

    def standby(self, next_title: str = "") -> Path | None:
        lines = [
            (self._brand, "bold", 0.045, GOLD),
            (_("We will be right back"), "bold", 0.09, CREAM),
            (_("Next: %(title)s", title=next_title) if next_title else "", "regular", 0.055, CREAM),
        ]
        return self._kept("standby", lines)

    def countdown(self, seconds: int) -> Path | None:
        """A strip with m:ss, in one of two files in turn: OBS notices a new name at once, new content late."""
        width, height = self._strip
        image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle((0, 0, width - 1, height - 1), height // 5, fill=(*INDIGO, 235))
        font = _font("bold", int(height * 0.62))
        draw.text((width / 2, height / 2), clock_text(seconds), font=font, fill=GOLD, anchor="mm")
        self._turn = 1 - self._turn
        return self._write(image, self._folder / f"countdown-{width}x{height}-{self._turn}.png")

    @property
    def _strip(self) -> tuple[int, int]:
        return self._canvas[0] // 5, self._canvas[1] // 9

    def _kept(self, kind: str, lines: Sequence[tuple[str, str, float, tuple[int, int, int]]]) -> Path | None:
        words = repr((LOOK, self._canvas, lines)).encode()
        path = self._folder / f"{kind}-{hashlib.sha256(words).hexdigest()[:16]}.png"
        if path.exists():
            # So that it is not the first to be pruned.
            with suppress(OSError):
                path.touch()
            return path
        return self._write(self._draw(lines), path)

    def _draw(self, lines: Sequence[tuple[str, str, float, tuple[int, int, int]]]) -> Image.Image:
        width, height = self._canvas
        image = _pattern(self._canvas).copy()
        draw = ImageDraw.Draw(image)
        blocks = [
            (*_fit(draw, text, face, int(height * size), (int(width * 0.84), int(height * 0.4))), colour)
            for text, face, size, colour in lines
            if text
        ]
        gap = height // 18
        heights = [_height(draw, text, font) for text, font, _colour in blocks]
        y = (height - sum(heights) - gap * (len(blocks) - 1)) / 2
        for (text, font, colour), tall in zip(blocks, heights, strict=True):
            draw.multiline_text(
                (width / 2, y), text, font=font, fill=colour, anchor="ma", align="center", spacing=_leading(font)
            )
            y += tall + gap
        if blocks:
            middle, bar = width // 2, max(height // 180, 2)
            y = height * 0.88
            draw.rectangle((middle - width // 16, y, middle + width // 16, y + bar), fill=GOLD)
        return image

    def _write(self, image: Image.Image, path: Path) -> Path | None:
        content = io.BytesIO()
        image.save(content, "PNG", compress_level=1)
        temporary = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content.getvalue())
            temporary.replace(path)
        except OSError as error:
            if not self.fault:
                log.warning("No slates, cards and countdowns can be drawn in %s: %s", self._folder, error)
            self.fault = str(error.strerror or error)
            with suppress(OSError):
                temporary.unlink()
            return None
        self.fault = ""
        return path

    def _prune(self) -> None:
        files = sorted(self._folder.glob("*-*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEEP:]:
            path.unlink(missing_ok=True)


def clock_text(seconds: int) -> str:
    """m:ss, or h:mm:ss."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@cache
def _font(face: str, size: int) -> Font:
    try:
        return ImageFont.truetype(FACES[face], size)
    except OSError:
        return ImageFont.load_default(size)


@cache
def _pattern(canvas: tuple[int, int]) -> Image.Image:
    """Kawung: the batik pattern of four petals around a point."""
    width, height = canvas
    image = Image.new("RGB", canvas, INDIGO)
    draw = ImageDraw.Draw(image)
    step = max(height // 6, 12)
    long, narrow = step * 0.36, step * 0.16
    for x in range(0, width + step, step):
        for y in range(0, height + step, step):
            for centre, radii in (
                ((x + step / 2, y), (long, narrow)),
                ((x, y + step / 2), (narrow, long)),
            ):
                (cx, cy), (rx, ry) = centre, radii
                draw.ellipse((cx - rx, cy - ry, cx + rx, cy + ry), fill=PETAL)
            dot = step * 0.05
            draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=(58, 60, 82))
    return image


def _fit(draw: ImageDraw.ImageDraw, text: str, face: str, size: int, room: tuple[int, int]) -> tuple[str, Font]:
    """Wrapped, and shrunk until it fits into `room`; at the smallest legible size it is cut with an ellipsis."""
    words = " ".join(text.split())
    # A little smaller is better than one line more.
    for most, share in ((1, 0.8), (2, 0.7), (3, 0.33)):
        smallest = max(int(size * share), 8)
        tried = size
        while tried >= smallest:
            font = _font(face, tried)
            lines = _wrap(draw, words, font, room[0])
            if len(lines) <= most and _height(draw, "\n".join(lines), font) <= room[1]:
                return "\n".join(lines), font
            tried = int(tried * 0.93)
    lines = lines[:3]
    lines[-1] = _shorten(draw, f"{lines[-1]}…", font, room[0])
    return "\n".join(lines), font


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: Font, width: int) -> list[str]:
    lines: list[str] = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            if lines[-1]:
                lines.append("")
            rest = word
            while draw.textlength(rest, font=font) > width:
                cut = _longest(draw, rest, font, width)
                lines[-1] = rest[:cut]
                lines.append("")
                rest = rest[cut:]
            lines[-1] = rest
    return lines


def _longest(draw: ImageDraw.ImageDraw, word: str, font: Font, width: int) -> int:
    cut = 1
    while cut < len(word) and draw.textlength(word[: cut + 1], font=font) <= width:
        cut += 1
    return cut


def _shorten(draw: ImageDraw.ImageDraw, line: str, font: Font, width: int) -> str:
    while len(line) > 1 and draw.textlength(line, font=font) > width:
        line = f"{line[:-2]}…"
    return line


def _height(draw: ImageDraw.ImageDraw, text: str, font: Font) -> float:
    box = draw.multiline_textbbox((0, 0), text, font=font, anchor="la", spacing=_leading(font))
    return float(box[3])


def _leading(font: Font) -> float:
    """Pixels between two lines."""
    return font.size * 0.3 if isinstance(font, ImageFont.FreeTypeFont) else 4
