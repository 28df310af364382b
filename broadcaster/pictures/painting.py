"""Shapes painted onto pixels, and pixels packed as PNG."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

import skia
from PIL import Image

from broadcaster.pictures import theme as themes
from broadcaster.pictures.geometry import PATTERN
from broadcaster.pictures.shapes import Code, Fill, Ground, Logo, Motif, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.pictures.colour import Colour
    from broadcaster.pictures.geometry import Space
    from broadcaster.pictures.shapes import Box, Corners, Shape
    from broadcaster.pictures.theme import Theme
    from broadcaster.pictures.typesetting import Typesetter

KAWUNG = themes.DEFAULT.parent / "shared" / "kawung.svg"
TILE = 120
"""Units a side of the pattern's tile."""

SHADOW_DOWN, SHADOW_BLUR, SHADOW_STRENGTH = 6.0, 12.0, 0.35


def paint(shapes: Sequence[Shape], space: Space, theme: Theme, typesetter: Typesetter) -> Image.Image:
    """RGBA; opaque where the shapes begin with a ground."""
    surface = skia.Surface(*space.pixels)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorTRANSPARENT)
    canvas.scale(space.scale, space.scale)
    painter = _Painter(canvas, space, theme, typesetter)
    for shape in shapes:
        painter.paint(shape)
    pixels = bytearray(4 * space.pixels[0] * space.pixels[1])
    straight = skia.ImageInfo.Make(*space.pixels, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    surface.readPixels(straight, pixels, 4 * space.pixels[0], 0, 0)
    return Image.frombuffer("RGBA", space.pixels, pixels, "raw", "RGBA", 0, 1)


def png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    # Written often and read once, on this machine: fast rather than small.
    image.save(content, "PNG", compress_level=1)
    return content.getvalue()


class _Painter:
    def __init__(self, canvas: skia.Canvas, space: Space, theme: Theme, typesetter: Typesetter) -> None:
        self._canvas, self._space, self._theme, self._typesetter = canvas, space, theme, typesetter

    def paint(self, shape: Shape) -> None:
        match shape:
            case Fill():
                self._fill(shape)
            case Motif():
                rounded = self._rounded(shape.box, shape.corners)
                self._canvas.drawRRect(rounded, _paint(self._theme.ground))
                tile = PATTERN.band if shape.box.height > shape.box.width else PATTERN.crest
                corner = self._snapped(shape.box)
                self._canvas.drawRRect(rounded, self._pattern(tile, (corner.left(), corner.top())))
            case Words():
                self._words(shape)
            case Code():
                self._code(shape)
            case Logo():
                drawn = self._theme.load_logo()
                if drawn is not None:
                    drawn.draw(self._canvas, self._snapped(shape.box))
            case Ground():
                self._ground(shape)
            case _:
                assert_never(shape)

    def _fill(self, shape: Fill) -> None:
        rounded = self._rounded(shape.box, shape.corners)
        if shape.shadow:
            blurred = skia.Paint(AntiAlias=True, Color=skia.ColorSetARGB(round(255 * SHADOW_STRENGTH), 0, 0, 0))
            blurred.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, SHADOW_BLUR))
            self._canvas.drawRRect(rounded.makeOffset(0, SHADOW_DOWN), blurred)
        white = skia.Paint(AntiAlias=True, Color=skia.ColorWHITE)
        self._canvas.drawRRect(
            rounded, white if shape.colour == "white" else _paint(getattr(self._theme, shape.colour))
        )

    def _words(self, shape: Words) -> None:
        colour: Colour = getattr(self._theme, shape.colour)
        self._canvas.save()
        if shape.inside is not None:
            self._canvas.clipRect(_rect(shape.inside))
        for place, line in enumerate(shape.lines):
            left = shape.box.left
            if shape.centred:
                left += (shape.box.width - self._typesetter.width(line, shape.weight) * shape.size) / 2
            top = shape.box.top + place * shape.size * shape.apart
            self._typesetter.draw(self._canvas, line, (left, top), shape.size, shape.leading, shape.weight, colour)
        self._canvas.restore()

    def _code(self, shape: Code) -> None:
        module = shape.box.width / shape.code.size
        corner = self._snapped(shape.box)
        dark = skia.Path()
        for x, y, length in shape.code.runs:
            left, top = corner.left() + x * module, corner.top() + y * module
            dark.addRect(skia.Rect(left, top, left + length * module, top + module))
        self._canvas.drawPath(dark, skia.Paint(AntiAlias=True, Color=skia.ColorBLACK))

    def _ground(self, shape: Ground) -> None:
        whole = skia.Rect(0, 0, self._space.width, self._space.height)
        self._canvas.drawRect(whole, _paint(self._theme.ground))
        self._canvas.saveLayer(whole)
        middle = (self._space.width / 2 - PATTERN.ground / 2, self._space.height / 2 - PATTERN.ground / 2)
        self._canvas.drawRect(whole, self._pattern(PATTERN.ground, middle))
        fading = skia.Paint(BlendMode=skia.BlendMode.kDstIn, Shader=self._fading(shape.kind))
        self._canvas.drawRect(whole, fading)
        self._canvas.restore()

    def _fading(self, kind: str) -> skia.Shader:
        pale, strong = (skia.ColorSetARGB(round(255 * share), 0, 0, 0) for share in (PATTERN.pale, PATTERN.strong))
        width, height = self._space.width, self._space.height
        match kind:
            case "right":
                ends = [skia.Point(0, 0), skia.Point(width, 0)]
                return skia.GradientShader.MakeLinear(ends, [pale, pale, strong], [0.0, PATTERN.fade, 1.0])
            case "edges":
                centre = skia.Point(width / 2, height / 2)
                return skia.GradientShader.MakeRadial(
                    centre, width * 0.6, [pale, pale, strong], [0.0, PATTERN.fade, 1.0]
                )
            case _:
                return skia.Shaders.Color(strong)

    def _pattern(self, tile: float, origin: tuple[float, float]) -> skia.Paint:
        pixels = max(round(tile * self._space.scale), 1)
        image = _tile(pixels)
        paint = skia.Paint(AntiAlias=True)
        if image is None:
            paint.setAlpha(0)
            return paint
        place = skia.Matrix.Translate(*origin).preScale(tile / pixels, tile / pixels)
        paint.setShader(
            image.makeShader(
                skia.TileMode.kRepeat, skia.TileMode.kRepeat, skia.SamplingOptions(skia.FilterMode.kLinear), place
            )
        )
        paint.setColorFilter(skia.ColorFilters.Blend(_argb(self._theme.motif), skia.BlendMode.kSrcIn))
        return paint

    def _snapped(self, box: Box) -> skia.Rect:
        """To whole pixels, as browsers paint boxes: edges are sharp."""
        scale = self._space.scale
        edges = (box.left, box.top, box.right, box.bottom)
        return skia.Rect(*(math.floor(edge * scale + 0.5) / scale for edge in edges))

    def _rounded(self, box: Box, corners: Corners) -> skia.RRect:
        radius = min(self._theme.radius, box.width / 2, box.height / 2)
        rounded = skia.RRect()
        rounded.setRectRadii(
            self._snapped(box), [skia.Point(radius, radius) if each else skia.Point(0, 0) for each in corners]
        )
        return rounded


@lru_cache(maxsize=16)
def _tile(pixels: int) -> skia.Image | None:
    """One tile of the pattern, as a mask; None when its file is gone."""
    try:
        content = KAWUNG.read_bytes()
    except OSError:
        return None
    picture = skia.SVGDOM.MakeFromStream(skia.MemoryStream(content, True))
    if picture is None:
        return None
    picture.setContainerSize(skia.Size(TILE, TILE))
    surface = skia.Surface(pixels, pixels)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorTRANSPARENT)
    canvas.scale(pixels / TILE, pixels / TILE)
    picture.render(canvas)
    return surface.makeImageSnapshot()


def _paint(colour: Colour) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=_argb(colour))


def _argb(colour: Colour) -> int:
    return int(skia.ColorSetARGB(255, colour.red, colour.green, colour.blue))


def _rect(box: Box) -> skia.Rect:
    return skia.Rect(box.left, box.top, box.right, box.bottom)
