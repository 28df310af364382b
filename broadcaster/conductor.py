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
    SetStudio,
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
    """Runs one show. All methods but `post` belong to the event loop's thread."""

    def __init__(self, show: str, state: State, clock: Clock, studio: Studio, channel: Channel, store: Store) -> None:
        self.show, self.state = show, state
        self.notices: deque[Notice] = deque(maxlen=NOTICES)
        self._clock, self._studio, self._channel, self._store = clock, studio, channel, store
        self._inbox: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: list[Callable[[], None]] = []
        self._unsaved_rows: list[AsRun] = []
        self._unsaved_journal: list[JournalEntry] = []
        self._store_failing = False
        self._looked: float | None = None

    # -------------------------------------------------------------- loop

    def begin(self) -> None:
        """Bring the world up to the state, be it fresh or from a snapshot."""
        now = self._clock.now()
        self.state, commands = playout.start(self.state, now)
        self._carry_out(commands, now)
        self._save(now, commands, None)

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        if self._inbox:
            self._arrived.set()
        while True:
            await self._something(self._patience())
            self._look_at_the_clock()
            self.take_in()
            wake = playout.next_wake(self.state)
            # The studio's own delay is taken off in advance, so that the picture changes on the planned instant.
            if wake is not None and self._clock.now() >= wake - self._studio.lead:
                self.handle(Ticked(max(wake, self._clock.now())))

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
        """Whether the loop has been round lately."""
        return self._looked is not None and time.monotonic() - self._looked < 5 * LOOK.total_seconds()

    async def _something(self, patience: float) -> None:
        """Wait for an event, at most `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._arrived.wait()
        except TimeoutError:
            pass
        self._arrived.clear()
        self._looked = time.monotonic()

    def _patience(self) -> float:
        wake = playout.next_wake(self.state)
        if wake is None:
            return LOOK.total_seconds()
        until = wake - self._studio.lead - self._clock.now()
        return max(min(until, LOOK).total_seconds(), 0)

    def _look_at_the_clock(self) -> None:
        jumped = self._clock.jump()
        if jumped is not None:
            self.handle(ClockJumped(self._clock.now(), jumped))
        if self._store_failing:
            self._save(self._clock.now(), [], None)

    # ---------------------------------------------------------- decision

    def handle(self, event: Event) -> Refuse | None:
        """Let the core decide on one event; its refusal, if it refused."""
        before = self.state
        self.state, commands = playout.step(before, event)
        self._carry_out(commands, event.at)
        if commands or self.state != before:
            self._save(event.at, commands, event)
        for listener in list(self._listeners):
            listener()
        return next((command for command in commands if isinstance(command, Refuse)), None)

    def press(self, event: Pressed) -> None:
        """A person's act, decided and stored when this returns.

        Raises:
            Refused: it cannot be done now.
        """
        refusal = self.handle(event)
        if refusal is not None:
            raise Refused(_(refusal.message, **refusal.values))

    def tell(self, told: Tell) -> None:
        """A line for the operator from outside the core."""
        now = self._clock.now()
        self._carry_out([told], now)
        self._save(now, [told], None)
        for listener in list(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # ---------------------------------------------------------- the world

    def _carry_out(self, commands: Iterable[Command], at: datetime) -> None:
        for command in commands:
            match command:
                case SetStudio():
                    self._studio.want(command.target, command.reason)
                case YieldStudio():
                    self._studio.release(command.reason)
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
        """One transaction for all that a step leaves behind. A store that fails never stops the show."""
        commands = list(commands)
        self._unsaved_rows += [command.row for command in commands if isinstance(command, RecordAsRun)]
        if event is not None and not isinstance(event, Ticked):
            self._unsaved_journal.append(JournalEntry(at, type(event).__name__, _values(event)))
        self._unsaved_journal += [
            JournalEntry(at, "Notice", {"level": c.level.value, "message": c.message, "values": dict(c.values)})
            for c in commands
            if isinstance(c, Tell)
        ]
        rows, journal = tuple(self._unsaved_rows), tuple(self._unsaved_journal)
        try:
            self._store.commit(Change(at, self.show, snapshot.dump(self.state), rows, journal))
        except Exception as error:  # whatever the database is up to, the show goes on
            if not self._store_failing:
                log.exception("The store cannot be written; the show goes on and what happened is kept in memory.")
                notice = Tell(Level.ALARM, STORE_FAILS, {"why": str(error)})
                self.notices.appendleft(Notice(at, notice))
            self._store_failing = True
            return
        if self._store_failing:
            log.info("The store can be written again; nothing was lost.")
        self._store_failing = False
        self._unsaved_rows.clear()
        self._unsaved_journal.clear()


STORE_FAILS = N_("The database cannot be written: %(why)s The show goes on; free disk space or repair it.")
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
