"""Looks after the show's broadcasts on a thread and a connection of its own: finds, prepares, starts, ends, watches.

What is wanted comes from the show's day and from people; what is there, from YouTube; what follows, from `life_cycle`.
All that must survive a crash is in `Memory` before it is sent.
"""

from __future__ import annotations

import contextvars
import logging
import random
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.api import Api
from broadcaster.devices.youtube.broadcast_notices import PREPARED, Telling
from broadcaster.devices.youtube.broadcasts import Broadcasts
from broadcaster.devices.youtube.faults import BadCredentials, ChannelFault, NotThere, Offline, Refused
from broadcaster.devices.youtube.goals import Goals
from broadcaster.devices.youtube.life_cycle import Act, Asked, Decision, Goal, Seen, Stage, decide, is_over
from broadcaster.devices.youtube.login import check_channel
from broadcaster.devices.youtube.memory import Memory
from broadcaster.devices.youtube.patience import Patience
from broadcaster.devices.youtube.preparation import Found, Kind, Preparation
from broadcaster.language import gettext as _
from broadcaster.ports import BroadcastHealth
from broadcaster.ports import Refused as NotNow
from broadcaster.show.messages import Level
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from broadcaster import config, ports
    from broadcaster.devices.youtube.broadcasts import Broadcast
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.devices.youtube.token import TokenFile
    from broadcaster.devices.youtube.wording import Wording
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.messages import Event

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
LASTING = 4
"""Failures in a row after which a trouble of the network is told to people who wait for its end."""
HANDS = frozenset({"prepare", "live", "complete"})
STOPPING = 5.0


@dataclass
class _Tended:
    """One part while it is looked after. Times are seconds of the steady clock."""

    health: BroadcastHealth
    found: Found = field(default_factory=Found)
    look_at: float = 0.0
    wanted_since: float | None = None


