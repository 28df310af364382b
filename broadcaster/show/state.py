"""Where a show stands: one value, and the questions that can be asked of it.

The rundown's order and a pointer (`after`) decide what is next; the clock decides when. `due` answers both at
once, and everything automatic follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.as_run import Outcome
from broadcaster.show.outputs import OutputPolicy
from broadcaster.show.rundown import End, HardStart, Item, ItemId, MissingMedia
from broadcaster.show.studio import TargetId
from broadcaster.show.timeline import Planned, plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.outputs import DayOver, Hand, Output, OutputsWanted
    from broadcaster.show.rundown import Media, Rundown
    from broadcaster.show.studio import Target

LONG_AGO = datetime.min.replace(tzinfo=UTC)
NOWHERE = TargetId("standby#0")
SHOWN = frozenset({Outcome.AIRED, Outcome.PARTIAL, Outcome.FILLED})
"""Outcomes after which an item is not next again, wherever an edit moves it."""


class Mode(StrEnum):
    """Who drives. Only in AUTO does anything happen by itself."""

    AUTO = "auto"
    HELD = "held"
    SAFE = "safe"  # the operator asked for standby
    YIELDED = "yielded"  # a hand is at the studio


class Playback(StrEnum):
    STANDBY = "standby"
    RUNNING = "running"
    HELD = "held"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OnAir:
    """An item on program, or on its way there.

    `item` is a copy from the moment it went on air: no edit moves it. `began` is the decided start, anchored to the
    plan and not to the studio's confirmation, so that confirmations don't accumulate drift; `media_began` is the
    instant of the video's first frame. `end` is when it leaves by itself, None when only a take or a hard start
    ends it.
    `fault` says why a card stands in for its video, `joined` why viewers missed its beginning.
    """

    item: Item
    airing: int
    began: datetime
    media_began: datetime
    expected_start: datetime
    end: datetime | None
    actual_start: datetime | None = None
    fault: str = ""
    joined: str = ""
    late: timedelta = timedelta(0)
    """How far behind the video's beginning the studio confirmed it."""
    lost_since: datetime | None = None
    lost: timedelta = timedelta(0)
    own_picture: bool = False
    """Whether the studio ever confirmed its own picture, as against a card's."""
    unseen: timedelta = timedelta(0)
    """How long it was on program while the stream reached nobody, in outages that are over."""
    extended: timedelta = timedelta(0)
    """By how much a person has moved its end; `end` has that in it already."""

    @property
    def expected_end(self) -> datetime | None:
        """When it will end if nobody intervenes; for a manual item, when it was meant to."""
        if self.end is not None:
            return self.end
        return None if self.item.duration is None else self.began + self.item.duration + self.extended

    @property
    def own_end(self) -> datetime | None:
        """When it would have ended if nobody had moved its end."""
        end = self.expected_end
        return None if end is None else end - self.extended

    def out_of(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time from `since` to `until` it has been on program."""
        if self.actual_start is None:
            return timedelta(0)
        return max(until - max(since, self.actual_start), timedelta(0))


@dataclass(frozen=True, slots=True)
class Fill:
    """A filler on air, in a gap or a break: which of the rundown's fillers it was, and since when."""

    index: int
    media: Media
    began: datetime


@dataclass(frozen=True, slots=True)
class State:
    """A show's whole state. Immutable; `playout.step` makes the next one."""

    rundown: Rundown
    mode: Mode = Mode.AUTO
    day: int = 0
    after: ItemId | None = None
    """The item that was last on air or passed over. What follows it in the rundown is next."""
    on_air: OnAir | None = None
    interrupted: OnAir | None = None
    """What standby or a hand took off air; `resume` puts it back if its time isn't over."""
    soft_due: datetime | None = None
    """With nothing on air: when the next soft item is due. None: only a hard start or a person begins."""
    floor: datetime = LONG_AGO
    """Nothing is due earlier than this: the last time that a person or an edit moved the plan."""
    late: frozenset[ItemId] = frozenset()
    """Items whose hard start came with an edit when it had passed: they follow in order, like soft ones."""
    fill: Fill | None = None
    ended: bool = False
    skips: frozenset[ItemId] = frozenset()
    outcomes: Mapping[ItemId, Outcome] = field(default_factory=lambda: MappingProxyType({}))
    airings: Mapping[ItemId, int] = field(default_factory=lambda: MappingProxyType({}))
    faults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Paths that a studio could not play, and why; forgotten when the files are read again."""
    leaving: AsRun | None = None
    """The row whose actual end is the next confirmation."""
    place: TargetId = NOWHERE
    """The id of the target wanted now."""
    place_at: datetime | None = None
    """When program is to change to it; None is at once."""
    seq: int = 0
    stream_down: datetime | None = None
    """Since when the stream that was on has reached nobody."""
    counted_until: datetime | None = None
    """When the last outage of the stream was over: none begins before that."""
    running: frozenset[Output] = frozenset()
    """The outputs that were on when last heard of; a stream that is down is one that is on."""
    hands: Mapping[Output, Hand] = field(default_factory=lambda: MappingProxyType({}))
    """What people want of the outputs, where it is not what the show wants."""
    over: DayOver | None = None
    gone: tuple[AsRun, ...] = ()
    """The rows of what left the air lately: it may yet turn out that viewers did not see all of it."""
    output_policy: OutputPolicy = field(default_factory=OutputPolicy)
    outputs: OutputsWanted | None = None
    """What was last asked of the outputs."""
    released: bool = False
    """A hand is at the studio while nothing is on air: left alone until the next item begins."""
    target: Target | None = None
    """What was last asked of the studio."""
    described: tuple[ItemId | None, str] | None = None
    planned: Mapping[ItemId, Planned] = field(default_factory=lambda: MappingProxyType({}))


def initial(rundown: Rundown) -> State:
    """A show of which nothing has happened yet."""
    return State(rundown, planned=plan_all(rundown))


def resumed(state: State, rows: Iterable[AsRun]) -> State:
    """A show whose position is lost: what has aired has aired, and keeps its rows; the plan tells where to go on."""
    airings = dict(state.airings)
    outcomes = dict(state.outcomes)
    for row in rows:
        airings[row.item] = max(airings.get(row.item, 0), row.airing if row.actual_start else row.airing - 1)
        if row.outcome in SHOWN:
            outcomes[row.item] = row.outcome
    return replace(state, airings=MappingProxyType(airings), outcomes=MappingProxyType(outcomes))


def plan_all(rundown: Rundown) -> Mapping[ItemId, Planned]:
    return {entry.item.id: entry for day in rundown.days for entry in plan(day)}


def fault_of(state: State, media: Media | None) -> str:
    """Why the video can't be played, as far as is known; empty if it can."""
    if media is None:
        return ""
    return media.fault or state.faults.get(media.path, "")


def item_fault(state: State, item: Item) -> str:
    """Why the item's own video can't be played, where it is the video that it would show; empty if it can."""
    return "" if item.scene is not None else fault_of(state, item.media)


def is_next_able(state: State, item: Item) -> bool:
    """Whether automation may put the item on air when its turn comes."""
    if item.skip or item.id in state.skips or state.outcomes.get(item.id) in SHOWN:
        return False
    return not (item_fault(state, item) and state.rundown.policy.missing_media is MissingMedia.SKIP)


def position(state: State) -> int:
    """Index in the day of the item that `after` points to; -1 at the day's beginning."""
    place = None if state.after is None else state.rundown.place(state.after)
    return place[1] if place is not None and place[0] == state.day else -1


def next_item(state: State) -> Item | None:
    """The item that a take would put on air."""
    if not state.rundown.days:
        return None
    items = state.rundown.days[state.day].items
    for index in range(position(state) + 1, len(items)):
        if is_next_able(state, items[index]):
            return items[index]
    return None


def start_of(state: State, item: Item) -> datetime | None:
    """The item's hard start; None when it has none, or has lost it (see State.late)."""
    return None if item.id in state.late else item.start


def next_hard(state: State) -> Item | None:
    """The next item with a hard start, of this day."""
    items = state.rundown.days[state.day].items
    for index in state.rundown.hard_starts(state.day, position(state)):
        if is_next_able(state, items[index]) and items[index].id not in state.late:
            return items[index]
    return None


def day_start(rundown: Rundown, day: int) -> datetime | None:
    """The first hard start of a day; None when there is no such day, or nothing in it has a time."""
    if not 0 <= day < len(rundown.days):
        return None
    return next((item.start for item in rundown.days[day].items if item.start), None)


def is_before_day(state: State) -> bool:
    """Whether nothing of the day has been on air yet."""
    return state.on_air is None and state.after is None and state.interrupted is None


def playback(state: State) -> Playback:
    if state.mode is Mode.SAFE:
        return Playback.STANDBY
    if state.mode is not Mode.AUTO:
        return Playback.HELD
    if state.ended:
        return Playback.ENDED
    return Playback.STANDBY if is_before_day(state) else Playback.RUNNING


class Turn(StrEnum):
    """What becomes due."""

    ITEM = "item"
    GAP = "gap"
    FILLER = "filler"
    DAY_OVER = "day over"
    NEXT_DAY = "next day"


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    turn: Turn
    item: Item | None = None


def due(state: State) -> Due | None:
    """The earliest thing that happens by itself, None when nothing ever will without a person."""
    if state.mode is not Mode.AUTO or state.ended or not state.rundown.days:
        return None
    candidates = [
        candidate
        for candidate in (_by_clock(state), _by_order(state), _by_calendar(state), _by_filler(state))
        if candidate is not None
    ]
    # On the same instant a hard start goes before what the order would bring, and an item before a mere filler.
    return min(candidates, key=lambda candidate: candidate.at, default=None)


def _by_order(state: State) -> Due | None:
    """The item on air ends, and what follows it follows."""
    upcoming = next_item(state)
    on_air = state.on_air
    if on_air is None:
        if upcoming is None:
            over = _day_over(state)
            return None if over is None else Due(_not_before(state, over), Turn.DAY_OVER)
        if start_of(state, upcoming) is not None:
            return None  # by the clock
        when = soft_start(state, upcoming)
        return None if when is None else Due(_not_before(state, when), Turn.ITEM, upcoming)
    if on_air.end is None:
        return None
    end = _not_before(state, on_air.end)
    if upcoming is None:
        return Due(end, Turn.DAY_OVER)
    start = start_of(state, upcoming)
    if start is not None and start > end:
        return Due(end, Turn.GAP)
    return Due(end, Turn.ITEM, upcoming)


def _day_over(state: State) -> datetime | None:
    """When a day ends of which nothing more can air: at once; if nothing ever could, not before its planned end."""
    if not is_before_day(state):
        return state.soft_due or state.floor
    day = state.rundown.days[state.day]
    ends = [end for item in day.items if (end := state.planned[item.id].end) is not None]
    return day.planned_end or max(ends, default=None)


def soft_start(state: State, item: Item) -> datetime | None:
    """When a soft item is due with nothing on air: after what was before it, or when a skipped item would have been."""
    if state.soft_due is not None:
        return state.soft_due
    place = state.rundown.place(item.id)
    items = state.rundown.days[state.day].items
    until = len(items) if place is None else place[1]
    return next((earlier.start for earlier in items[position(state) + 1 : until] if earlier.start), None)


def _by_clock(state: State) -> Due | None:
    """A hard start."""
    hard = next_hard(state)
    if hard is None or hard.start is None:
        return None
    start, on_air = hard.start, state.on_air
    if on_air is not None and state.rundown.policy.hard_start is HardStart.FINISH:
        return None if on_air.end is None else Due(_not_before(state, max(start, on_air.end)), Turn.ITEM, hard)
    return Due(_not_before(state, start), Turn.ITEM, hard)


def _by_calendar(state: State) -> Due | None:
    """The next day begins, whatever is left of this one."""
    start = day_start(state.rundown, state.day + 1)
    return None if start is None else Due(_not_before(state, start), Turn.NEXT_DAY)


def _by_filler(state: State) -> Due | None:
    fill, fillers = state.fill, state.rundown.filler
    if fill is None or len(fillers) < 2:
        return None  # a single filler loops on its deck
    duration = fill.media.duration
    if not duration:
        return None
    # It may have looped alone until an edit brought a second one: then it plays to the end of this round.
    rounds = max(1, (state.floor - fill.began) // duration + 1)
    return Due(fill.began + rounds * duration, Turn.FILLER)


def _not_before(state: State, at: datetime) -> datetime:
    return max(at, state.floor)


def ends_by_itself(item: Item) -> bool:
    return item.end is End.AUTO and item.duration is not None
