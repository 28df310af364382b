"""What is remembered of the broadcasts, in the store; one that fails costs the memory of a restart, not the show."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broadcaster.ports import KnownBroadcast

if TYPE_CHECKING:
    from datetime import date

    from broadcaster import ports
    from broadcaster.show.broadcasts import DayPart

log = logging.getLogger(__name__)


class Memory:
    """Threads may share it."""

    def __init__(self, store: ports.Store, show: str) -> None:
        self._store, self._show = store, show
        self._lock = threading.Lock()
        self._known: dict[tuple[date, int], KnownBroadcast] = {}
        try:
            self._known = {(known.day, known.number): known for known in store.broadcasts(show)}
        except Exception:
            log.exception("what is known of the broadcasts could not be read")

    def of(self, part: DayPart) -> KnownBroadcast:
        return self._known.get(part.key) or KnownBroadcast(part.day, part.number)

    def keep(self, part: DayPart, **changes: Any) -> None:
        """Change what is known of a part. It is on disk when this returns."""
        with self._lock:
            before = self.of(part)
            known = replace(before, **changes)
            if known == before and part.key in self._known:
                return
            self._known[part.key] = known
            try:
                self._store.keep_broadcast(self._show, known)
            except Exception:
                log.exception("what is known of the broadcast of %s could not be stored: %s", part.day, known)

    def taken(self, part: DayPart) -> frozenset[str]:
        """The ids of the other parts' broadcasts."""
        known = dict(self._known)
        return frozenset(one.video for key, one in known.items() if key != part.key and one.video)
