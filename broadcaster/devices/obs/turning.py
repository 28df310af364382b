"""Videos that a phone stored lying on their side, or upside down: stood upright where OBS does not do it itself.

OBS 29 shows the picture as it is coded, whatever the file says (issue 5251 of obs-studio). One that obeys swaps the
source's width and height; a source has none before it was on air.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadcaster.devices.obs.connection import Connection
    from broadcaster.show.studio import Clip

OBEYS_FROM = 30
"""Major version of OBS that is trusted to turn pictures until one of them has shown what is true."""


class Turner:
    """One per connection; belongs to the thread that owns it.

    Args:
        scene: the program scene, in which the decks lie.
        version: OBS's, like "29.0.2".

    """

    def __init__(self, connection: Connection, scene: str, canvas: tuple[int, int], version: str) -> None:
        self._connection = connection
        self._scene = scene
        self._canvas = canvas
        self._obeys = int(version.partition(".")[0]) >= OBEYS_FROM
        self._is_sure = False
        self._angles: dict[str, int] = {}

    def forget(self) -> None:
        """The decks' places were set up anew, upright."""
        self._angles.clear()

    def turn(self, deck: str, clip: Clip) -> None:
        """Stand the clip upright, which `deck` holds and does not show yet. Harmless to repeat.

        Raises:
            Refused, Offline: see `Connection`.
        """
        angle = 0 if self._obeys else -clip.rotation % 360
        if angle == self._angles.get(deck, 0):
            return
        self._connection.call(
            "SetSceneItemTransform",
            sceneName=self._scene,
            sceneItemId=self._item(deck),
            sceneItemTransform=standing(self._canvas, angle),
        )
        self._angles[deck] = angle

    def check(self, deck: str, clip: Clip) -> None:
        """Look whether the clip that is on air stands upright, and whether OBS turned it; harmless to repeat.

        Raises:
            Refused, Offline: see `Connection`.
        """
        if self._is_sure or clip.rotation % 180 == 0 or clip.size is None or clip.size[0] == clip.size[1]:
            return
        answer = self._connection.call("GetSceneItemTransform", sceneName=self._scene, sceneItemId=self._item(deck))
        width, height = (answer["sceneItemTransform"][key] for key in ("sourceWidth", "sourceHeight"))
        if width and height:
            self._obeys = (width > height) == (clip.size[0] > clip.size[1])
            self._is_sure = True
            self.turn(deck, clip)

    def _item(self, deck: str) -> int:
        answer = self._connection.call("GetSceneItemId", sceneName=self._scene, sourceName=deck)
        return int(answer["sceneItemId"])


def standing(canvas: tuple[int, int], angle: int) -> dict[str, Any]:
    """Fitted into the canvas after a turn by `angle` degrees clockwise, about its middle."""
    width, height = canvas if angle % 180 == 0 else canvas[::-1]
    return {
        "positionX": canvas[0] / 2,
        "positionY": canvas[1] / 2,
        "alignment": 0,  # centred
        "rotation": float(angle),
        "boundsType": "OBS_BOUNDS_SCALE_INNER",
        "boundsAlignment": 0,
        "boundsWidth": float(width),
        "boundsHeight": float(height),
    }
