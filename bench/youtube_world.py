"""Virtual time for real threads: one of them acts at a time, and time passes only while all of them wait.

So a day of HTTP between the real client and the emulator takes seconds, and the same seed gives the same day. What
waits must do so here: `Threads` stands in for the module `threading` where a class under test has threads of its own.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

STUCK = 120.0
"""Real seconds after which the first thread has waited too long for the others."""


class Stuck(Exception):  # noqa: N818  (it says what the world is)
    """Somebody waits in real time for somebody who waits in virtual time."""


class World:
    """ports.Clock, and the time that everybody in it shares. The thread that makes it is the first to act."""

    def __init__(self, now: datetime) -> None:
        self._began = self._now = now
        self._numbers = itertools.count()
        self._waiting: list[tuple[datetime, int, _Turn]] = []
        self._failure: BaseException | None = None
        self._first = threading.current_thread()
        self.is_over = False

    def now(self) -> datetime:
        return self._now

    def jump(self) -> None:
        return None

    def monotonic(self) -> float:
        return (self._now - self._began).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let others act until so much later. For any thread: the emulator's sleeps on behalf of its client."""
        if not self.is_over:
            self.wait(_Turn(), seconds)

    def end(self) -> None:
        """Let everybody go who still waits; threads made here then end."""
        self.is_over = True
        while self._waiting:
            heapq.heappop(self._waiting)[2].begin()

    def fail(self, error: BaseException) -> None:
        """Let the first thread raise it."""
        self._failure = self._failure or error

    # ------------------------------------------------------------ whose turn it is

    def queue(self, turn: _Turn, seconds: float) -> None:
        """A place so much later; an earlier place is given up."""
        turn.number = next(self._numbers)
        # Rounded up: whoever waits for less than the clock can tell would otherwise wait for ever.
        later = timedelta(microseconds=math.ceil(max(0.0, seconds) * 1e6))
        heapq.heappush(self._waiting, (self._now + later, turn.number, turn))

    def wait(self, turn: _Turn, seconds: float) -> None:
        self.queue(turn, seconds)
        self.hand_on(turn)

    def hand_on(self, mine: _Turn | None) -> None:
        """Let whoever is next act; come back when it is `mine`, or never."""
        while self._waiting:
            due, number, turn = heapq.heappop(self._waiting)
            if turn.number != number:
                continue
            turn.number = None
            self._now = max(self._now, due)
            if turn is not mine:
                turn.begin()
                if mine is not None:
                    mine.wait(STUCK if threading.current_thread() is self._first else None)
            break
        if self._failure is not None and threading.current_thread() is self._first:
            raise self._failure


class _Turn:
    """`number` is that of its place in the queue."""

    def __init__(self) -> None:
        self._go = threading.Semaphore(0)
        self.number: int | None = None

    def begin(self) -> None:
        self._go.release()

    def wait(self, patience: float | None) -> None:
        if not self._go.acquire(timeout=patience):
            raise Stuck


class Threads:
    """What the module `threading` is to the service, in a world."""

    Lock, RLock = threading.Lock, threading.RLock

    def __init__(self, world: World) -> None:
        self.Thread = partial(Thread, world)
        self.Condition = partial(Condition, world)


class Condition:
    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.RLock()
        self._waiting: list[_Turn] = []

    def __enter__(self) -> bool:
        return self._lock.__enter__()

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        until = self._world.monotonic() + (1e9 if timeout is None else timeout)
        while not predicate():
            left = until - self._world.monotonic()
            if left <= 0:
                return False
            turn = _Turn()
            self._waiting.append(turn)
            self._lock.release()
            try:
                self._world.wait(turn, left)
            finally:
                self._lock.acquire()
                self._waiting.remove(turn)
            if self._world.is_over:
                raise SystemExit
        return True

    def notify(self, n: int = 1) -> None:
        for turn in self._waiting[:n]:
            self._world.queue(turn, 0)

    def notify_all(self) -> None:
        self.notify(len(self._waiting))


class Thread:
    def __init__(
        self, world: World, *, target: Callable[..., object], args: Any = (), name: str = "", daemon: bool = True
    ) -> None:
        self._world, self._work = world, partial(target, *args)
        self._ended = Condition(world)
        self._is_alive = False
        self._turn = _Turn()
        self._thread = threading.Thread(target=self._run, name=name, daemon=daemon)

    def start(self) -> None:
        self._is_alive = True
        self._world.queue(self._turn, 0)
        self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        with self._ended:
            self._ended.wait_for(lambda: not self._is_alive, timeout)

    def is_alive(self) -> bool:
        return self._is_alive

    def _run(self) -> None:
        self._turn.wait(None)
        try:
            if not self._world.is_over:
                self._work()
        except SystemExit:
            pass
        except BaseException as error:
            self._world.fail(error)
        self._is_alive = False
        with self._ended:
            self._ended.notify_all()
        if not self._world.is_over:
            self._world.hand_on(None)