class Keeper:
    """Its methods are for any thread, but for `turn`: that is the worker's only step, or a test's.

    Args:
        found: Told the id of the broadcast that is looked after, whenever it is another one.
        over: Told the id of one that has ended.

    """

    def __init__(
        self,
        settings: config.YouTube,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        ledger: Ledger,
        token: TokenFile,
        wording: Wording,
        *,
        found: Callable[[str], None] = lambda _id: None,
        over: Callable[[str], None] = lambda _id: None,
        timeout: float = 15,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.memory = Memory(store, show)
        self._settings, self._clock, self._ledger = settings, clock, ledger
        self._token, self._wording = token, wording
        self._on_found, self._on_over = found, over
        self._timeout, self._monotonic = timeout, monotonic
        self._telling = Telling(clock)
        self._patience = Patience(token, ledger, clock, monotonic, jitter)

        self._changed = threading.Condition()
        self._goals = Goals(settings)
        self._news = self._stopping = False
        self._thread: threading.Thread | None = None

        self._api: Api | None = None
        self._tended: dict[tuple[date, int], _Tended] = {}
        self._finished: set[tuple[date, int]] = set()
        self._actives: list[Broadcast] = []
        self._actives_at = -STEADY
        self._video = ""

    # ------------------------------------------------------------ any thread

    def start(self, post: Callable[[Event], None]) -> None:
        self._telling.post = post
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._work,), name="broadcasts", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(STOPPING)

    def follow(self, parts: Sequence[DayPart]) -> None:
        with self._changed:
            self._goals.parts = tuple(parts)
        self._hurry()

    def want_day(self, day: date | None) -> None:
        with self._changed:
            if not self._goals.want_day(day):
                return
        self._hurry()

    def ask(self, act: str, broadcast: str = "") -> None:
        """See ports.Channel.ask."""
        part, now = self.current(), self.health()
        if part is None or act not in HANDS:
            raise NotNow(_("The show has no day that a broadcast could be for."))
        if act != "prepare" and not now.id:
            raise NotNow(_("There is no broadcast on YouTube for %(day)s yet: prepare it first.", day=part.day))
        if act == "live" and now.status == "live":
            raise NotNow(_("The broadcast is live already."))
        if act != "complete" and is_over(now.status):
            raise NotNow(_("The broadcast has ended, and YouTube begins none anew: another one has to be made."))
        if act == "complete":
            if now.status not in {"live", "testing"}:
                raise NotNow(_("The broadcast is not live: there is nothing to end."))
            if broadcast != now.id:
                raise NotNow(_("Ending is final: name the broadcast by its id, %(id)s.", id=now.id))
        self.memory.keep(part, hand=act)
        self._hurry()

    def health(self) -> BroadcastHealth:
        part = self.current()
        tended = None if part is None else self._tended.get(part.key)
        if part is None:
            return BroadcastHealth(self._clock.now().date())
        return tended.health if tended else BroadcastHealth(part.day, title=part.title)

    def ingestion(self) -> ports.Ingestion | None:
        part = self.current()
        tended = None if part is None else self._tended.get(part.key)
        stream = tended.found.stream if tended else None
        return stream.ingestion if stream else None

    def login_days(self) -> float | None:
        ends = self._token.ends_at(self._settings.login_days)
        return None if ends is None else (ends - self._clock.now()).total_seconds() / 86400

    def current(self) -> DayPart | None:
        """The part that is looked after now."""
        return self._goals.current(self._clock.now())

    def is_busy(self) -> bool:
        """Whether a person's wish is not yet fulfilled."""
        part = self.current()
        return part is not None and bool(self.memory.of(part).hand)

    def _hurry(self) -> None:
        with self._changed:
            for tended in self._tended.values():
                tended.look_at = 0.0
            self._news = True
            self._changed.notify()

    # ------------------------------------------------------------ the worker

    def _work(self) -> None:
        while not self._stopping:
            try:
                pause = self.turn()
            except Exception:  # the next look may go well
                log.exception("looking after the broadcast failed in a way that was not foreseen")
                pause = STEADY
            with self._changed:
                self._changed.wait_for(lambda: self._news or self._stopping, pause)
                self._news = False

    def turn(self) -> float:
        """Do what is due now; the seconds until something else is."""
        part = self.current()
        if part is None:
            return STEADY
        self._goals.look_after(part)
        self._watch_login()
        left = self._patience.left()
        if left > 0:
            return left
        pauses = [STEADY]
        for each in self._to_tend(part):
            tended = self._tended.setdefault(each.key, _Tended(BroadcastHealth(each.day, title=each.title)))
            now = self._monotonic()
            if now < tended.look_at:
                pauses.append(tended.look_at - now)
                continue
            try:
                pause = self._tend(each, tended, is_current=each.key == part.key)
            except ChannelFault as fault:
                return self._failed(each, tended, fault)
            tended.look_at = self._monotonic() + pause
            pauses.append(pause)
        return min(pauses)

    def _to_tend(self, current: DayPart) -> list[DayPart]:
        hands = {part.key: self.memory.of(part).hand for part in self._goals.parts}
        ending = self._goals.ending(current, hands, self._clock.now())
        # Only what is known of: a day long past whose broadcast nobody remembers is not searched for.
        known = [part for part in ending if part.key not in self._finished and self.memory.of(part).video]
        return [*known, current]

    def _goal(self, part: DayPart) -> Goal:
        return self._goals.goal(part, self.memory.of(part).hand, self._clock.now())

    # ------------------------------------------------------------ one part

    def _tend(self, part: DayPart, tended: _Tended, *, is_current: bool) -> float:
        broadcasts, preparation = self._connect()
        goal, is_on = self._goal(part), self._goals.is_on(part)
        if not self._affordable(goal, tended):
            return IDLE
        if self.memory.of(part).hand == "prepare":
            pause = self._prepare(part, tended, preparation)
            self._recovered()
            return pause
        found = tended.found = self._look(broadcasts, preparation, part, tended)
        broadcast = found.broadcast
        if broadcast is None:
            self._missing(part, tended, is_urgent=is_on or goal is not Goal.LEAVE)
            self._recovered()
            return STEADY if is_on else IDLE
        if is_current and broadcast.id != self._video:
            self._video = broadcast.id
            self._on_found(broadcast.id)
        bound = found.stream if broadcast.stream else None
        seen = Seen(broadcast.status, broadcast.stream, bool(bound and bound.receives), broadcast.has_monitor)
        known = self.memory.of(part)
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
            self._recovered()
            return AT_ONCE
        self._recovered()
        return self._pause(tended, goal, decision.stage, is_on=is_on)

    def _affordable(self, goal: Goal, tended: _Tended) -> bool:
        """Whether a look may be paid for; one that only watches leaves alone what more important things need."""
        pressing = goal is not Goal.LEAVE and tended.health.stage not in {Stage.REACHED, Stage.OVER}
        priority = Priority.BROADCAST if pressing or not tended.health.id else Priority.READ
        if priority is Priority.BROADCAST:
            self._ledger.require(priority, *LOOKS)
            return True
        return self._ledger.may(priority, *LOOKS)

    def _act(self, broadcasts: Broadcasts, part: DayPart, tended: _Tended, act: Act) -> None:
        broadcast, stream = tended.found.broadcast, tended.found.stream
        if broadcast is None:
            return
        method = "liveBroadcasts.bind" if act is Act.BIND else "liveBroadcasts.transition"
        self._ledger.require(Priority.BROADCAST, method)
        self.memory.keep(part, asked=act.value, asked_at=self._clock.now())
        try:
            if act is Act.BIND:
                broadcasts.bind(broadcast.id, stream.id if stream else "")
                self.memory.keep(part, stream=stream.id if stream else "")
            else:
                broadcasts.transition(broadcast.id, act.value)
        except Refused as fault:
            self.memory.keep(part, asked="", asked_at=None)
            # What was seen is no longer so, or a person was quicker: the next look tells.
            if fault.reason not in {"redundantTransition", "invalidTransition", "errorStreamInactive"}:
                raise
            log.info("%s of %s: %s", act.value, broadcast.id, fault)

    def _prepare(self, part: DayPart, tended: _Tended, preparation: Preparation) -> float:
        tended.found = found = preparation.look(part)
        doing = preparation.steps(part, found)
        if not doing:
            self.memory.keep(part, hand="")
            self._telling.tell(Level.INFO, PREPARED, title=part.title)
            return 0.0
        if doing[0].kind is Kind.BROADCAST and (wait := preparation.patience(part)):
            return min(wait, EAGER)
        preparation.do(part, found, doing[0])
        return 0.0

    def _pause(self, tended: _Tended, goal: Goal, stage: Stage, *, is_on: bool) -> float:
        if goal is Goal.LEAVE or stage in {Stage.REACHED, Stage.OVER}:
            return STEADY if is_on else IDLE
        return EAGER if self._waited(tended) < EAGER_FOR else PATIENT

    def _waited(self, tended: _Tended) -> float:
        """For how many seconds the goal has been wanted, and not reached."""
        return 0.0 if tended.wanted_since is None else self._monotonic() - tended.wanted_since

    def _now(self, part: DayPart, tended: _Tended, goal: Goal, decision: Decision) -> None:
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
        if self.memory.of(part).hand in {"live", "complete"}:
            self.memory.keep(part, hand="")
        if goal is Goal.COMPLETE:
            self._finished.add(part.key)

    def _missing(self, part: DayPart, tended: _Tended, *, is_urgent: bool) -> None:
        detail = _("There is no broadcast “%(title)s” on YouTube for this day.", title=part.title)
        tended.health = BroadcastHealth(part.day, title=part.title, detail=detail)
        self._telling.missing(part, tended.found.others, is_urgent=is_urgent)

    def _look(self, broadcasts: Broadcasts, preparation: Preparation, part: DayPart, tended: _Tended) -> Found:
        """What there is; of a broadcast that is live, by the list of all live ones: it tells of others, too."""
        own = tended.found.broadcast
        if own is not None and own.status == "live" and own.id == self.memory.of(part).video:
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
        ours = {own.id} | {self.memory.of(one).video for one in self._goals.parts if one.day == part.day}
        for other in self._actives:
            if other.status == "live" and other.id not in ours:
                self._telling.other_live(other, own.id)
        self._actives = []

    def _watch_stream(self, part: DayPart, tended: _Tended, bound: str) -> None:
        if not bound:
            return
        expected = self._settings.stream_id or self.memory.of(part).stream
        if not expected:
            self.memory.keep(part, stream=bound)
        elif bound != expected:
            self._telling.other_stream(part.key, tended.health.title, bound, expected)

    def _watch_login(self) -> None:
        """Told when it ends before the show does."""
        days = self.login_days()
        if days is not None and self._goals.parts:
            show_left = (self._goals.parts[-1].end - self._clock.now()).total_seconds() / 86400
            if days < show_left:
                self._telling.login_ends(days)

    # ------------------------------------------------------------ outcomes

    def _connect(self) -> tuple[Broadcasts, Preparation]:
        if self._api is None:
            api = Api(self._settings.api_root, self._token.credentials(), self._ledger, self._timeout)
            try:
                check_channel(Broadcasts(api), self._settings.channel_id)
            finally:
                self._token.save(api.credentials)
            self._api = api
        broadcasts = Broadcasts(self._api)
        return broadcasts, Preparation(
            self._settings, self._api, broadcasts, self.memory, self._ledger, self._wording, self._clock
        )

    def _recovered(self) -> None:
        self._patience.succeeded()
        if self._api is not None:
            self._token.save(self._api.credentials)
        self._telling.well()

    def _failed(self, part: DayPart, tended: _Tended, fault: ChannelFault) -> float:
        self._patience.failed(fault)
        goal, is_on = self._goal(part), self._goals.is_on(part)
        tended.health = replace(tended.health, goal=goal.value, detail=str(fault))
        if self._api is not None:
            self._token.save(self._api.credentials)
            self._api.renew()
        match fault:
            case BadCredentials():
                self._api = None
            case Refused() if not isinstance(fault, NotThere) and self.memory.of(part).hand:
                # A person sees the reason, and presses again.
                self.memory.keep(part, hand="")
                is_on = True
        # What passes by itself is no news for the operator, as long as nothing waits for its end.
        waits = goal is not Goal.LEAVE and tended.health.stage not in {Stage.REACHED, Stage.OVER}
        waits = waits or bool(self.memory.of(part).hand)
        passes = isinstance(fault, (Offline, NotThere)) and self._patience.failures < LASTING
        if not passes and (waits or (is_on and not isinstance(fault, Offline)) or isinstance(fault, BadCredentials)):
            self._telling.trouble(f"{type(fault).__name__} {fault.reason}", str(fault))
        log.info("the broadcast of %s: %s", part.day, fault)
        return max(self._patience.left(), 0.5)
