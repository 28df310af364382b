"""What is wrong with an OBS, before the show finds out; and the managed scenes, made on request."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Address, Connection
from broadcaster.devices.obs.errors import ObsError, Refused
from broadcaster.devices.obs.names import Names
from broadcaster.devices.obs.observed import observe
from broadcaster.devices.obs.rig import Rig
from broadcaster.devices.obs.scenes import MissingScene
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from broadcaster.pictures import Pictures
    from broadcaster.show.studio import ThinScene

OLDEST = 28
"""The first OBS with obs-websocket 5 inside."""

SMALLEST = (1280, 720)


def check(address: Address, prefix: str, operator_scenes: Collection[str] = ()) -> list[str]:
    """All that is wrong with the OBS at `address`, one sentence each, with what to do; empty when nothing is.

    `operator_scenes` are those that the show names. Changes nothing in OBS.
    """
    try:
        with closing(Connection(address)) as connection:
            version = connection.ready()
            return [
                *_too_old(version),
                *_missing_kinds(connection),
                *_picture(connection),
                *_missing_scenes(connection, operator_scenes),
                *_not_set_up(connection, Names(prefix)),
            ]
    except ObsError as error:
        return [str(error)]


def setup(
    address: Address,
    prefix: str,
    pictures: Callable[[tuple[int, int]], Pictures],
    thin: Sequence[ThinScene] = (),
    pages: str = "",
) -> tuple[list[str], list[str]]:
    """Make or mend the managed scenes; what was changed, and what could not be (each in words; empty: nothing).

    Raises:
        ObsError: OBS cannot be reached, or says no.
    """
    names = Names(prefix)
    with closing(Connection(address)) as connection:
        connection.ready()
        rig = Rig.of(connection, names, pictures, pages)
        scenes, changes = rig.scenes, rig.setup()
        missing: list[str] = []
        for scene in thin:
            try:
                changes += scenes.thin(scene, shows_program=scene.operator_scene is None)
            except MissingScene as error:
                missing.append(str(error))
            except Refused as error:
                if error.passes:
                    raise
                missing.append(f"{names.thin(scene.name)}: {error}")
        program = str(connection.call("GetCurrentProgramScene")["currentProgramSceneName"])
        if thin:
            changes += scenes.remove_stale({names.thin(scene.name) for scene in thin}, program)
        return changes, missing


def _too_old(version: str) -> list[str]:
    major = version.partition(".")[0]
    if major.isdigit() and int(major) < OLDEST:
        return [
            _(
                "OBS %(version)s is too old. Install OBS %(oldest)s or newer.",
                version=version,
                oldest=OLDEST,
            )
        ]
    return []


def _missing_kinds(connection: Connection) -> list[str]:
    kinds = set(connection.call("GetInputKindList", unversioned=True)["inputKinds"])
    problems = [
        _(
            'OBS has no source of the kind "%(kind)s". Install its plugins (on Debian: apt install obs-plugins).',
            kind=kind,
        )
        for kind in ("ffmpeg_source", "image_source")
        if kind not in kinds
    ]
    transitions = connection.call("GetSceneTransitionList")["transitions"]
    if not any(each["transitionKind"] == "cut_transition" for each in transitions):
        problems.append(_("OBS has no Cut transition. Add one under Scene Transitions, or switches come late."))
    return problems


def _picture(connection: Connection) -> list[str]:
    video = connection.call("GetVideoSettings")
    width, height = int(video["baseWidth"]), int(video["baseHeight"])
    fps = video["fpsNumerator"] / video["fpsDenominator"]
    problems = []
    if width < SMALLEST[0] or height < SMALLEST[1]:
        problems.append(
            _(
                "OBS's canvas is %(width)s×%(height)s. Set it to 1280×720 or more under Settings, Video.",
                width=width,
                height=height,
            )
        )
    if width * 9 != height * 16:
        problems.append(
            _(
                "OBS's canvas is %(width)s×%(height)s, not 16:9: videos will have black bars.",
                width=width,
                height=height,
            )
        )
    if fps < 24:
        problems.append(_("OBS renders %(fps).0f frames a second. Set it to 30 under Settings, Video.", fps=fps))
    return problems


def _missing_scenes(connection: Connection, wanted: Collection[str]) -> list[str]:
    existing = {each["sceneName"] for each in connection.call("GetSceneList")["scenes"]}
    return [
        _(
            'OBS has no scene called "%(scene)s", which the show needs. Make it, or correct the name in the show.',
            scene=scene,
        )
        for scene in sorted(set(wanted) - existing)
    ]


def _not_set_up(connection: Connection, names: Names) -> list[str]:
    advice = _('Run "broadcaster obs setup".')
    existing = {each["sceneName"] for each in connection.call("GetSceneList")["scenes"]}
    missing = [name for name in (names.program, names.overlays, names.standby) if name not in existing]
    if missing:
        return [_('The scene "%(scene)s" is missing. %(advice)s', scene=name, advice=advice) for name in missing]
    try:
        observe(connection, names)
    except Refused as error:
        return [_("The decks are not in order (%(why)s). %(advice)s", why=error, advice=advice)]
    return []
