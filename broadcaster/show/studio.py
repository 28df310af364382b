"""The studio that is wanted: one value that says what viewers should see and what stands ready.

Desired state, not commands. A device compares it with what it observes and sends the difference, so that
recovery after a reconnect is the ordinary path. How the value follows from the show's state: `playout`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

from broadcaster.show.overlay_state import EMPTY
from broadcaster.show.rundown import CUT

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from broadcaster.show.overlay_state import Overlay, Part
    from broadcaster.show.rundown import ItemId, Transition

TargetId = NewType("TargetId", str)


@dataclass(frozen=True, slots=True)
class Clip:
    """A video as a deck plays it: `gain_db` louder; the rest as in rundown.Media."""

    path: str
    duration: timedelta | None = None
    gain_db: float = 0.0
    size: tuple[int, int] | None = None
    backdrop: str = ""
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class OnDeck:
    """A video on a deck. Its position at time t is (t - `began`) modulo the clip's duration: decks loop.

    `began` lies in the past when an item is joined in progress.
    """

    clip: Clip
    began: datetime


@dataclass(frozen=True, slots=True)
class OperatorScene:
    """A scene of the operator's own."""

    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """Words on the branded slate: a slate item, or what stands in for a video that cannot be played."""

    title: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Safe:
    """The standby scene; None means the service's own. `music` is the path of what plays there; empty for silence."""

    scene: str | None = None
    music: str = ""


Picture = OnDeck | OperatorScene | Card | Safe


@dataclass(frozen=True, slots=True)
class Target:
    """What program should show.

    `id` names this putting-on-air and returns with its confirmation: two airings of one item, or two items that share
    a scene, are never confused. `scene` is the name of the thin scene to be the program scene, without the
    service's prefix; empty when `picture` is Safe. `cue` is the video to hold ready on the deck that is off air, and
    `cue_overlay` what will lie over it at first. Program changes `at` that instant, by `transition`;
    None is at once. When the video on air ends about then, its last frame decides. `next_title` and
    `countdown_to` are for the standby slate and for breaks. A target with the same id as the one before may differ in
    what comes after `transition` only. `is_over`: the show will not go on.
    """

    id: TargetId
    item: ItemId | None
    scene: str
    picture: Picture
    at: datetime | None = None
    transition: Transition = CUT
    overlay: Overlay = EMPTY
    cue: Clip | None = None
    cue_overlay: tuple[Part, ...] = ()
    next_title: str = ""
    countdown_to: datetime | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class ThinScene:
    """One scene per item of the day, named without prefix.

    `operator_scene` is nested when set; the program scene with its two decks otherwise. `item` is None for the
    scene that carries fillers in a gap.
    """

    name: str
    item: ItemId | None
    operator_scene: str | None = None
