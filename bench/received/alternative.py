"""Clips played as people do who have OBS and an afternoon: a scene each, and the next one when a video has ended."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING, Any

import obsws_python

from bench.received.switches import Planned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.received.clips import Clip
    from bench.received.stage import Stage


def scene(clip: Clip) -> str:
    return f"Video {clip.number}"


def make_scenes(stage: Stage, clips: Sequence[Clip]) -> None:
    """A scene for each clip, with a media source as OBS makes it, fitted to the screen."""
    call = stage.connection.call
    call("CreateScene", sceneName="Tunggu")
    call("SetCurrentProgramScene", sceneName="Tunggu")
    for clip in clips:
        call("CreateScene", sceneName=scene(clip))
        item = call(
            "CreateInput",
            sceneName=scene(clip),
            inputName=f"Media {clip.number}",
            inputKind="ffmpeg_source",
            inputSettings={"is_local_file": True, "local_file": clip.path},
        )["sceneItemId"]
        canvas = call("GetVideoSettings")
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
    cut = next(
        each for each in call("GetSceneTransitionList")["transitions"] if each["transitionKind"] == "cut_transition"
    )
    call("SetCurrentSceneTransition", transitionName=cut["transitionName"])


def play(stage: Stage, clips: Sequence[Clip]) -> list[Planned]:
    """Switch to the next scene whenever OBS says that a video has ended; the plan that this amounts to.

    A video whose end OBS doesn't tell within 3 s of its time is passed over by hand.
    """
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
            deadline = time.monotonic() + clip.duration + 3
            while (left := deadline - time.monotonic()) > 0:
                try:
                    if ended.get(timeout=left) == f"Media {clip.number}":
                        break
                except queue.Empty:
                    break
        requests.set_current_program_scene("Tunggu")
    finally:
        events.disconnect()
        requests.disconnect()
    return [Planned(clip, clip.duration) for clip in clips]
