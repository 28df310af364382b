"""The few moves that a show consists of: an item begins, an item is closed, nothing is on air, items are passed over.

Each changes the state and leaves as-run rows; what decides on them is `playout`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.messages import Command, Level, RecordAsRun, Tell
from broadcaster.show.outputs import DayOver
from broadcaster.show.rundown import ItemType, MissedStart, MissingMedia
from broadcaster.show.state import (
    LONG_AGO,
    SHOWN,
    Fill,
    OnAir,
    State,
    ends_by_itself,
    fault_of,
    is_before_day,
    item_fault,
    next_item,
    position,
    start_of,
)
from broadcaster.show.studio import TargetId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from broadcaster.show.rundown import Item

PROMPT = timedelta(seconds=2)
"""A start up to this late plays from the first frame; a later one was missed, and the policy decides."""
WORTH_FILLING = timedelta(seconds=10)
"""Gaps shorter than this get the standby slate: a filler would only flash up."""
WHOLE = timedelta(seconds=1)
"""How much of an airing may be missing for it to count as whole."""
NOTICED_WITHIN = timedelta(minutes=1)
"""How late an outage of the stream may be noticed: OBS needs up to 20 s for a server that hangs."""
FIXED_LENGTH = frozenset({ItemType.PROFILE, ItemType.VIDEO})
"""Types that a person can't end early without viewers missing a part."""


