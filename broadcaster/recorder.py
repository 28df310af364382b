"""Writes what happened into the store, apart from the loop: a locked database or a slow disk never delays a switch."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.ports import Change, Store

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""How long after a failure the next try comes."""
PATIENCE_S = 2.0
"""How long a person waits for their act to be on disk. Longer means trouble, which the operator is told of anyway."""


class Recorder:
    """One writer thread. What can't be written waits, in order; the newest snapshot is the one that counts.

    `trouble` is called, on the writer's thread, with why writing fails when it begins to, and with None when it works
    again.
    Without `threaded` everything is written within `record`: for simulations, where time stands still.
    """

    def __init__(self, store: Store, trouble: Callable[[str | None], None], *, threaded: bool = True) -> None:
        self._store, self._trouble = store, trouble
        self._waiting: Change | None = None
        self._changed = threading.Condition()
        self._busy = self._failing = self._stopping = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True) if threaded else None
        if self._thread is not None:
            self._thread.start()

    def record(self, change: Change) -> None:
        with self._changed:
            self._waiting = change if self._waiting is None else _joined(self._waiting, change)
            self._changed.notify_all()
        if self._thread is None:
            self._write()

    def settle(self, patience_s: float = PATIENCE_S) -> bool:
        """Wait until all that was recorded is on disk; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting is None and not self._busy, patience_s)

    def stop(self) -> None:
        """Write what is left, and end."""
        self.settle()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._stopping)
                if self._stopping:
                    return
            if not self._write():
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, AGAIN_S)

    def _write(self) -> bool:
        with self._changed:
            change, self._waiting, self._busy = self._waiting, None, True
        why: str | None = None
        try:
            if change is not None:
                self._store.commit(change)
        except Exception as error:  # whatever the database is up to, the show goes on
            why = str(error)
            if not self._failing:
                log.exception("The store cannot be written; what happens is kept in memory.")
        with self._changed:
            if why is not None and change is not None:
                self._waiting = change if self._waiting is None else _joined(change, self._waiting)
            self._busy = False
            self._changed.notify_all()
        if (why is not None) != self._failing:
            self._failing = why is not None
            self._trouble(why)
        return why is None


def _joined(first: Change, second: Change) -> Change:
    """Both in one transaction: the later snapshot, and all rows and entries in order."""
    return replace(second, rows=first.rows + second.rows, journal=first.journal + second.journal)
