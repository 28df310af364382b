"""Words measured and drawn by Skia, which shapes every script: Latin, Arabic, Javanese, emoji."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import skia
from skia import textlayout

from broadcaster.pictures.words import is_rtl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.pictures.colour import Colour

FALLBACK = (
    "Inter",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Javanese",
    "Noto Sans CJK SC",
    "Noto Color Emoji",
    "DejaVu Sans",
)
"""Tried in this order for what the theme's font lacks; after them whatever the system has. The pages name the same."""

_EM = 100.0
_ENDLESS = 1e6
_MOST_MEASURED = 20_000


class Typesetter:
    """Sets single lines in one list of font families. Not for several threads at once."""

    def __init__(self, families: Sequence[str]) -> None:
        self._families = list(dict.fromkeys((*families, *FALLBACK)))
        self._fonts = _fonts()
        self._widths: dict[tuple[str, int], float] = {}
        reference = self._paragraph("x", _EM, 500, 0)
        self._ascent = reference.AlphabeticBaseline / _EM
        self._height = reference.Height / _EM

    def width(self, text: str, weight: int) -> float:
        """In ems."""
        key = text, weight
        if key not in self._widths:
            if len(self._widths) >= _MOST_MEASURED:
                self._widths.clear()
            self._widths[key] = float(self._paragraph(text, _EM, weight, 0).MaxIntrinsicWidth) / _EM
        return self._widths[key]

    def draw(
        self,
        canvas: skia.Canvas,
        text: str,
        place: tuple[float, float],
        size: float,
        leading: float,
        weight: int,
        colour: Colour,
    ) -> None:
        """One line, its box's upper left corner at `place`, on the baseline that Chromium gives it.

        That is one of whole pixels, from heights that are rounded; a fallback font's own do not count.
        """
        paragraph = self._paragraph(text, size, weight, _argb(colour))
        scale = canvas.getTotalMatrix().getScaleY()
        below = (self._height - self._ascent) * size * scale
        ascent, descent = _nearest(self._ascent * size * scale), _nearest(below)
        above = math.floor((size * leading * scale - ascent - descent) / 2)
        # It gives a descent that is rounded down one pixel of the ascent, so that nothing is cut off below.
        ascent -= descent < below
        baseline = _nearest(place[1] * scale + above + ascent)
        paragraph.paint(canvas, place[0], baseline / scale - paragraph.AlphabeticBaseline)

    def _paragraph(self, text: str, size: float, weight: int, argb: int) -> textlayout.Paragraph:
        style = textlayout.TextStyle()
        style.setFontFamilies(self._families)
        style.setFontSize(size)
        style.setFontStyle(skia.FontStyle(weight, skia.FontStyle.kNormal_Width, skia.FontStyle.kUpright_Slant))
        style.setColor(argb)
        whole = textlayout.ParagraphStyle()
        whole.setTextStyle(style)
        builder = textlayout.ParagraphBuilder.make(whole, self._fonts, _unicode())
        builder.pushStyle(style)
        # A line's base direction cannot be set in this binding; an isolate says it.
        builder.addText(f"\u2067{text}\u2069" if is_rtl(text) else text)
        paragraph = builder.Build()
        paragraph.layout(_ENDLESS)
        return paragraph


@cache
def _fonts() -> textlayout.FontCollection:
    fonts = textlayout.FontCollection()
    fonts.setDefaultFontManager(skia.FontMgr())
    return fonts


@cache
def _unicode() -> skia.Unicode:
    return skia.Unicodes.ICU.Make()


def _nearest(number: float) -> int:
    return math.floor(number + 0.5)


def _argb(colour: Colour) -> int:
    return int(skia.ColorSetARGB(255, colour.red, colour.green, colour.blue))