@dataclass
class Step:
    """A state on its way to the next one, and the commands collected on the way."""

    state: State
    commands: list[Command] = field(default_factory=list)

    def set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def tell(self, level: Level, message: str, **values: str) -> None:
        self.commands.append(Tell(level, message, MappingProxyType(values)))

    # ------------------------------------------------------------ on air

    def begin(self, item: Item, began: datetime, *, passed_by: str) -> None:
        """Put an item on air; whatever the pointer passes over on the way gets its row."""
        place = self.state.rundown.place(item.id)
        if place is not None:
            if place[0] != self.state.day:
                self.leave_day(passed_by)
                self.set(day=place[0], after=None)
            self._pass_over(place[1], passed_by)
        airing = self.state.airings.get(item.id, 0) + 1
        self._new_place(str(item.id), began)
        self.set(
            on_air=OnAir(
                item=item,
                airing=airing,
                began=began,
                media_began=began,
                expected_start=began,
                end=began + item.duration if item.duration is not None and ends_by_itself(item) else None,
                fault=item_fault(self.state, item),
            ),
            # What an edit has taken out of the rundown can still come back on air; it is no place to go on from.
            after=self.state.after if place is None else item.id,
            airings=MappingProxyType({**self.state.airings, item.id: airing}),
            interrupted=None,
            soft_due=None,
            ended=False,
            released=False,
            fill=self._first_fill(began) if item.type is ItemType.BREAK else None,
        )

    def miss(self, late: timedelta, now: datetime) -> None:
        """The item that has just begun did so `late`: play it from its start, or as `missed_start` says."""
        on_air = self.state.on_air
        if on_air is None:
            return
        if late <= PROMPT:
            self.set(on_air=replace(on_air, media_began=max(on_air.began, now)))
            return
        policy = self.state.rundown.policy.missed_start
        if on_air.item.type is ItemType.BREAK or on_air.item.duration is None:
            policy = MissedStart.JOIN  # there is no beginning to be missed
        match policy:
            case MissedStart.JOIN:
                self.set(on_air=replace(on_air, joined=f"joined {_seconds(late)} late"))
            case MissedStart.RESTART:
                end = None if on_air.end is None else on_air.end + late
                self.set(on_air=replace(on_air, began=now, media_began=now, end=end))
            case MissedStart.SKIP:
                end = on_air.expected_end
                self.drop(f"start missed by {_seconds(late)}")
                self.idle(end)
                return
        self.tell(Level.WARNING, MISSED[policy], title=on_air.item.title, late=_clock(late))

    def drop(self, note: str) -> None:
        """The item that has just begun never reached the studio: passed over after all."""
        on_air = self.state.on_air
        if on_air is not None:
            self._close_row(on_air, None, Outcome.SKIPPED, note)
            airings = {**self.state.airings, on_air.item.id: on_air.airing - 1}
            self.set(on_air=None, fill=None, airings=MappingProxyType(airings))

    def close(self, at: datetime, why: str, *, by_hand: bool = False, handover: bool = True) -> None:
        """Take what is on air off, with its outcome. `why` says who or what ended it, for the as-run.

        With `handover` viewers see it until the studio confirms what comes next, which is then its actual end; else it
        has left the screen at `at`, or when the studio was lost.
        """
        on_air = self.state.on_air
        if on_air is None:
            return
        down = self.state.stream_down
        unseen = on_air.unseen + (on_air.out_of(down, at) if down is not None else timedelta(0))
        outcome, note = _outcome(replace(on_air, unseen=unseen), at, why, by_hand=by_hand)
        self._close_row(on_air, on_air.lost_since or at, outcome, note)
        if not handover or on_air.lost_since is not None:
            self.set(leaving=None)
        self.set(on_air=None, fill=None)

    def idle(self, soft_due: datetime | None) -> None:
        """Nothing of the rundown is on air: a filler if it is worth while, else the standby scene.

        `soft_due` is since when, and when a soft item is due.
        """
        self._new_place("standby", soft_due)
        self.set(soft_due=soft_due, fill=None)
        upcoming = next_item(self.state)
        start = None if upcoming is None else start_of(self.state, upcoming)
        if soft_due is None or start is None or is_before_day(self.state):
            return
        if start - soft_due >= WORTH_FILLING:
            self.set(fill=self._first_fill(soft_due))

    def next_filler(self, at: datetime) -> None:
        """On to the next filler that plays; the standby scene when none does."""
        fill, fillers = self.state.fill, self.state.rundown.filler
        if fill is None:
            return
        self.set(fill=None)
        for offset in range(1, len(fillers) + 1):
            index = (fill.index + offset) % len(fillers)
            if not fault_of(self.state, fillers[index]):
                self.set(fill=Fill(index, fillers[index], at))
                break
        self._new_place("standby" if self.state.on_air is None else str(self.state.on_air.item.id), at)

    def stand_in(self, why: str) -> None:
        """The picture of what is on air can't be shown: a card from here on."""
        on_air = self.state.on_air
        if on_air is not None:
            self._new_place(str(on_air.item.id))
            self.set(on_air=replace(on_air, fault=why))

    def end_day(self, at: datetime, why: str, *, by_hand: bool = False) -> None:
        """Close the day: every item that has no outcome yet gets one."""
        rundown, day = self.state.rundown, self.state.day
        self.close(at, why, by_hand=by_hand)
        self.set(over=DayOver(rundown.days[day].date, at))
        self.leave_day("not reached before the day's end")
        self.sweep("not reached: it came into the rundown before what was on air")
        last = day + 1 >= len(rundown.days)
        if last:
            self.set(ended=True, interrupted=None)
        else:
            self.set(day=day + 1, after=None, interrupted=None, late=frozenset(), floor=LONG_AGO)
        self.idle(None)

    def sweep(self, why: str) -> None:
        """Give the day's items that have none yet their outcome."""
        items = self.state.rundown.days[self.state.day].items if self.state.rundown.days else ()
        self._skip((item, *self._why_passed(item, why)) for item in items if item.id not in self.state.outcomes)

    def leave_day(self, why: str) -> None:
        """The rest of the day is passed over: the show goes on in another."""
        self._pass_over(len(self.state.rundown.days[self.state.day].items), why)

    def rearm(self, index: int) -> None:
        """The pointer goes back to `index`: what follows it may air again."""
        items = self.state.rundown.days[self.state.day].items
        again = {item.id for item in items[index:]}
        kept = {key: value for key, value in self.state.outcomes.items() if key not in again or value not in SHOWN}
        self.set(outcomes=MappingProxyType(kept), after=items[index - 1].id if index else None)

    # -------------------------------------------------------------- rows

    def row(
        self, on_air: OnAir, actual_end: datetime | None = None, outcome: Outcome | None = None, note: str = ""
    ) -> AsRun:
        return replace(
            self._unseen(on_air.item, on_air.airing),
            expected_start=on_air.expected_start,
            actual_start=on_air.actual_start,
            actual_end=actual_end,
            outcome=outcome,
            note=note,
        )

    def _unseen(self, item: Item, airing: int) -> AsRun:
        """The row of an airing of which only the plan is known."""
        planned = self.state.planned.get(item.id)
        place = self.state.rundown.place(item.id)
        day = self.state.rundown.days[self.state.day if place is None else place[0]]
        return AsRun(
            day=day.date,
            item=item.id,
            airing=airing,
            cue=item.cue,
            type=item.type,
            title=item.title,
            exhibitor=item.exhibitor,
            media=item.media.path if item.media else None,
            planned_start=None if planned is None else planned.start,
            expected_start=None,
        )

    def left(self, at: datetime) -> None:
        """What was on its way off has left the screen."""
        if self.state.leaving is not None:
            self.amend(replace(self.state.leaving, actual_end=at))
            self.set(leaving=None)

    def amend(self, row: AsRun) -> None:
        """A row that was closed already, put right."""
        state, key = self.state, (row.item, row.airing)
        self.commands.append(RecordAsRun(row))
        self.set(
            gone=tuple(row if (old.item, old.airing) == key else old for old in state.gone),
            leaving=row if state.leaving and (state.leaving.item, state.leaving.airing) == key else state.leaving,
        )
        # An item that may air again has no outcome any more, and gets none by what is said of its last airing.
        if row.outcome is not None and row.item in state.outcomes and state.airings.get(row.item) == row.airing:
            self.set(outcomes=MappingProxyType({**state.outcomes, row.item: row.outcome}))

    def _close_row(self, on_air: OnAir, at: datetime | None, outcome: Outcome, note: str) -> None:
        row = self.row(on_air, at if on_air.actual_start is not None else None, outcome, note)
        self.commands.append(RecordAsRun(row))
        lately = [old for old in self.state.gone if old.actual_end and at and old.actual_end > at - NOTICED_WITHIN]
        self.set(
            outcomes=MappingProxyType({**self.state.outcomes, on_air.item.id: outcome}),
            leaving=row if on_air.actual_start is not None else None,
            gone=(*lately, row) if row.actual_end is not None else self.state.gone,
        )

    def _pass_over(self, until: int, why: str) -> None:
        """Rows for the items between the pointer and index `until`, both excluded."""
        state = self.state
        passed = state.rundown.days[state.day].items[position(state) + 1 : until]
        self._skip((item, *self._why_passed(item, why)) for item in passed if item.id not in state.outcomes)

    def _why_passed(self, item: Item, why: str) -> tuple[str, Outcome]:
        fault = item_fault(self.state, item)
        if item.skip:
            return "marked skip in the rundown", Outcome.SKIPPED
        if item.id in self.state.skips:
            return "skipped by the operator", Outcome.SKIPPED
        if fault and self.state.rundown.policy.missing_media is MissingMedia.SKIP:
            return fault, Outcome.FAILED
        return why, Outcome.SKIPPED

    def _skip(self, passed: Iterable[tuple[Item, str, Outcome]]) -> None:
        outcomes = dict(self.state.outcomes)
        for item, note, outcome in passed:
            row = self._unseen(item, self.state.airings.get(item.id, 0) + 1)
            self.commands.append(RecordAsRun(replace(row, outcome=outcome, note=note)))
            outcomes[item.id] = outcome
        self.set(outcomes=MappingProxyType(outcomes))

    # ----------------------------------------------------------- targets

    def _new_place(self, name: str, at: datetime | None = None) -> None:
        seq = self.state.seq + 1
        self.set(seq=seq, place=TargetId(f"{name}#{seq}"), place_at=at)

    def _first_fill(self, began: datetime) -> Fill | None:
        for index, media in enumerate(self.state.rundown.filler):
            if not fault_of(self.state, media):
                return Fill(index, media, began)
        return None


