"""The studio's double for rehearsals, simulations and tests: it reaches every target, on a given clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.ports import StreamHealth, StudioHealth
from broadcaster.show.messages import (
    CueFailed,
    RecordingStarted,
    RecordingStopped,
    SceneTakenByHand,
    StreamStopped,
    StreamUp,
    StudioConnected,
    StudioFailed,
    StudioLost,
    StudioReached,
)
from broadcaster.show.outputs import OutputsWanted
from broadcaster.show.studio import Clip, OnDeck, OperatorScene, Safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.rundown import ItemId
    from broadcaster.show.studio import Target, TargetId, ThinScene


class RehearsalStudio:
    """A `ports.Studio` without threads: every event is posted from within the call that causes it.

    A test or a rehearsal plays the world's part by `fail_paths`, `missing_scenes`, `by_hand`, `disconnect` and
    `reconnect`, and reads what viewers would have seen from `shown`.

    Args:
        latency: how long after the wish program changes; `StudioReached.at` is that much after `clock.now()`.

    """

    def __init__(
        self,
        clock: Clock,
        lead: timedelta = timedelta(0),
        latency: timedelta = timedelta(0),
        prefix: str = "Expo · ",
    ) -> None:
        self.shown: list[tuple[datetime, Target]] = []
        self.fail_paths: set[str] = set()
        self.missing_scenes: set[str] = set()
        self.streaming = self.recording = False
        self.outputs = OutputsWanted()
        self.program_scene: str | None = None
        self._clock = clock
        self._lead = lead
        self._latency = latency
        self._prefix = prefix
        self._post: Callable[[Event], None] = lambda _event: None
        self._scenes: dict[str, ThinScene] = {}
        self._standby_scenes = {f"{prefix}Standby"}
        self._wanted: Target | None = None
        self._answered: TargetId | None = None
        self._failed_cues: set[str] = set()
        self._connected = False
        self._released = False

    @property
    def lead(self) -> timedelta:
        return self._lead

    @property
    def target(self) -> Target | None:
        """The newest wish."""
        return self._wanted

    @property
    def scenes(self) -> tuple[ThinScene, ...]:
        """As last prepared."""
        return tuple(self._scenes.values())

    def start(self, post: Callable[[Event], None]) -> None:
        self._post = post
        self.reconnect()

    def stop(self) -> None:
        self._connected = False

    def prepare(self, scenes: Sequence[ThinScene]) -> None:
        self._scenes = {f"{self._prefix}{scene.name}": scene for scene in scenes}

    def want(self, target: Target, reason: str) -> None:  # noqa: ARG002  (the port's signature)
        self._wanted = target
        if self._released and target.id == self._answered:
            # Back from a hand's scene to what was confirmed before.
            self.program_scene = self._scene_of(target)
        self._released = False
        self._fulfil()

    def release(self, reason: str) -> None:  # noqa: ARG002  (the port's signature)
        self._released = True

    def want_outputs(self, outputs: OutputsWanted) -> None:
        self.outputs = outputs
        self._keep_outputs()

    def health(self) -> StudioHealth:
        if not self._connected:
            return StudioHealth("offline", program_scene=self.program_scene)
        return StudioHealth(
            "rehearsal",
            program_scene=self.program_scene,
            streaming=self.streaming,
            recording=self.recording,
            version="rehearsal",
            stream=StreamHealth("on" if self.streaming else "off"),
        )

    def screenshot(self, width: int = 640, scene: str = "") -> bytes | None:  # noqa: ARG002  (the port's signature)
        return None

    def by_hand(self, scene: str, item: ItemId | None = None, is_standby: bool | None = None) -> None:
        """Somebody puts `scene` (its full name) on program; no wish is followed until the next `want`.

        `item` and `is_standby` are found out from the prepared scenes unless given.
        """
        self.program_scene = scene
        self._released = True
        known = self._scenes.get(scene)
        self._post(
            SceneTakenByHand(
                at=self._clock.now(),
                scene=scene,
                item=item or (known.item if known else None),
                is_standby=scene in self._standby_scenes if is_standby is None else is_standby,
            )
        )

    def disconnect(self, why: str = "rehearsed outage") -> None:
        if self._connected:
            self._connected = False
            self._post(StudioLost(self._clock.now(), why))

    def reconnect(self) -> None:
        """Back again; a wish that was left meanwhile is followed now."""
        if not self._connected:
            self._connected = True
            self._post(StudioConnected(self._clock.now(), "rehearsal"))
            self._fulfil()
            self._keep_outputs()

    def _fulfil(self) -> None:
        target = self._wanted
        if target is None or self._released or not self._connected:
            return
        if target.id != self._answered:
            self._answered = target.id
            self._show(target)
        self._failed_cues &= self.fail_paths
        cue = target.cue.path if target.cue else None
        if cue in self.fail_paths and cue not in self._failed_cues:
            self._failed_cues.add(cue)
            self._post(CueFailed(self._clock.now(), cue, _cannot_play(cue)))

    def _keep_outputs(self) -> None:
        if not self._connected:
            return
        now, wanted = self._clock.now(), self.outputs
        if wanted.stream is not None and wanted.stream != self.streaming:
            self.streaming = wanted.stream
            self._post(StreamUp(now) if wanted.stream else StreamStopped(now))
        if wanted.recording is not None and wanted.recording != self.recording:
            self.recording = wanted.recording
            self._post(RecordingStarted(now, wanted.name) if wanted.recording else RecordingStopped(now))

    def _show(self, target: Target) -> None:
        at = max(self._clock.now() + self._latency, target.at or self._clock.now())
        match target.picture:
            case OnDeck(clip=Clip(path=path)) if path in self.fail_paths:
                self._post(StudioFailed(at, target.id, _cannot_play(path)))
                return
            case OperatorScene(name=name) if name in self.missing_scenes:
                why = _('OBS has no scene called "%(scene)s".', scene=name)
                self._post(StudioFailed(at, target.id, why))
                return
            case _:
                self.program_scene = self._scene_of(target)
        self.shown.append((at, target))
        self._post(StudioReached(at, target.id))

    def _scene_of(self, target: Target) -> str:
        match target.picture:
            case Safe(scene=str(scene)) if scene not in self.missing_scenes:
                self._standby_scenes.add(scene)
                return scene
            case Safe():
                return f"{self._prefix}Standby"
            case _:
                return f"{self._prefix}{target.scene}"


def _cannot_play(path: str) -> str:
    return _("The video cannot be played: %(path)s", path=path)
