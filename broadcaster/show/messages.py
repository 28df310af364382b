"""What the core is told (events: past facts) and what it asks for (commands: wishes).

Every event carries `at`, the instant it became true, in UTC. `step` reads no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.outputs import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.outputs import OutputsWanted
    from broadcaster.show.rundown import ItemId, Rundown
    from broadcaster.show.studio import Target, TargetId, ThinScene


class Level(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has come to `at`; whatever is due by then happens."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RundownLoaded:
    """The show's files were read whole and without errors."""

    at: datetime
    rundown: Rundown


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The wall clock moved by `by` against real time; `at` is the time after the jump."""

    at: datetime
    by: timedelta


class Act(StrEnum):
    TAKE = "take"
    BACK = "back"
    JUMP = "jump"
    HOLD = "hold"
    RESUME = "resume"
    SKIP = "skip"
    STANDBY = "standby"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person's wish, and `by` whom.

    `item` is jump's destination, or the item to skip (None: the next one); `length` is extend's, negative to shorten.
    """

    at: datetime
    act: Act
    item: ItemId | None = None
    by: str = ""
    length: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class StudioReached:
    """The studio itself confirmed that program shows the target."""

    at: datetime
    target: TargetId


@dataclass(frozen=True, slots=True)
class StudioFailed:
    """The target's picture cannot be shown (missing or unplayable file, missing scene). `why` is for people."""

    at: datetime
    target: TargetId
    why: str


@dataclass(frozen=True, slots=True)
class VideoEnded:
    """The target's video is over, long before its measured end; it is being repeated."""

    at: datetime
    target: TargetId


@dataclass(frozen=True, slots=True)
class CueFailed:
    """The video at `path`, held ready for later, cannot be played."""

    at: datetime
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class SceneTakenByHand:
    """Somebody changed the studio's program scene: to an item's (`item`), to the standby scene, or to any other."""

    at: datetime
    scene: str
    item: ItemId | None = None
    is_standby: bool = False


@dataclass(frozen=True, slots=True)
class StudioConnected:
    at: datetime
    version: str = ""


@dataclass(frozen=True, slots=True)
class StudioLost:
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class StreamDown:
    """The stream that was on reaches nobody since `at`: it broke off, or is reconnecting."""

    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class StreamUp:
    """The stream reaches its server: for the first time, or again."""

    at: datetime
    cause: Cause = Cause.SERVICE


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """The stream has ended in order, or was found off when OBS was first looked at (UNSEEN)."""

    at: datetime
    cause: Cause = Cause.SERVICE


@dataclass(frozen=True, slots=True)
class StreamPressed:
    """A person's wish that the stream be on or off, and `by` whom."""

    at: datetime
    on: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    at: datetime
    file: str = ""
    cause: Cause = Cause.SERVICE


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """As StreamStopped; a recording that breaks off has stopped, too."""

    at: datetime
    cause: Cause = Cause.SERVICE


@dataclass(frozen=True, slots=True)
class Reported:
    """A device has something to tell the operator that the show does not depend on. See Tell."""

    at: datetime
    level: Level
    message: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


Event = (
    Ticked
    | RundownLoaded
    | ClockJumped
    | Pressed
    | StudioReached
    | StudioFailed
    | CueFailed
    | VideoEnded
    | SceneTakenByHand
    | StudioConnected
    | StudioLost
    | StreamDown
    | StreamUp
    | StreamStopped
    | StreamPressed
    | RecordingStarted
    | RecordingStopped
    | Reported
)

# -------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class SetStudio:
    target: Target
    reason: str


@dataclass(frozen=True, slots=True)
class YieldStudio:
    """A hand is at the studio: change nothing there until the next SetStudio."""

    reason: str


@dataclass(frozen=True, slots=True)
class PrepareScenes:
    """The thin scenes that should exist, in rundown order."""

    scenes: tuple[ThinScene, ...]


@dataclass(frozen=True, slots=True)
class SetOutputs:
    outputs: OutputsWanted


@dataclass(frozen=True, slots=True)
class RecordAsRun:
    row: AsRun


@dataclass(frozen=True, slots=True)
class PublishDescription:
    wish: DescriptionWish


@dataclass(frozen=True, slots=True)
class Tell:
    """One line for the operator. `message` is an English msgid with %(named)s parts, translated where it is shown."""

    level: Level
    message: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Refuse:
    """The press cannot be done; the reason goes back to the person who pressed. See Tell for `message`."""

    message: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


Command = SetStudio | YieldStudio | PrepareScenes | SetOutputs | RecordAsRun | PublishDescription | Tell | Refuse
