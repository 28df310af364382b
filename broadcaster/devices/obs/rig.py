"""All that works on one connected OBS, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.obs.builder import Builder
from broadcaster.devices.obs.decks import Decks
from broadcaster.devices.obs.panels import Panels
from broadcaster.devices.obs.scenes import Scenes
from broadcaster.devices.obs.stage import Stage
from broadcaster.devices.obs.ticks import Ticks
from broadcaster.devices.obs.turning import Turner

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.connection import Connection
    from broadcaster.devices.obs.names import Names
    from broadcaster.pictures import Pictures
    from broadcaster.ports import Clock


@dataclass(frozen=True, slots=True)
class Rig:
    """Made for one connection, and gone with it."""

    connection: Connection
    names: Names
    builder: Builder
    scenes: Scenes
    stage: Stage
    pictures: Pictures
    ticks: Ticks
    version: str

    @classmethod
    def of(
        cls,
        connection: Connection,
        names: Names,
        pictures: Callable[[tuple[int, int]], Pictures],
        pages: str = "",
    ) -> Rig:
        """For a connected OBS. `pictures` makes them for a canvas of so many pixels; `pages`: see `Stage`.

        Raises:
            Refused, Offline: see `Connection`.
        """
        builder = Builder(connection)
        return cls(
            connection,
            names,
            builder,
            Scenes(builder, names),
            Stage(builder, names, pages),
            pictures(builder.canvas),
            Ticks.of(connection),
            str(connection.call("GetVersion")["obsVersion"]),
        )

    def decks(self, clock: Clock) -> Decks:
        canvas = self.builder.canvas
        turner = Turner(self.connection, self.names.program, canvas, self.version)
        return Decks(self.connection, self.names, clock, self.ticks, canvas, turner, self.pictures.backdrop)

    def panels(self) -> Panels:
        return Panels(self.connection, self.names, self.pictures.overlay)

    def setup(self) -> list[str]:
        """The managed scenes; see `Stage.setup`. Also finds OBS's frames."""
        changes = self.stage.setup(self.pictures)
        self.ticks.measure(self.connection)
        return changes
