"""What the show needs of a studio, which is OBS, and what that says of its health."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from broadcaster.show.messages import Event
    from broadcaster.show.outputs import OutputsWanted
    from broadcaster.show.studio import Target, ThinScene


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """`state`: off | starting | on | down; down is a stream that broke off. Numbers are None while not known.

    `dropped_percent` of the frames of the last 10 s were thrown away because the network was too slow; `congestion` is
    0 to 1, as OBS says. All of it is what the studio's end of the line sees: a server that hangs takes some
    seconds of video before anything shows.
    """

    state: str = "off"
    uptime_s: float | None = None
    kbps: float | None = None
    dropped_frames: int | None = None
    dropped_percent: float | None = None
    congestion: float | None = None


@dataclass(frozen=True, slots=True)
class RecordingHealth:
    """`hours_left` until the disk is so full that the recording is stopped, at the present rate."""

    file: str = ""
    length_s: float | None = None
    free_gb: float | None = None
    hours_left: float | None = None


@dataclass(frozen=True, slots=True)
class StudioHealth:
    """`state`: offline | connecting | connected | yielded | rehearsal. Numbers are None while not known.

    `skipped_frames`: that OBS rendered or encoded too late, since it was started. `alarms`: what is raised in
    show.alarms.
    """

    state: str
    program_scene: str | None = None
    streaming: bool | None = None
    recording: bool | None = None
    version: str = ""
    detail: str = ""
    fps: float | None = None
    skipped_frames: int | None = None
    cpu_percent: float | None = None
    stream: StreamHealth = field(default_factory=StreamHealth)
    recorded: RecordingHealth = field(default_factory=RecordingHealth)
    alarms: tuple[str, ...] = ()


class Studio(Protocol):
    """OBS, or its double. Calls only leave a wish and return at once; facts come back through the inbox."""

    @property
    def lead(self) -> timedelta:
        """How long before an instant the wish must be left for program to change at that instant."""
        ...

    def start(self, post: Callable[[Event], None]) -> None: ...

    def stop(self) -> None:
        """End the worker, within seconds. What is on program stays on program."""
        ...

    def prepare(self, scenes: Sequence[ThinScene]) -> None: ...

    def want(self, target: Target, reason: str) -> None: ...

    def release(self, reason: str) -> None:
        """Hands off until the next `want`."""
        ...

    def want_outputs(self, outputs: OutputsWanted) -> None:
        """Keep stream and recording so, whoever has the picture."""
        ...

    def health(self) -> StudioHealth: ...

    def screenshot(self, width: int = 640, scene: str = "") -> bytes | None:
        """The program, or the studio's scene of that name, as PNG; None when there is none to be had.

        Blocks up to 2 s: never call it from the loop.
        """
        ...
