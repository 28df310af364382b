"""What a broadcast needs next, from what is wanted of it and what YouTube says of it. Pure.

YouTube's life cycle: created, with a stream bound: ready; testStarting, testing (with the monitor stream only);
liveStarting, live; complete, which is final. Both ways on need a stream that receives video.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HOLD_OFF = timedelta(seconds=30)
"""How long an act that was asked for is not asked for again: its effect may come late, or its answer was lost."""
SLOW_START = timedelta(seconds=90)
"""Going live takes 5 to 10 s, at times a minute."""


class Goal(StrEnum):
    LEAVE = "leave"
    LIVE = "live"
    COMPLETE = "complete"


class Act(StrEnum):
    """`bind` gives the broadcast its stream; the others are the transitions as YouTube calls them."""

    BIND = "bind"
    TESTING = "testing"
    LIVE = "live"
    COMPLETE = "complete"


class Stage(StrEnum):
    """How far the goal is: reached, impossible, not asked for; or what is being waited for."""

    IDLE = "idle"
    NO_STREAM = "no_stream"
    NO_VIDEO = "no_video"
    MOVING = "moving"
    REACHED = "reached"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Seen:
    """A broadcast as YouTube tells of it. `stream` is the bound stream's id, "" for none."""

    status: str
    stream: str = ""
    receives: bool = False
    has_monitor: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The act that was sent last, and when. It stands in the store before it is sent."""

    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    stage: Stage
    act: Act | None = None


_BEFORE = frozenset({"created", "ready"})
_MOVING = frozenset({"testStarting", "liveStarting"})
_ENDED = frozenset({"complete", "revoked", "abandoned"})
_ON = frozenset({"live", "testing"})


def is_over(status: str) -> bool:
    """Whether nothing can be made of the broadcast any more."""
    return status in _ENDED


def is_before(status: str) -> bool:
    """Whether it has not begun."""
    return status in _BEFORE


def decide(goal: Goal, seen: Seen, stream: str, asked: Asked | None, now: datetime) -> Decision:
    """The next act, None when there is nothing to do but to look again.

    `stream` is the stream to bind a broadcast to that has none; a stream that people bound is left.
    """
    match goal:
        case Goal.LEAVE:
            return Decision(Stage.IDLE)
        case Goal.LIVE:
            decision = _towards_live(seen, stream)
        case Goal.COMPLETE:
            decision = _towards_the_end(seen)
    if asked is not None and decision.act == asked.act and now - asked.at < HOLD_OFF:
        return Decision(Stage.MOVING)
    return decision


def _towards_live(seen: Seen, stream: str) -> Decision:
    if seen.status in _ENDED:
        return Decision(Stage.OVER)
    if seen.status == "live":
        return Decision(Stage.REACHED)
    if seen.status in _MOVING:
        return Decision(Stage.MOVING)
    if not seen.stream:
        return Decision(Stage.NO_STREAM, Act.BIND if stream and seen.status in _BEFORE else None)
    if not seen.receives:
        return Decision(Stage.NO_VIDEO)
    if seen.status == "testing":
        return Decision(Stage.MOVING, Act.LIVE)
    if seen.status in _BEFORE:
        return Decision(Stage.MOVING, Act.TESTING if seen.has_monitor else Act.LIVE)
    return Decision(Stage.MOVING)  # a word that this service does not know: look again


def _towards_the_end(seen: Seen) -> Decision:
    if seen.status in _ENDED:
        return Decision(Stage.REACHED)
    if seen.status in _ON:
        return Decision(Stage.MOVING, Act.COMPLETE)
    if seen.status in _MOVING:
        return Decision(Stage.MOVING)
    return Decision(Stage.REACHED)  # it never began: there is nothing to end
