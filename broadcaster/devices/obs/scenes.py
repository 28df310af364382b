"""One thin scene per item, made and mended. Nothing without the prefix is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import NO_SUCH_RESOURCE, Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from broadcaster.devices.obs.builder import Builder
    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.observed import Place
    from broadcaster.show.studio import ThinScene

AWAY = -4.0
"""In canvas widths: where a live item's scene keeps the decks, so that they stay active and can start unseen."""


class MissingScene(Exception):  # noqa: N818  (the operator's scene is missing; nothing broke)
    """A scene of the operator's own does not exist, or cannot be nested. str() is for people."""


class Scenes:
    """See `Builder` for what is returned and raised."""

    def __init__(self, builder: Builder, names: Names) -> None:
        self._builder = builder
        self._names = names
        self._fading: set[str] = set()

    def thin(self, scene: ThinScene, *, shows_program: bool) -> list[str]:
        """One item's scene. `shows_program`: the decks and slate are to be seen in it, not the operator's scene.

        Raises:
            MissingScene: the operator's scene cannot be had (only when it is to be seen).
        """
        names = self._names
        full = names.thin(scene.name)
        existing = self._builder.existing()
        changes = self._builder.scene(full, existing)
        items = self._builder.items(full)
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
                self._builder.call("RemoveSceneItem", sceneName=full, sceneItemId=item["sceneItemId"])
                changes.append(f"{full}: - {name}")
        away = operator is not None and not shows_program and not missing
        changes += self._builder.nested(full, names.program, self._builder.position(AWAY if away else 0))
        changes += self._builder.nested(full, names.overlays)
        if missing and not shows_program:
            raise missing
        return changes

    def enters(self, scene: str, fade: float | None) -> tuple[Request, ...]:
        """The requests that let OBS enter a scene of ours by a fade of so many seconds, or by a cut again."""
        name = self._builder.cut if fade is None else self._builder.fade
        if name is None or (fade is None and scene not in self._fading):
            return ()
        milliseconds = 50 if fade is None else max(round(fade * 1000), 50)
        (self._fading.discard if fade is None else self._fading.add)(scene)
        override = {"sceneName": scene, "transitionName": name, "transitionDuration": milliseconds}
        return (Request("SetSceneSceneTransitionOverride", override),)

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
        for scene in self._builder.existing():
            if not names.is_ours(scene) or scene in fixed or scene in keep or scene == program_scene:
                continue
            try:
                if {names.program, names.overlays} <= self._builder.items(scene).keys():
                    self._builder.call("RemoveScene", sceneName=scene)
                    changes.append(f"- {scene}")
            except Refused as error:
                # OBS goes on listing a scene for a moment after it was removed.
                if error.code != NO_SUCH_RESOURCE:
                    raise
        return changes

    def _operator_scene(self, scene: str, operator: str, existing: set[str]) -> list[str]:
        if operator not in existing:
            raise MissingScene(_('OBS has no scene called "%(scene)s".', scene=operator))
        try:
            self._builder.nested(scene, operator)
        except Refused as error:
            raise MissingScene(
                _('OBS cannot show the scene "%(scene)s" here: %(why)s', scene=operator, why=error)
            ) from error
        return [f"{scene}: + {operator}", *self._builder.bottom(scene, operator)]
