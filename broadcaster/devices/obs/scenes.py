"""The managed scenes, made and mended: running it twice changes nothing, and nothing without the prefix is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broadcaster.devices.obs.errors import NO_SUCH_RESOURCE, Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from broadcaster.devices.obs.connection import Answer, Connection
    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.observed import Place
    from broadcaster.show.studio import ThinScene

DECK = {
    "is_local_file": True,
    "restart_on_activate": True,
    # Without these two there is no preload: a deck would be black for its first frames.
    "close_when_inactive": False,
    "clear_on_media_end": True,
    # A service that died leaves a video that repeats, not black.
    "looping": True,
}
IMAGE: dict[str, Any] = {"unload": False}

AWAY = -4.0
"""In canvas widths: where a live item's scene keeps the decks, so that they stay active and can start unseen."""


class MissingScene(Exception):  # noqa: N818  (the operator's scene is missing; nothing broke)
    """A scene of the operator's own does not exist, or cannot be nested. str() is for people."""


class Scenes:
    """Builds within one connected OBS. Every method returns what it changed, in words (empty: nothing).

    Raises:
        Refused: OBS said no, as when a managed name belongs to a source of another kind.

    """

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        video = connection.call("GetVideoSettings")
        self.canvas = (int(video["baseWidth"]), int(video["baseHeight"]))
        transitions = connection.call("GetSceneTransitionList")["transitions"]
        # By kind: names are in OBS's language.
        self._cut = next(
            (each["transitionName"] for each in transitions if each["transitionKind"] == "cut_transition"),
            None,
        )

    def setup(self, slate: Path | None, standby: Path | None) -> list[str]:
        """The program, overlay and standby scenes. Without a picture the slates show what they showed last."""
        names = self._names
        existing = self.existing()
        changes: list[str] = []
        for scene in (names.program, names.overlays, names.standby):
            changes += self._scene(scene, existing)

        inputs = {each["inputName"] for each in self._connection.call("GetInputList")["inputs"]}
        whole = self._bounds((0, 0), self.canvas)
        # Bottom to top.
        changes += self._input(
            names.program,
            names.slate,
            "image_source",
            settings=_image(slate),
            inputs=inputs,
            transform=whole,
        )
        for deck in names.decks:
            changes += self._input(
                names.program, deck, "ffmpeg_source", settings=DECK, inputs=inputs, transform=whole, shown=False
            )
        changes += self._bottom(names.program, names.slate)

        changes += self._nested(names.standby, names.program, self._position(AWAY))
        changes += self._input(
            names.standby,
            names.standby_slate,
            "image_source",
            settings=_image(standby),
            inputs=inputs,
            transform=whole,
        )
        width, height = self.canvas
        strip = (width // 5, height // 9)
        for scene, place in (
            (names.standby, (width // 2 - strip[0] // 2, int(height * 0.72))),
            (names.overlays, (int(width * 0.95) - strip[0], int(height * 0.05))),
        ):
            changes += self._input(
                scene,
                names.countdown,
                "image_source",
                settings=IMAGE,
                inputs=inputs,
                transform=self._bounds(place, strip),
                shown=False,
            )
        return changes

    def thin(self, scene: ThinScene, *, shows_program: bool) -> list[str]:
        """One item's scene. `shows_program`: the decks and slate are to be seen in it, not the operator's scene.

        Raises:
            MissingScene: the operator's scene cannot be had (only when it is to be seen).
        """
        names = self._names
        full = names.thin(scene.name)
        existing = self.existing()
        changes = self._scene(full, existing)
        items = self._items(full)
        bases = {names.program, names.overlays, scene.operator_scene}
        operator = scene.operator_scene
        missing: MissingScene | None = None
        if operator is not None and operator not in items:
            try:
                changes += self._operator_scene(full, operator, existing)
            except MissingScene as error:
                # The slate is better than nothing, should somebody click on this scene.
                missing = error
        for name, item in items.items():
            # What we put at the bottom before the rundown was edited; scenes that people laid on top stay.
            if name in existing and name not in bases and item["sceneItemIndex"] == 0:
                self._call("RemoveSceneItem", sceneName=full, sceneItemId=item["sceneItemId"])
                changes.append(f"{full}: - {name}")
        away = operator is not None and not shows_program and not missing
        changes += self._nested(full, names.program, self._position(AWAY if away else 0))
        changes += self._nested(full, names.overlays)
        if missing and not shows_program:
            raise missing
        return changes

    def suits(self, there: Mapping[str, Place] | None, scene: ThinScene, *, shows_program: bool) -> bool:
        """Whether `there` is what `thin` would make: then a switch need not wait for it."""
        if there is None:
            return False
        names, operator = self._names, scene.operator_scene
        program, overlays = there.get(names.program), there.get(names.overlays)
        if program is None or overlays is None or not program.enabled:
            return False
        bottom = operator if operator is not None and not shows_program else names.program
        lies_there = bottom in there and there[bottom].index == 0 and there[bottom].enabled
        return lies_there and (program.x >= 0) == shows_program

    def remove_stale(self, keep: Collection[str], program_scene: str) -> list[str]:
        """Thin scenes that no item has any more, but not the one on program. Scenes people built are left."""
        names = self._names
        fixed = {names.program, names.overlays, names.standby}
        changes = []
        for scene in self.existing():
            if not names.is_ours(scene) or scene in fixed or scene in keep or scene == program_scene:
                continue
            try:
                if {names.program, names.overlays} <= self._items(scene).keys():
                    self._call("RemoveScene", sceneName=scene)
                    changes.append(f"- {scene}")
            except Refused as error:
                # OBS goes on listing a scene for a moment after it was removed.
                if error.code != NO_SUCH_RESOURCE:
                    raise
        return changes

    def existing(self) -> set[str]:
        """Names of all scenes."""
        return {each["sceneName"] for each in self._connection.call("GetSceneList")["scenes"]}

    def show_countdown(self, *, shown: bool) -> None:
        """In the standby scene and over everything else."""
        for scene in (self._names.standby, self._names.overlays):
            item = self._items(scene).get(self._names.countdown)
            if item is not None and item["sceneItemEnabled"] != shown:
                self._call(
                    "SetSceneItemEnabled",
                    sceneName=scene,
                    sceneItemId=item["sceneItemId"],
                    sceneItemEnabled=shown,
                )

    def show_file(self, image: str, file: Path | None) -> None:
        """Let an image source show `file`; without one, what it shows stays."""
        if file is None:
            return
        self._call("SetInputSettings", inputName=image, inputSettings={"file": str(file)})

    def _call(self, request: str, **data: Any) -> Answer:
        return self._connection.call(request, **data)

    def _items(self, scene: str) -> dict[str, Answer]:
        answer = self._call("GetSceneItemList", sceneName=scene)
        return {item["sourceName"]: item for item in answer["sceneItems"]}

    def _scene(self, name: str, existing: set[str]) -> list[str]:
        changes = []
        if name not in existing:
            self._call("CreateScene", sceneName=name)
            changes.append(f"+ {name}")
        if self._cut is None:
            return changes
        override = self._call("GetSceneSceneTransitionOverride", sceneName=name)
        if override["transitionName"] != self._cut:
            self._call(
                "SetSceneSceneTransitionOverride",
                sceneName=name,
                transitionName=self._cut,
                transitionDuration=50,
            )
            if not changes:
                changes.append(f"{name}: {self._cut}")
        return changes

    def _input(
        self,
        scene: str,
        name: str,
        kind: str,
        *,
        settings: Mapping[str, Any],
        inputs: set[str],
        transform: Mapping[str, Any],
        shown: bool = True,
    ) -> list[str]:
        changes = []
        if name not in inputs:
            self._call(
                "CreateInput",
                sceneName=scene,
                inputName=name,
                inputKind=kind,
                inputSettings=dict(settings),
                sceneItemEnabled=shown,
            )
            inputs.add(name)
            changes.append(f"{scene}: + {name}")
        else:
            current = self._call("GetInputSettings", inputName=name)["inputSettings"]
            # `file` is the show's to change; it is ours to give once.
            wrong = {
                key: value
                for key, value in settings.items()
                if current.get(key) != value and not (key == "file" and current.get("file"))
            }
            # OBS leaves out what equals its default.
            wrong = {key: value for key, value in wrong.items() if value or key in current}
            if wrong:
                self._call("SetInputSettings", inputName=name, inputSettings=wrong)
                changes.append(f"{name}: {', '.join(sorted(wrong))}")
            if name not in self._items(scene):
                self._call("CreateSceneItem", sceneName=scene, sourceName=name, sceneItemEnabled=shown)
                changes.append(f"{scene}: + {name}")
        return changes + self._place(scene, name, transform)

    def _nested(self, scene: str, nested: str, transform: Mapping[str, Any] | None = None) -> list[str]:
        changes = []
        item = self._items(scene).get(nested)
        if item is None:
            self._call("CreateSceneItem", sceneName=scene, sourceName=nested)
            changes.append(f"{scene}: + {nested}")
        elif not item["sceneItemEnabled"]:
            self._call("SetSceneItemEnabled", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemEnabled=True)
            changes.append(f"{scene}: {nested} ✓")
        return changes + (self._place(scene, nested, transform) if transform else [])

    def _operator_scene(self, scene: str, operator: str, existing: set[str]) -> list[str]:
        if operator not in existing:
            raise MissingScene(_('OBS has no scene called "%(scene)s".', scene=operator))
        try:
            self._nested(scene, operator)
        except Refused as error:
            raise MissingScene(
                _('OBS cannot show the scene "%(scene)s" here: %(why)s', scene=operator, why=error)
            ) from error
        return [f"{scene}: + {operator}", *self._bottom(scene, operator)]

    def _bottom(self, scene: str, name: str) -> list[str]:
        item = self._items(scene)[name]
        if item["sceneItemIndex"] == 0:
            return []
        self._call("SetSceneItemIndex", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemIndex=0)
        return [f"{scene}: {name} ↓"]

    def _place(self, scene: str, name: str, transform: Mapping[str, Any]) -> list[str]:
        item = self._items(scene)[name]
        current = item["sceneItemTransform"]
        if all(_same(current[key], value) for key, value in transform.items()):
            return []
        self._call(
            "SetSceneItemTransform",
            sceneName=scene,
            sceneItemId=item["sceneItemId"],
            sceneItemTransform=dict(transform),
        )
        return [f"{scene}: {name} ↔"]

    def _position(self, widths: float) -> dict[str, Any]:
        return {"positionX": widths * self.canvas[0], "positionY": 0.0}

    def _bounds(self, place: tuple[int, int], size: tuple[int, int]) -> dict[str, Any]:
        return {
            "positionX": float(place[0]),
            "positionY": float(place[1]),
            "alignment": 5,  # left and top
            "boundsType": "OBS_BOUNDS_SCALE_INNER",
            "boundsAlignment": 0,  # centred
            "boundsWidth": float(size[0]),
            "boundsHeight": float(size[1]),
        }


def _image(file: Path | None) -> dict[str, Any]:
    return IMAGE | ({"file": str(file)} if file else {})


def _same(current: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return abs(float(current) - wanted) < 0.01
    return bool(current == wanted)
