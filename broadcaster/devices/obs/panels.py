"""What lies over the program, as pictures: two image sources, one seen and one that stands ready.

A new picture on the source that is seen would cost frames while it is decoded; on the hidden one it costs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster.devices.obs.connection import Connection
    from broadcaster.devices.obs.names import Names
    from broadcaster.show.overlay_state import Part

Parts = tuple["Part", ...]


class Panels:
    """Belongs to the thread that owns the connection.

    Args:
        draw: a picture of the parts, None when it cannot be made.

    """

    def __init__(self, connection: Connection, names: Names, draw: Callable[[Parts], Path | None]) -> None:
        self._connection = connection
        self._names = names
        self._draw = draw
        self._holds: dict[str, Parts] = {}
        self._seen: str | None = None
        self._items: dict[str, int] | None = None
        self.shown: Parts | None = None
        """None when nobody knows yet."""

    def prepare(self, parts: Parts) -> None:
        """Have the picture of `parts` on the hidden source. Harmless to repeat.

        Raises:
            Refused, Offline: see `Connection`.
        """
        if not parts or parts == self.shown or self._holds.get(self._hidden) == parts:
            return
        file = self._draw(parts)
        if file is not None:
            self._connection.call("SetInputSettings", inputName=self._hidden, inputSettings={"file": str(file)})
            self._holds[self._hidden] = parts

    def swap(self, parts: Parts) -> tuple[Request, ...]:
        """The requests that show `parts` and nothing else; `swapped` must be called once they are carried out.

        Raises:
            Refused, Offline: see `Connection`.
        """
        if parts == self.shown:
            return ()
        self.prepare(parts)
        hidden = self._hidden
        shows = bool(parts) and self._holds.get(hidden) == parts
        return tuple(self._enable(panel, enabled=shows and panel == hidden) for panel in self._names.panels)

    def swapped(self, parts: Parts) -> None:
        if parts == self.shown:
            return
        self.shown = parts
        if parts:
            self._seen = self._hidden

    @property
    def _hidden(self) -> str:
        a, b = self._names.panels
        return b if self._seen == a else a

    def _enable(self, panel: str, *, enabled: bool) -> Request:
        if self._items is None:
            answer = self._connection.call("GetSceneItemList", sceneName=self._names.overlays)
            self._items = {item["sourceName"]: int(item["sceneItemId"]) for item in answer["sceneItems"]}
        return Request(
            "SetSceneItemEnabled",
            {"sceneName": self._names.overlays, "sceneItemId": self._items[panel], "sceneItemEnabled": enabled},
        )
