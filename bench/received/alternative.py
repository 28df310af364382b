"""The same clips as people play them who have OBS and an afternoon: a scene each, and the next one when a video ends.

Two ways: obs-advanced-scene-switcher's media tab, and a script of some forty lines. Both are given the best that their
makers offer: Cut as the transition, sources loaded beforehand, and the shortest check interval.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import obsws_python

from bench.received.switches import Planned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.received.clips import Clip
    from bench.received.stage import Stage

PLUGIN = "obs-advanced-scene-switcher"
"""Debian's package, and what the table calls it."""

INTERVAL = 50
"""Milliseconds between two looks of the scene switcher at its media sources: the least that its page takes (its default
is 300)."""

WAITING = "Tunggu"
"""The scene before the first video and after the last."""

PATIENCE = 3.0
"""Seconds after a video's end; when nothing has switched by then, it is done by hand, and the rest can be measured."""

_SETTLED = 1.5
"""Seconds that OBS has to load or save a scene collection: it tells when it begins, not when it is done."""


_ENDED, _STARTED = 6, 1
"""obs_media_state, and the scene switcher's "always start"."""


def fetch_plugin(cache: Path) -> Path | None:
    """The folder with the scene switcher's libraries: Debian's package, unpacked into `cache`. None without Debian.

    It is not installed: every OBS on the machine would load it.
    """
    if not (found := _libraries(cache)) and shutil.which("apt-get") and shutil.which("dpkg"):
        cache.mkdir(parents=True, exist_ok=True)
        fetched = subprocess.run(["apt-get", "download", "-qq", PLUGIN], cwd=cache, capture_output=True, check=False)
        packages = sorted(cache.glob("*.deb"))
        if fetched.returncode == 0 and packages:
            subprocess.run(["dpkg", "-x", str(packages[-1]), str(cache)], check=True)
            found = _libraries(cache)
    return found


def install_plugin(libraries: Path, home: Path) -> None:
    """Put the scene switcher into the OBS of `home` alone, before that is started."""
    plugins = home / ".config" / "obs-studio" / "plugins" / "advanced-scene-switcher" / "bin" / "64bit"
    plugins.mkdir(parents=True, exist_ok=True)
    # OBS looks for a file that is called like its folder.
    shutil.copy(libraries / "libadvanced-scene-switcher.so", plugins / "advanced-scene-switcher.so")
    for library in libraries.glob("advanced-scene-switcher-lib.so*"):
        shutil.copy(library, plugins)


def _libraries(cache: Path) -> Path | None:
    found = sorted(cache.glob("usr/lib/*/obs-plugins/libadvanced-scene-switcher.so"))
    return found[-1].parent if found else None


class ByHandOfAScript:
    """`MediaInputPlaybackEnded` → `SetCurrentProgramScene`, as in the examples of obsws-python."""

    name = "script on “ended”"

    def prepare(self, stage: Stage, clips: Sequence[Clip]) -> None:
        make_collection(stage, "Skrip", clips)

    def play(self, stage: Stage, clips: Sequence[Clip]) -> list[Planned]:
        ended: queue.SimpleQueue[str] = queue.SimpleQueue()

        def on_media_input_playback_ended(data: Any) -> None:
            ended.put(data.input_name)

        address = stage.obs.address
        events = obsws_python.EventClient(host=address.host, port=address.port, password=address.password)
        events.callback.register(on_media_input_playback_ended)
        requests = obsws_python.ReqClient(host=address.host, port=address.port, password=address.password, timeout=3)
        try:
            for clip in clips:
                requests.set_current_program_scene(scene(clip))
                deadline = time.monotonic() + clip.duration + PATIENCE
                while (left := deadline - time.monotonic()) > 0:
                    try:
                        if ended.get(timeout=left) == source(clip):
                            break
                    except queue.Empty:
                        break
            requests.set_current_program_scene(WAITING)
        finally:
            events.disconnect()
            requests.disconnect()
        return [Planned(clip, clip.duration) for clip in clips]


class SceneSwitcher:
    """The media tab of obs-advanced-scene-switcher 1.20: "when <source> has ended, switch to <scene>"."""

    name = PLUGIN

    def prepare(self, stage: Stage, clips: Sequence[Clip]) -> None:
        call = stage.connection.call
        before = call("GetSceneCollectionList")["currentSceneCollectionName"]
        make_collection(stage, "Otomatis", clips)
        call("SetCurrentSceneCollection", sceneCollectionName=before)
        time.sleep(_SETTLED)
        path = stage.obs.home / ".config" / "obs-studio" / "basic" / "scenes" / "Otomatis.json"
        collection = json.loads(path.read_text("utf-8"))
        settings = collection["modules"].setdefault("advanced-scene-switcher", {})
        targets = [*(scene(clip) for clip in clips[1:]), WAITING]
        settings |= {"active": True, "startup_behavior": _STARTED, "interval": INTERVAL}
        settings["mediaSwitches"] = [
            {"source": source(clip), "state": _ENDED, "restriction": 0, "time": 0}
            | {"targetType": 0, "target": target, "transition": "Cut"}
            for clip, target in zip(clips, targets, strict=True)
        ]
        path.write_text(json.dumps(collection), "utf-8")
        call("SetCurrentSceneCollection", sceneCollectionName="Otomatis")
        time.sleep(_SETTLED)

    def play(self, stage: Stage, clips: Sequence[Clip]) -> list[Planned]:
        call = stage.connection.call
        call("SetCurrentProgramScene", sceneName=scene(clips[0]))
        for clip, target in zip(clips, [*(scene(clip) for clip in clips[1:]), WAITING], strict=True):
            deadline = time.monotonic() + clip.duration + PATIENCE
            while call("GetCurrentProgramScene")["currentProgramSceneName"] != target:
                if time.monotonic() > deadline:
                    call("SetCurrentProgramScene", sceneName=target)
                time.sleep(0.1)
        return [Planned(clip, clip.duration) for clip in clips]


def scene(clip: Clip) -> str:
    return f"Video {clip.number}"


def source(clip: Clip) -> str:
    return f"Media {clip.number}"


def make_collection(stage: Stage, name: str, clips: Sequence[Clip]) -> None:
    """A scene collection with a scene for each clip: a media source as OBS makes it, fitted to the screen."""
    call = stage.connection.call
    call("CreateSceneCollection", sceneCollectionName=name)
    time.sleep(_SETTLED)
    canvas = call("GetVideoSettings")
    call("CreateScene", sceneName=WAITING)
    call("SetCurrentProgramScene", sceneName=WAITING)
    for clip in clips:
        call("CreateScene", sceneName=scene(clip))
        item = call(
            "CreateInput",
            sceneName=scene(clip),
            inputName=source(clip),
            inputKind="ffmpeg_source",
            inputSettings={"is_local_file": True, "local_file": clip.path},
        )["sceneItemId"]
        call(
            "SetSceneItemTransform",
            sceneName=scene(clip),
            sceneItemId=item,
            sceneItemTransform={
                "boundsType": "OBS_BOUNDS_SCALE_INNER",
                "boundsWidth": canvas["baseWidth"],
                "boundsHeight": canvas["baseHeight"],
            },
        )
    transitions = call("GetSceneTransitionList")["transitions"]
    cut = next(each for each in transitions if each["transitionKind"] == "cut_transition")
    call("SetCurrentSceneTransition", transitionName=cut["transitionName"])