def _outcome(on_air: OnAir, at: datetime, why: str, *, by_hand: bool) -> tuple[Outcome, str]:
    outcome, note = _outcome_in_studio(on_air, at, why, by_hand=by_hand)
    if on_air.actual_start is None or on_air.unseen <= WHOLE:
        return outcome, note
    unseen = unseen_note(on_air.unseen)
    return (Outcome.PARTIAL, unseen) if outcome is Outcome.AIRED else (outcome, f"{note}; {unseen}")


def unseen_note(missed: timedelta) -> str:
    return f"viewers missed {_seconds(missed)}: the stream was down"


def _outcome_in_studio(on_air: OnAir, at: datetime, why: str, *, by_hand: bool) -> tuple[Outcome, str]:
    lost = on_air.lost + (at - on_air.lost_since if on_air.lost_since else timedelta(0))
    if on_air.actual_start is None:
        return Outcome.FAILED, on_air.fault or "the studio never confirmed it on program"
    if on_air.fault:
        if on_air.own_picture:
            return Outcome.PARTIAL, f"its picture failed on air: {on_air.fault}"
        return Outcome.FILLED, f"a card stood in: {on_air.fault}"
    if on_air.joined:
        return Outcome.PARTIAL, on_air.joined
    if lost > WHOLE:
        return Outcome.PARTIAL, f"the studio was lost for {_seconds(lost)}"
    if on_air.late > PROMPT:
        return Outcome.PARTIAL, f"on program {_seconds(on_air.late)} late"
    is_shortened = on_air.extended < timedelta(0) and on_air.expected_end is not None and at >= on_air.expected_end
    end = on_air.own_end
    ended_by_a_person = (by_hand or is_shortened) and on_air.item.type not in FIXED_LENGTH
    if end is not None and end - at > WHOLE and not ended_by_a_person:
        reason = "the operator shortened it" if is_shortened else why
        return Outcome.PARTIAL, f"left {_seconds(end - at)} early: {reason}"
    return Outcome.AIRED, ""


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.1f} s"


def _clock(span: timedelta) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "translate this later")
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


MISSED = {
    MissedStart.JOIN: N_("“%(title)s” was to begin %(late)s earlier: it was joined in progress, and ends as planned."),
    MissedStart.RESTART: N_(
        "“%(title)s” was to begin %(late)s earlier: it plays from its start, and ends that much later."
    ),
    MissedStart.SKIP: N_("“%(title)s” was to begin %(late)s earlier: it was passed over."),
}
"""What the operator is told of a start that was missed, by what the show's policy did about it."""
