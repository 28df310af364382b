"""The only loop: an event comes in, the core decides, the commands go out, and what happened is stored.

It never awaits a device: wishes are left with the devices' own threads, and facts come back as events.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from broadcaster.language import gettext as _
from broadcaster.ports import Change, JournalEntry, Refused
from broadcaster.recorder import Recorder
from broadcaster.show import playout, snapshot
from broadcaster.show.messages import (
    ClockJumped,
    Level,
    PrepareScenes,
    Pressed,
    PublishDescription,
    RecordAsRun,
    Refuse,
    RundownLoaded,
    SetOutputs,
    SetStudio,
    StreamPressed,
    Tell,
    Ticked,
    YieldStudio,
)
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from broadcaster.ports import Channel, Clock, Json, Store, Studio
    from broadcaster.show.as_run import AsRun
    from broadcaster.show.messages import Command, Event
    from broadcaster.show.state import State

log = logging.getLogger(__name__)

LOOK = timedelta(seconds=1)
"""How often the loop wakes without a reason, to notice a jump of the clock."""
NOTICES = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the operator, untranslated: pages translate it as they show it."""

    at: datetime
    told: Tell

    @property
    def text(self) -> str:
        return _(self.told.message, **self.told.values)


class Conductor:
    """Runs one show. All methods but `post` belong to the event loop's thread.

    With `threaded` the store is written by a thread of its own (see Recorder); call `stop` in the end.
    """

    def __init__(
        self,
        show: str,
        state: State,
        clock: Clock,
        studio: Studio,
        channel: Channel,
        store: Store,
        *,
        threaded: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self.show, self.state = show, state
        self.notices: deque[Notice] = deque(maxlen=NOTICES)
        self._clock, self._studio, self._channel = clock, studio, channel
        self._inbox: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: list[Callable[[], None]] = []
        self._recorder = Recorder(store, self._trouble_with_the_store, threaded=threaded)
        self._stumbled = False
        self._looked: float | None = None
        self._doubted = float("-inf")

    # -------------------------------------------------------------- loop

    def begin(self) -> None:
        """Bring the world up to the state, be it fresh or from a snapshot."""
        self._looked = self._monotonic()
        now = self._clock.now()
        self.state, commands = playout.start(self.state, now)
        self._carry_out(commands, now)
        self._save(now, commands, None)

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._looked = self._monotonic()
        if self._inbox:
            self._arrived.set()
        try:
            while True:
                await self._something(self._patience())
                self._look_at_the_clock()
                self.take_in()
                wake = playout.next_wake(self.state)
                # The studio's own delay is taken off in advance: the picture changes on the planned instant.
                if wake is not None and self._clock.now() >= wake - self._studio.lead:
                    self.handle(Ticked(max(wake, self._clock.now())))
        finally:
            self._looked = None

    def stop(self) -> None:
        """Write what is left. Blocks, for seconds at most."""
        self._recorder.stop()

    def post(self, event: Event) -> None:
        """Leave an event for the loop. From any thread; never blocks."""
        self._inbox.append(event)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended; a device's last words come too late
                self._loop.call_soon_threadsafe(self._arrived.set)

    def take_in(self) -> None:
        """Handle the events that have arrived."""
        while self._inbox:
            self.handle(self._inbox.popleft())

    def next_wake(self) -> datetime | None:
        return playout.next_wake(self.state)

    def is_alive(self) -> bool:
        """Whether the loop has been round lately, or may be about to be.

        All of the service may have been held up, as when a laptop slept: whoever asks first then may be quicker than
        the loop, which gets one more second.
        """
        if self._looked is None:
            return False
        now = self._monotonic()
        if now - self._looked < 5 * LOOK.total_seconds():
            return True
        if self._doubted < self._looked:
            self._doubted = now
        return now - self._doubted < LOOK.total_seconds()

    async def _something(self, patience: float) -> None:
        """Wait for an event, at most `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._arrived.wait()
        except TimeoutError:
            pass
        self._arrived.clear()
        self._looked = self._monotonic()

    def _patience(self) -> float:
        wake = playout.next_wake(self.state)
        if wake is None or self._stumbled:  # after a fault, not again at once
            self._stumbled = False
            return LOOK.total_seconds()
        until = wake - self._studio.lead - self._clock.now()
        return max(min(until, LOOK).total_seconds(), 0)

    def _look_at_the_clock(self) -> None:
        jumped = self._clock.jump()
        if jumped is not None:
            self.handle(ClockJumped(self._clock.now(), jumped))

    # ---------------------------------------------------------- decision

    def handle(self, event: Event) -> Refuse | None:
        """Let the core decide on one event; its refusal, if it refused. Never raises."""
        before = self.state
        try:
            self.state, commands = playout.step(before, event)
        except Exception as error:  # a fault in the core costs one event, not the show
            self._stumble(type(event).__name__, error)
            return None
        self._carry_out(commands, event.at)
        if commands or self.state != before:
            self._save(event.at, commands, event)
        self._tell_listeners()
        return next((command for command in commands if isinstance(command, Refuse)), None)

    def press(self, event: Pressed | StreamPressed) -> None:
        """A person's act; decided when this returns, stored once `settled` is true.

        Raises:
            Refused: it cannot be done now.
        """
        refusal = self.handle(event)
        if refusal is not None:
            raise Refused(_(refusal.message, **refusal.values))

    async def settled(self) -> bool:
        """Wait until all that was decided is on disk; False when the store has trouble."""
        return await asyncio.to_thread(self._recorder.settle)

    def tell(self, told: Tell) -> None:
        """A line for the operator from outside the core."""
        now = self._clock.now()
        self._carry_out([told], now)
        self._save(now, [told], None)
        self._tell_listeners()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell_listeners(self) -> None:
        for listener in list(self._listeners):
            try:
                listener()
            except Exception:
                log.exception("A listener failed.")

    def _stumble(self, over: str, error: Exception) -> None:
        what = f"{over}: {error!r}"
        log.error("A fault in the program; the show goes on.", exc_info=error)
        self._stumbled = True
        self.notices.appendleft(Notice(self._clock.now(), Tell(Level.ALARM, STUMBLED, {"what": what})))

    # ---------------------------------------------------------- the world

    def _carry_out(self, commands: Iterable[Command], at: datetime) -> None:
        for command in commands:
            try:
                self._carry_out_one(command, at)
            except Exception as error:  # one device's fault is not the others'
                self._stumble(type(command).__name__, error)

    def _carry_out_one(self, command: Command, at: datetime) -> None:
        match command:
            case SetStudio():
                self._studio.want(command.target, command.reason)
            case YieldStudio():
                self._studio.release(command.reason)
            case SetOutputs():
                self._studio.want_outputs(command.outputs)
                self._channel.want_day(command.outputs.day)
            case PrepareScenes():
                self._studio.prepare(command.scenes)
            case PublishDescription():
                self._channel.publish(command.wish)
            case Tell():
                notice = Notice(at, command)
                self.notices.appendleft(notice)
                log.log(_LOG_LEVEL[command.level], "%s", notice.text)
            case RecordAsRun() | Refuse():
                pass  # stored, and answered, once the devices have their wishes
            case _:
                assert_never(command)

    def _save(self, at: datetime, commands: Iterable[Command], event: Event | None) -> None:
        """All that a step leaves behind, for one transaction."""
        journal: list[JournalEntry] = []
        rows: list[AsRun] = []
        if event is not None and not isinstance(event, Ticked):
            journal.append(JournalEntry(at, type(event).__name__, _values(event)))
        for command in commands:
            match command:
                case RecordAsRun():
                    rows.append(command.row)
                case Tell():
                    values = {"level": command.level.value, "message": command.message, "values": dict(command.values)}
                    journal.append(JournalEntry(at, "Notice", values))
                case _:
                    pass
        change = Change(at, self.show, snapshot.dump(self.state, at), tuple(rows), tuple(journal))
        self._recorder.record(change)

    def _trouble_with_the_store(self, why: str | None) -> None:
        """On the recorder's thread."""
        told = Tell(Level.INFO, STORE_WORKS) if why is None else Tell(Level.ALARM, STORE_FAILS, {"why": why})
        self.notices.appendleft(Notice(self._clock.now(), told))


STORE_FAILS = N_("The database cannot be written: %(why)s The show goes on; free disk space or repair it.")
STORE_WORKS = N_("The database can be written again; nothing was lost.")
STUMBLED = N_("A fault in the program: %(what)s. The show goes on; please report it with the log.")
_LOG_LEVEL = {Level.INFO: logging.INFO, Level.WARNING: logging.WARNING, Level.ALARM: logging.ERROR}


def _values(event: Event) -> Json:
    """An event's parts for the journal; a rundown by its revision only."""
    if isinstance(event, RundownLoaded):
        return {"revision": event.rundown.revision}
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event) if field.name != "at"}


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case timedelta():
            return value.total_seconds()
        case datetime():
            return value.isoformat()
        case _ if is_dataclass(value):
            return str(value)
        case _:
            return value
