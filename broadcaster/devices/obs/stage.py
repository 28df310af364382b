"""The managed scenes: decks over the slate, what lies over the picture, and standby."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broadcaster.devices.obs.builder import IMAGE, image
from broadcaster.devices.obs.scenes import AWAY

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.devices.obs.builder import Builder
    from broadcaster.devices.obs.names import Names
    from broadcaster.pictures import Pictures

DECK = {
    "is_local_file": True,
    "restart_on_activate": True,
    # Without these two there is no preload: a deck would be black for its first frames.
    "close_when_inactive": False,
    "clear_on_media_end": True,
    # A service that died leaves a video that repeats, not black.
    "looping": True,
}
MUSIC = {"is_local_file": True, "restart_on_activate": True, "close_when_inactive": True, "looping": True}
FADE = "color_filter_v2"
PAGE = "browser_source"


class Stage:
    """See `Builder` for what is returned and raised.

    Args:
        pages: where the overlay pages are served, with the slash at the end; empty: pictures are shown in their place.

    """

    def __init__(self, builder: Builder, names: Names, pages: str = "") -> None:
        self._builder = builder
        self._names = names
        self._pages = pages
        self.shows_pages = bool(pages) and PAGE in builder.kinds()

    def setup(self, pictures: Pictures) -> list[str]:
        """The program, overlay and standby scenes. Without a picture the slates show what they showed last."""
        names, builder = self._names, self._builder
        existing, inputs = builder.existing(), builder.inputs()
        changes: list[str] = []
        for scene in (names.program, names.overlays, names.standby):
            changes += builder.scene(scene, existing)
        changes += self._program(pictures, inputs)
        changes += self._standby(pictures, inputs)
        changes += self._overlays(pictures, inputs)
        return changes

    def show_countdown(self, *, shown: bool) -> None:
        """On the standby slate and over everything else; the pages count by themselves."""
        for scene in (self._names.standby, self._names.overlays):
            self._show(scene, self._names.countdown, shown=shown and not self.shows_pages)

    def show_file(self, source: str, file: Path | None) -> None:
        """Let an image source show `file`; without one, what it shows stays."""
        if file is not None:
            self._builder.call("SetInputSettings", inputName=source, inputSettings={"file": str(file)})

    def play_music(self, path: str) -> None:
        """Under the standby slate from now on; empty: none."""
        names, builder = self._names, self._builder
        inputs = builder.inputs()
        if names.music not in inputs and not path:
            return
        builder.input(
            names.standby,
            names.music,
            "ffmpeg_source",
            settings=MUSIC,
            inputs=inputs,
            transform=builder.position(AWAY),
        )
        builder.call("SetInputSettings", inputName=names.music, inputSettings={"local_file": path})

    def _program(self, pictures: Pictures, inputs: set[str]) -> list[str]:
        names, builder = self._names, self._builder
        whole = builder.bounds((0, 0), builder.canvas)
        cover = builder.bounds((0, 0), builder.canvas, covers=True)
        # Bottom to top.
        changes = builder.input(
            names.program, names.slate, "image_source", settings=image(pictures.slate()), inputs=inputs, transform=whole
        )
        backdrop = image(pictures.backdrop())
        for deck, under in zip(names.decks, names.backdrops, strict=True):
            changes += builder.input(
                names.program, under, "image_source", settings=backdrop, inputs=inputs, transform=cover, shown=False
            )
            changes += builder.input(
                names.program, deck, "ffmpeg_source", settings=DECK, inputs=inputs, transform=whole, shown=False
            )
        changes += builder.bottom(names.program, names.slate)
        return changes + builder.filter([*names.decks, *names.backdrops], names.fade, FADE)

    def _standby(self, pictures: Pictures, inputs: set[str]) -> list[str]:
        names, builder = self._names, self._builder
        changes = builder.nested(names.standby, names.program, builder.position(AWAY))
        changes += builder.input(
            names.standby,
            names.standby_slate,
            "image_source",
            settings=image(pictures.standby()),
            inputs=inputs,
            transform=builder.bounds((0, 0), builder.canvas),
        )
        changes += self._countdown(names.standby, pictures.standby_countdown, inputs)
        return changes + self._page(names.standby, names.standby_page, "standby/", inputs)

    def _overlays(self, pictures: Pictures, inputs: set[str]) -> list[str]:
        names, builder = self._names, self._builder
        changes: list[str] = []
        for panel in names.panels:
            changes += builder.input(
                names.overlays,
                panel,
                "image_source",
                settings=IMAGE,
                inputs=inputs,
                transform=builder.bounds((0, 0), builder.canvas),
                shown=False,
            )
        changes += self._countdown(names.overlays, pictures.overlay_countdown, inputs)
        return changes + self._page(names.overlays, names.overlay_page, "program/", inputs)

    def _countdown(self, scene: str, box: tuple[int, int, int, int], inputs: set[str]) -> list[str]:
        left, top, width, height = box
        return self._builder.input(
            scene,
            self._names.countdown,
            "image_source",
            settings=IMAGE,
            inputs=inputs,
            transform=self._builder.bounds((left, top), (width, height)),
            shown=False,
        )

    def _page(self, scene: str, name: str, path: str, inputs: set[str]) -> list[str]:
        width, height = self._builder.canvas
        if not self.shows_pages:
            # From a time when pages were shown: they would lie over the pictures.
            if name in self._builder.items(scene):
                self._show(scene, name, shown=False)
            return []
        settings: dict[str, Any] = {"url": self._pages + path, "width": width, "height": height, "shutdown": False}
        changes = self._builder.input(
            scene,
            name,
            PAGE,
            settings=settings,
            inputs=inputs,
            transform=self._builder.bounds((0, 0), self._builder.canvas),
        )
        self._show(scene, name, shown=True)
        return changes

    def _show(self, scene: str, name: str, *, shown: bool) -> None:
        item = self._builder.items(scene).get(name)
        if item is not None and item["sceneItemEnabled"] != shown:
            self._builder.call(
                "SetSceneItemEnabled", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemEnabled=shown
            )
