"""Looks after the show's broadcasts on a thread and a connection of its own: what is wanted, and when to look.

What is wanted comes from the show's day and from people; what is there, from YouTube; what follows, from `life_cycle`.
All that must survive a crash is in `Memory` before it is sent.
"""

from __future__ import annotations

import contextvars
import logging
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.api import Api
from broadcaster.devices.youtube.broadcast_notices import Telling
from broadcaster.devices.youtube.broadcasts import Broadcasts
from broadcaster.devices.youtube.faults import BadCredentials, ChannelFault, NotThere, Offline, Refused
from broadcaster.devices.youtube.goals import Goals
from broadcaster.devices.youtube.life_cycle import Goal, is_over
from broadcaster.devices.youtube.login import check_channel
from broadcaster.devices.youtube.memory import Memory
from broadcaster.devices.youtube.patience import Patience
from broadcaster.devices.youtube.preparation import Preparation
from broadcaster.devices.youtube.tending import STEADY, Tended, Tending
from broadcaster.language import gettext as _
from broadcaster.ports import BroadcastHealth
from broadcaster.ports import Refused as NotNow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from broadcaster import config, ports
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.devices.youtube.token import TokenFile
    from broadcaster.devices.youtube.wording import Wording
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.messages import Event

log = logging.getLogger(__name__)

LASTING = 4
"""Failures in a row after which a trouble of the network is told to people who wait for its end."""
HANDS = frozenset({"prepare", "live", "complete"})
STOPPING = 5.0


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
        self._timeout, self._monotonic = timeout, monotonic
        self._telling = Telling(clock)
        self._patience = Patience(token, ledger, clock, monotonic, jitter)

        self._changed = threading.Condition()
        self._goals = Goals(settings)
        self._news = self._stopping = False
        self._urged = 0
        self._thread: threading.Thread | None = None

        self._api: Api | None = None
        self._tended: dict[tuple[date, int], Tended] = {}
        self._tending = Tending(
            settings, self.memory, self._goals, ledger, self._telling, clock, monotonic, found=found, over=over
        )

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
        return part is not None and self._has_hand(part)

    def _has_hand(self, part: DayPart) -> bool:
        return bool(self.memory.of(part).hand)

    def _hurry(self) -> None:
        with self._changed:
            self._urged += 1
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
            tended = self._tended.setdefault(each.key, Tended(BroadcastHealth(each.day, title=each.title)))
            now, urged = self._monotonic(), self._urged
            if now < tended.look_at and tended.urged == urged:
                pauses.append(tended.look_at - now)
                continue
            is_current = each.key == part.key
            try:
                pause = self._tending.tend(each, tended, *self._connect(), is_current=is_current)
            except ChannelFault as fault:
                if is_current or not isinstance(fault, Refused):
                    return self._failed(each, tended, fault)
                log.warning("the broadcast of %s is not ended: %s", each.day, fault)
                self._tending.finished.add(each.key)
                continue
            self._recovered()
            # What was wanted meanwhile has not been seen to yet, and is due at once.
            tended.look_at, tended.urged = self._monotonic() + pause, urged
            pauses.append(pause)
        return min(pauses)

    def _to_tend(self, current: DayPart) -> list[DayPart]:
        hands = {part.key: self.memory.of(part).hand for part in self._goals.parts}
        ending = self._goals.ending(current, hands, self._clock.now())
        # Only what is known of: a day long past whose broadcast nobody remembers is not searched for.
        known = [part for part in ending if part.key not in self._tending.finished and self.memory.of(part).video]
        return [current, *known]

    def _goal(self, part: DayPart) -> Goal:
        return self._goals.goal(part, self.memory.of(part).hand, self._clock.now())

    # ------------------------------------------------------------ outcomes

    def _watch_login(self) -> None:
        """Told when it ends before the show does."""
        days = self.login_days()
        if days is not None and self._goals.parts:
            show_left = (self._goals.parts[-1].end - self._clock.now()).total_seconds() / 86400
            if days < show_left:
                self._telling.login_ends(days)

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

    @staticmethod
    def _passes(fault: ChannelFault) -> bool:
        """Whether it may be over by itself."""
        return isinstance(fault, (Offline, NotThere)) or fault.reason == "implausibleRead"

    def _failed(self, part: DayPart, tended: Tended, fault: ChannelFault) -> float:
        self._patience.failed(fault)
        goal, is_on = self._goal(part), self._goals.is_on(part)
        tended.health = replace(tended.health, goal=goal.value, detail=str(fault))
        if self._api is not None:
            self._token.save(self._api.credentials)
            self._api.renew()
        match fault:
            case BadCredentials():
                self._api = None
            case Refused() if not self._passes(fault) and self.memory.of(part).hand:
                # A person sees the reason, and presses again.
                self.memory.keep(part, hand="")
                is_on = True
        # What passes by itself is no news for the operator, as long as nothing waits for its end.
        waits = goal is not Goal.LEAVE and not tended.is_done
        waits = waits or self._has_hand(part)
        passes = self._passes(fault) and self._patience.failures < LASTING
        if not passes and (waits or (is_on and not isinstance(fault, Offline)) or isinstance(fault, BadCredentials)):
            self._telling.trouble(f"{type(fault).__name__} {fault.reason}", str(fault))
        log.info("the broadcast of %s: %s", part.day, fault)
        return max(self._patience.left(), 0.5)
