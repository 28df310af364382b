"""The pictures of one canvas, drawn when they are first asked for and kept as files."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from broadcaster.pictures import layout, slates
from broadcaster.pictures.geometry import COUNTDOWN, Space, stylesheet
from broadcaster.pictures.layout import Setting
from broadcaster.pictures.shapes import Box
from broadcaster.pictures.theme import DEFAULT, Themes
from broadcaster.pictures.words import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from broadcaster.pictures.shapes import Shape
    from broadcaster.pictures.theme import Theme
    from broadcaster.pictures.typesetting import Typesetter
    from broadcaster.show.overlay_state import Part

log = logging.getLogger(__name__)

LOOK = "4"
"""Part of every file name: raise it when the look changes, or old files would be taken for new ones."""

KEEP = 300
PRUNE_EVERY = 50


class Pictures:
    """Draws for one canvas and keeps the files in `folder`, one per content. For one thread at a time.

    Each drawing is a file, or None when it cannot be written, as on a full disk: then `fault` says why, the log does so
    once, and what is on air stays. Words are in Bahasa Indonesia: they are for viewers.

    Args:
        canvas: width and height in pixels.
        brand: the expo's name; empty leaves the pattern alone.
        themes: where the look is read; the house's own without it.

    """

    def __init__(self, folder: Path, canvas: tuple[int, int], brand: str = "", themes: Themes | None = None) -> None:
        self._folder = folder
        self._space = Space(canvas)
        self._brand = one_line(brand)
        self._themes = themes or Themes(DEFAULT)
        self._typesetter: tuple[tuple[str, ...], Typesetter] | None = None
        self._turn = 0
        self._written = 0
        self.fault = ""
        with suppress(OSError):
            self._prune()

    def overlay(self, parts: Sequence[Part]) -> Path | None:
        """What lies over a picture: transparent, of the canvas's size. Without parts it is wholly transparent."""
        cleaned = [shown(part) for part in parts]
        return self._kept("overlay", cleaned, lambda setting: layout.overlay(cleaned, setting))

    def slate(self) -> Path | None:
        """What lies under the decks: the expo's name and logo."""
        return self._kept("slate", self._brand, lambda setting: slates.slate(self._brand, setting))

    def card(self, title: str, subtitle: str = "") -> Path | None:
        said = one_line(title), one_line(subtitle)
        return self._kept("card", said, lambda setting: slates.card(*said, setting))

    def standby(self, next_title: str = "", *, counts: bool = True, is_over: bool = False) -> Path | None:
        """`counts`: the countdown is laid over it, at `standby_countdown`. `is_over`: the show will not go on."""
        coming = one_line(next_title)
        return self._kept(
            "standby",
            (self._brand, coming, counts, is_over),
            lambda setting: slates.standby(self._brand, coming, setting, counts=counts, is_over=is_over),
        )

    def backdrop(self) -> Path | None:
        """The pattern alone, for behind a picture that leaves parts of the canvas empty."""
        return self._kept("backdrop", (), lambda _setting: slates.backdrop())

    def countdown(self, seconds: int) -> Path | None:
        """A strip with m:ss, in one of two files in turn: OBS notices a new name at once, new content late.

        It has the size of `standby_countdown`; over a picture it is shown smaller, at `overlay_countdown`.
        """
        rules = COUNTDOWN
        theme = self._themes.current()
        shapes = layout.countdown(clock_text(seconds), (rules.standby_width, rules.standby_height))
        strip = Space(self.standby_countdown[2:], magnified=self._space.scale)
        self._turn = 1 - self._turn
        path = self._folder / f"countdown-{strip.pixels[0]}x{strip.pixels[1]}-{self._turn}.png"
        return self._draw(shapes, strip, theme, path)

    @property
    def overlay_countdown(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the countdown over a picture, in pixels of the canvas."""
        rules = COUNTDOWN
        return self._pixels(Box(rules.left, rules.top, rules.width, rules.height))

    @property
    def standby_countdown(self) -> tuple[int, int, int, int]:
        """The same on the standby slate."""
        rules = COUNTDOWN
        return self._pixels(Box(rules.standby_left, rules.standby_top, rules.standby_width, rules.standby_height))

    # ------------------------------------------------------------ inside

    def _kept(self, kind: str, words: object, shapes: Callable[[Setting], Sequence[Shape]]) -> Path | None:
        theme, setting = self._setting()
        content = repr((LOOK, stylesheet(), self._space.pixels, theme, theme.logo_stamp, words)).encode()
        path = self._folder / f"{kind}-{hashlib.sha256(content).hexdigest()[:16]}.png"
        if path.exists():
            # So that it is not the first to be pruned.
            with suppress(OSError):
                path.touch()
            return path
        return self._draw(shapes(setting), self._space, theme, path)

    def _setting(self) -> tuple[Theme, Setting]:
        theme = self._themes.current()
        logo = theme.load_logo()
        return theme, Setting(self._space, self._typesetter_of(theme).width, logo.aspect if logo else None)

    def _typesetter_of(self, theme: Theme) -> Typesetter:
        from broadcaster.pictures.typesetting import Typesetter

        if self._typesetter is None or self._typesetter[0] != theme.font:
            self._typesetter = theme.font, Typesetter(theme.font)
        return self._typesetter[1]

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, top, width, height = (
            round(side * self._space.scale) for side in (box.left, box.top, box.width, box.height)
        )
        return left, top, max(width, 1), max(height, 1)

    def _draw(self, shapes: Sequence[Shape], space: Space, theme: Theme, path: Path) -> Path | None:
        from broadcaster.pictures.painting import paint, png

        return self._write(png(paint(shapes, space, theme, self._typesetter_of(theme))), path)

    def _write(self, content: bytes, path: Path) -> Path | None:
        temporary = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            temporary.replace(path)
        except OSError as error:
            if not self.fault:
                log.warning("No pictures for viewers can be drawn in %s: %s", self._folder, error)
            self.fault = str(error.strerror or error)
            with suppress(OSError):
                temporary.unlink()
            return None
        self.fault = ""
        self._written += 1
        if self._written % PRUNE_EVERY == 0:
            with suppress(OSError):
                self._prune()
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
