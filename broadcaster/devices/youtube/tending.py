"""One look at a broadcast, and what is done after it: prepare it, start it, end it, tell what is wrong with it.

On the keeper's thread; what is remembered between two looks is in `Tended`, what must survive a crash in `Memory`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.broadcast_notices import PREPARED
from broadcaster.devices.youtube.faults import Refused
from broadcaster.devices.youtube.life_cycle import Act, Asked, Decision, Goal, Seen, Stage, decide, is_over
from broadcaster.devices.youtube.preparation import Found, Kind
from broadcaster.language import gettext as _
from broadcaster.ports import BroadcastHealth
from broadcaster.show.messages import Level
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from broadcaster import config
    from broadcaster.devices.youtube.broadcast_notices import Telling
    from broadcaster.devices.youtube.broadcasts import Broadcast, Broadcasts
    from broadcaster.devices.youtube.goals import Goals
    from broadcaster.devices.youtube.memory import Memory
    from broadcaster.devices.youtube.preparation import Preparation
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.ports import Clock
    from broadcaster.show.broadcasts import DayPart

log = logging.getLogger(__name__)

STEADY = 60.0
"""Seconds between two looks at a broadcast whose day is on."""
IDLE = 900.0
"""The same while no day is on."""
EAGER = 5.0
"""The same while it is to go live or to end; after EAGER_FOR seconds of that, PATIENT."""
EAGER_FOR = 300.0
PATIENT = 15.0
AT_ONCE = 2.0
LOOKS = ("liveBroadcasts.list", "liveBroadcasts.list", "liveStreams.list")


@dataclass
class Tended:
    """One part while it is looked after. Times are seconds of the steady clock.

    `urged` is how often somebody had wanted something when it was looked at last.
    """

    health: BroadcastHealth
    found: Found = field(default_factory=Found)
    look_at: float = 0.0
    urged: int = 0
    wanted_since: float | None = None

    @property
    def is_done(self) -> bool:
        return self.health.stage in {Stage.REACHED, Stage.OVER}


class Tending:
    """`finished` are the parts that need not be ended any more."""

    def __init__(
        self,
        settings: config.YouTube,
        memory: Memory,
        goals: Goals,
        ledger: Ledger,
        telling: Telling,
        clock: Clock,
        monotonic: Callable[[], float],
        *,
        found: Callable[[str], None],
        over: Callable[[str], None],
    ) -> None:
        self.finished: set[tuple[date, int]] = set()
        self._settings, self._memory, self._goals = settings, memory, goals
        self._ledger, self._telling, self._clock = ledger, telling, clock
        self._monotonic = monotonic
        self._on_found, self._on_over = found, over
        self._actives: list[Broadcast] = []
        self._actives_at = -STEADY
        self._video = ""

    def _goal(self, part: DayPart) -> Goal:
        return self._goals.goal(part, self._memory.of(part).hand, self._clock.now())

    def tend(
        self, part: DayPart, tended: Tended, broadcasts: Broadcasts, preparation: Preparation, *, is_current: bool
    ) -> float:
        """Look, and do what is next; the seconds until the next look.

        Raises:
            ChannelFault: that failed.
        """
        goal, is_on = self._goal(part), self._goals.is_on(part)
        if not self._affordable(part, goal, tended):
            return IDLE
        if self._memory.of(part).hand == "prepare":
            return self._prepare(part, tended, preparation)
        found = tended.found = self._look(broadcasts, preparation, part, tended)
        broadcast = found.broadcast
        if broadcast is None and goal is Goal.COMPLETE:
            self.finished.add(part.key)  # people have removed it
            return IDLE
        if broadcast is None:
            self._missing(part, tended, is_urgent=is_on or goal is not Goal.LEAVE)
            return STEADY if is_on else IDLE
        if is_current and broadcast.id != self._video:
            self._video = broadcast.id
            self._on_found(broadcast.id)
        bound = found.stream if broadcast.stream else None
        seen = Seen(broadcast.status, broadcast.stream, bool(bound and bound.receives), broadcast.has_monitor)
        known = self._memory.of(part)
        asked = Asked(known.asked, known.asked_at) if known.asked and known.asked_at else None
        decision = decide(goal, seen, found.stream.id if found.stream else "", asked, self._clock.now())
        before = tended.health
        self._now(part, tended, goal, decision)
        if is_on:
            self._watch_others(broadcasts, part, broadcast)
            self._watch_stream(part, tended, broadcast.stream)
        self._telling.status(broadcast, before.status)
        if is_over(broadcast.status) and not is_over(before.status):
            self._on_over(broadcast.id)
        can_bind = found.stream is not None
        self._telling.stage(part.key, broadcast, goal, decision.stage, self._waited(tended), can_bind=can_bind)
        self._fulfilled(part, goal, decision.stage)
        if decision.act is not None:
            self._act(broadcasts, part, tended, decision.act)
            return AT_ONCE
        return self._pause(tended, goal, decision.stage, is_on=is_on)

    def _affordable(self, part: DayPart, goal: Goal, tended: Tended) -> bool:
        """Whether a look may be paid for; one that only watches leaves alone what more important things need."""
        pressing = goal is not Goal.LEAVE and not tended.is_done
        is_first = not tended.health.id and not tended.health.detail
        priority = Priority.BROADCAST if pressing or is_first or self._memory.of(part).hand else Priority.READ
        if priority is Priority.BROADCAST:
            self._ledger.require(priority, *LOOKS)
            return True
        return self._ledger.may(priority, *LOOKS)

    def _act(self, broadcasts: Broadcasts, part: DayPart, tended: Tended, act: Act) -> None:
        broadcast, stream = tended.found.broadcast, tended.found.stream
        if broadcast is None:
            return
        method = "liveBroadcasts.bind" if act is Act.BIND else "liveBroadcasts.transition"
        self._ledger.require(Priority.BROADCAST, method)
        self._memory.keep(part, asked=act.value, asked_at=self._clock.now())
        try:
            if act is Act.BIND:
                broadcasts.bind(broadcast.id, stream.id if stream else "")
                self._memory.keep(part, stream=stream.id if stream else "")
            else:
                broadcasts.transition(broadcast.id, act.value)
        except Refused as fault:
            self._memory.keep(part, asked="", asked_at=None)
            # What was seen is no longer so, or a person was quicker: the next look tells.
            if fault.reason not in {"redundantTransition", "invalidTransition", "errorStreamInactive"}:
                raise
            log.info("%s of %s: %s", act.value, broadcast.id, fault)

    def _prepare(self, part: DayPart, tended: Tended, preparation: Preparation) -> float:
        tended.found = found = preparation.look(part)
        doing = preparation.steps(part, found)
        if not doing:
            self._memory.keep(part, hand="")
            self._telling.tell(Level.INFO, PREPARED, title=part.title)
            return 0.0
        if doing[0].kind is Kind.BROADCAST and (wait := preparation.patience(part)):
            return min(wait, EAGER)
        preparation.do(part, found, doing[0])
        return 0.0

    def _pause(self, tended: Tended, goal: Goal, stage: Stage, *, is_on: bool) -> float:
        if goal is Goal.LEAVE or stage in {Stage.REACHED, Stage.OVER}:
            return STEADY if is_on else IDLE
        return EAGER if self._waited(tended) < EAGER_FOR else PATIENT

    def _waited(self, tended: Tended) -> float:
        """For how many seconds the goal has been wanted, and not reached."""
        return 0.0 if tended.wanted_since is None else self._monotonic() - tended.wanted_since

    def _now(self, part: DayPart, tended: Tended, goal: Goal, decision: Decision) -> None:
        broadcast, stream = tended.found.broadcast, tended.found.stream
        pressing = goal is not Goal.LEAVE and decision.stage not in {Stage.REACHED, Stage.OVER}
        if not pressing:
            tended.wanted_since = None
        elif tended.wanted_since is None or tended.health.goal != goal:
            tended.wanted_since = self._monotonic()
        tended.health = BroadcastHealth(
            day=part.day,
            id=broadcast.id if broadcast else "",
            title=broadcast.title if broadcast else part.title,
            status=broadcast.status if broadcast else "",
            privacy=broadcast.privacy if broadcast else "",
            goal=goal.value,
            stage=decision.stage.value,
            receives=stream.receives if stream and broadcast and broadcast.stream else None,
        )

    def _fulfilled(self, part: DayPart, goal: Goal, stage: Stage) -> None:
        if stage not in {Stage.REACHED, Stage.OVER}:
            return
        hand = self._memory.of(part).hand
        if hand in {"live", "complete"}:
            self._memory.keep(part, hand="")
        if hand == "complete":
            self._telling.meant_to_end(part.key)
        if goal is Goal.COMPLETE:
            self.finished.add(part.key)

    def _missing(self, part: DayPart, tended: Tended, *, is_urgent: bool) -> None:
        detail = _("There is no broadcast “%(title)s” on YouTube for this day.", title=part.title)
        tended.health = BroadcastHealth(part.day, title=part.title, detail=detail)
        self._telling.missing(part, tended.found.others, is_urgent=is_urgent)

    def _look(self, broadcasts: Broadcasts, preparation: Preparation, part: DayPart, tended: Tended) -> Found:
        """What there is; of a broadcast that is live, by the list of all live ones: it tells of others, too."""
        own = tended.found.broadcast
        if own is not None and own.status == "live" and own.id == self._memory.of(part).video:
            self._actives = broadcasts.active()
            self._actives_at = self._monotonic()
            if still := next((one for one in self._actives if one.id == own.id), None):
                return Found(still, broadcasts.stream(still.stream) if still.stream else None)
        return preparation.look(part, whole=False)

    def _watch_others(self, broadcasts: Broadcasts, part: DayPart, own: Broadcast) -> None:
        """Another broadcast that is live on the channel: viewers may be watching that one."""
        if self._monotonic() - self._actives_at >= STEADY:
            self._actives = broadcasts.active()
            self._actives_at = self._monotonic()
        ours = {own.id} | {self._memory.of(one).video for one in self._goals.parts if one.day == part.day}
        for other in self._actives:
            if other.status == "live" and other.id not in ours:
                self._telling.other_live(other, own.id)
        self._actives = []

    def _watch_stream(self, part: DayPart, tended: Tended, bound: str) -> None:
        if not bound:
            return
        expected = self._settings.stream_id or self._memory.of(part).stream
        if not expected:
            self._memory.keep(part, stream=bound)
        elif bound != expected:
            self._telling.other_stream(part.key, tended.health.title, bound, expected)
