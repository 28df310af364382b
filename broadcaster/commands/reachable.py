"""What `check` can say of OBS when one can be reached; silence when none runs, as a show is checked at home too."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

from broadcaster.app import obs_address
from broadcaster.devices import obs

if TYPE_CHECKING:
    from broadcaster.config import Settings
    from broadcaster.ports import Json
    from broadcaster.show.rundown import Rundown


def operator_scenes(rundown: Rundown | None, prefix: str) -> set[str]:
    """The scenes of the operator's own that the show names: those that don't begin with the service's prefix."""
    if rundown is None:
        return set()
    scenes = {item.scene for day in rundown.days for item in day.items if item.scene and not item.skip}
    if rundown.standby_scene:
        scenes.add(rundown.standby_scene)
    return {scene for scene in scenes if not scene.startswith(prefix)}


def studio_problems(settings: Settings, rundown: Rundown | None) -> list[Json]:
    """In the shape of `check`: file is "OBS"."""
    address, prefix = obs_address(settings), settings.obs.prefix
    if rundown is None or not _listens(address.host, address.port):
        return []
    return [
        {"severity": "warning", "file": "OBS", "line": 0, "message": message, "hint": ""}
        for message in obs.check(address, prefix, operator_scenes(rundown, prefix))
    ]


def _listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.5):
        return True
    return False
