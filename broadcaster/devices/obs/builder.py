"""Scenes, sources and their places, made where they are missing and mended where they differ.

Every method returns what it changed, in words (empty: nothing): running it twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from broadcaster.devices.obs.connection import Answer, Connection

IMAGE: dict[str, Any] = {"unload": False}


class Builder:
    """Builds within one connected OBS.

    Raises:
        Refused: OBS said no, as when a managed name belongs to a source of another kind.

    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        video = connection.call("GetVideoSettings")
        self.canvas = (int(video["baseWidth"]), int(video["baseHeight"]))
        transitions = connection.call("GetSceneTransitionList")["transitions"]
        # By kind: names are in OBS's language.
        names = {str(each["transitionKind"]): str(each["transitionName"]) for each in reversed(transitions)}
        self.cut = names.get("cut_transition")
        self.fade = names.get("fade_transition")

    def existing(self) -> set[str]:
        """Names of all scenes."""
        return {each["sceneName"] for each in self.call("GetSceneList")["scenes"]}

    def inputs(self) -> set[str]:
        return {each["inputName"] for each in self.call("GetInputList")["inputs"]}

    def kinds(self) -> set[str]:
        """The kinds of source that this OBS can make, without their versions."""
        return set(self.call("GetInputKindList", unversioned=True)["inputKinds"])

    def call(self, request: str, **data: Any) -> Answer:
        return self._connection.call(request, **data)

    def items(self, scene: str) -> dict[str, Answer]:
        answer = self.call("GetSceneItemList", sceneName=scene)
        return {item["sourceName"]: item for item in answer["sceneItems"]}

    def scene(self, name: str, existing: set[str]) -> list[str]:
        changes = []
        if name not in existing:
            self.call("CreateScene", sceneName=name)
            changes.append(f"+ {name}")
        if self.cut is None:
            return changes
        override = self.call("GetSceneSceneTransitionOverride", sceneName=name)
        if override["transitionName"] != self.cut:
            self.call(
                "SetSceneSceneTransitionOverride",
                sceneName=name,
                transitionName=self.cut,
                transitionDuration=50,
            )
            if not changes:
                changes.append(f"{name}: {self.cut}")
        return changes

    def filter(self, sources: Sequence[str], name: str, kind: str) -> list[str]:
        """A filter on each of the sources, switched off when it is new."""
        changes = []
        for source in sources:
            there = self.call("GetSourceFilterList", sourceName=source)["filters"]
            if any(each["filterName"] == name for each in there):
                continue
            self.call("CreateSourceFilter", sourceName=source, filterName=name, filterKind=kind)
            self.call("SetSourceFilterEnabled", sourceName=source, filterName=name, filterEnabled=False)
            changes.append(f"{source}: + {name}")
        return changes

    def input(
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
            self.call(
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
            current = self.call("GetInputSettings", inputName=name)["inputSettings"]
            # `file` is the show's to change; it is ours to give once.
            wrong = {
                key: value
                for key, value in settings.items()
                if current.get(key) != value and not (key == "file" and current.get("file"))
            }
            # OBS leaves out what equals its default.
            wrong = {key: value for key, value in wrong.items() if value or key in current}
            if wrong:
                self.call("SetInputSettings", inputName=name, inputSettings=wrong)
                changes.append(f"{name}: {', '.join(sorted(wrong))}")
            if name not in self.items(scene):
                self.call("CreateSceneItem", sceneName=scene, sourceName=name, sceneItemEnabled=shown)
                changes.append(f"{scene}: + {name}")
        return changes + self.place(scene, name, transform)

    def nested(self, scene: str, nested: str, transform: Mapping[str, Any] | None = None) -> list[str]:
        changes = []
        item = self.items(scene).get(nested)
        if item is None:
            self.call("CreateSceneItem", sceneName=scene, sourceName=nested)
            changes.append(f"{scene}: + {nested}")
        elif not item["sceneItemEnabled"]:
            self.call("SetSceneItemEnabled", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemEnabled=True)
            changes.append(f"{scene}: {nested} ✓")
        return changes + (self.place(scene, nested, transform) if transform else [])

    def bottom(self, scene: str, name: str) -> list[str]:
        item = self.items(scene)[name]
        if item["sceneItemIndex"] == 0:
            return []
        self.call("SetSceneItemIndex", sceneName=scene, sceneItemId=item["sceneItemId"], sceneItemIndex=0)
        return [f"{scene}: {name} ↓"]

    def place(self, scene: str, name: str, transform: Mapping[str, Any]) -> list[str]:
        item = self.items(scene)[name]
        current = item["sceneItemTransform"]
        if all(_same(current[key], value) for key, value in transform.items()):
            return []
        self.call(
            "SetSceneItemTransform",
            sceneName=scene,
            sceneItemId=item["sceneItemId"],
            sceneItemTransform=dict(transform),
        )
        return [f"{scene}: {name} ↔"]

    def position(self, widths: float) -> dict[str, Any]:
        return {"positionX": widths * self.canvas[0], "positionY": 0.0}

    def bounds(self, place: tuple[int, int], size: tuple[int, int], *, covers: bool = False) -> dict[str, Any]:
        """Left and top, width and height; the picture fits into them, or with `covers` fills them."""
        return {
            "positionX": float(place[0]),
            "positionY": float(place[1]),
            "alignment": 5,  # left and top
            "rotation": 0.0,
            "boundsType": "OBS_BOUNDS_SCALE_OUTER" if covers else "OBS_BOUNDS_SCALE_INNER",
            "boundsAlignment": 0,  # centred
            "boundsWidth": float(size[0]),
            "boundsHeight": float(size[1]),
        }


def image(file: Path | None) -> dict[str, Any]:
    return IMAGE | ({"file": str(file)} if file else {})


def _same(current: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return abs(float(current) - wanted) < 0.01
    return bool(current == wanted)
