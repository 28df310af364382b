"""The expo's logo, from a file of whatever kind an organizer has."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    import skia

KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
LARGEST_FILE = 5_000_000
MOST_PIXELS = 40_000_000


class Unusable(Exception):  # noqa: N818  (the file is the organizer's; nothing broke)
    """The file cannot be a logo. str() says why, for people."""


class Logo:
    """A picture of `width` × `height` in units of its own.

    Raises:
        Unusable: the file is missing, too large, or not a picture.
    """

    def __init__(self, path: Path) -> None:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise Unusable(_("it is larger than 5 MB"))
            content = path.read_bytes()
        except OSError as error:
            raise Unusable(_("it cannot be read")) from error
        self._draw: Callable[[skia.Canvas], None]
        self.width, self.height = 0.0, 0.0
        if path.suffix.lower() == ".svg":
            self._take_svg(content)
        else:
            self._take_pixels(content)
        if not (self.width > 0 and self.height > 0 and 0.05 <= self.width / self.height <= 20):
            raise Unusable(_("it has no size, or is far too long"))

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def draw(self, canvas: skia.Canvas, box: skia.Rect) -> None:
        """As large as it goes into `box`, in its middle."""
        scale = min(box.width() / self.width, box.height() / self.height)
        canvas.save()
        canvas.translate(box.centerX() - self.width * scale / 2, box.centerY() - self.height * scale / 2)
        canvas.scale(scale, scale)
        self._draw(canvas)
        canvas.restore()

    def _take_pixels(self, content: bytes) -> None:
        import skia

        data = skia.Data.MakeWithCopy(content)
        try:
            size = skia.Codec.MakeFromData(data).dimensions()
            # Looked at before it is decoded: a small file can hold a picture that fills the memory.
            if size.width() * size.height() > MOST_PIXELS:
                raise Unusable(_("it has too many pixels"))
            image = skia.Image.MakeFromEncoded(data)
        except RuntimeError:
            image = None
        if image is None:
            raise Unusable(_("it is no PNG, JPEG, WebP or SVG picture, or a damaged one"))
        image = image.makeRasterImage() or image
        self.width, self.height = float(image.width()), float(image.height())
        smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
        self._draw = lambda canvas: canvas.drawImage(image, 0, 0, smooth)

    def _take_svg(self, content: bytes) -> None:
        import skia

        self.width, self.height = svg_size(content)
        picture = skia.SVGDOM.MakeFromStream(skia.MemoryStream(content, True))
        if picture is None or not self.height:
            raise Unusable(_("it is no SVG picture that has a width and a height, or a viewBox"))
        picture.setContainerSize(skia.Size(self.width, self.height))
        self._draw = picture.render


def svg_size(content: bytes) -> tuple[float, float]:
    """From viewBox, else from width and height; (0, 0) when there is neither."""
    root = re.search(rb"<svg\b[^>]*>", content)
    if root is None:
        return 0.0, 0.0
    box = re.search(rb"""\bviewBox\s*=\s*["']\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)""", root[0])
    if box is not None:
        return float(box[1]), float(box[2])
    sides = [
        re.search(rb"""\b%s\s*=\s*["']\s*([\d.]+)\s*(?:px)?\s*["']""" % name, root[0]) for name in (b"width", b"height")
    ]
    return (float(sides[0][1]), float(sides[1][1])) if sides[0] and sides[1] else (0.0, 0.0)


@lru_cache(maxsize=4)
def load(path: Path, _stamp: tuple[int, int]) -> Logo:
    """The logo at `path`; `_stamp` is its mtime and size, so that a new file is read anew.

    Raises:
        Unusable: see `Logo`.
    """
    return Logo(path)


def stamp(path: Path) -> tuple[int, int]:
    """(mtime in ns, size); zeros for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
