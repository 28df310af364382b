"""What was written into a description, for the store: the show does without the record, not without the description."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from broadcaster.ports import Revision

if TYPE_CHECKING:
    from broadcaster import ports
    from broadcaster.show.rundown import ItemId

log = logging.getLogger(__name__)


class Record:
    """Belongs to one thread."""

    def __init__(self, store: ports.Store, show: str, clock: ports.Clock) -> None:
        self._store, self._show, self._clock = store, show, clock
        self._noted: tuple[object, ...] = ()

    def note(self, item: ItemId | None, text: str, state: str, detail: str) -> None:
        """Store a revision, once: retries and repeated wishes are not news."""
        noted = (item, text, state, detail if state == "failed" else "")
        if noted == self._noted:
            return
        self._noted = noted
        revision = Revision(self._clock.now(), item, text, state, detail)
        try:
            self._store.add_revision(self._show, revision)
        except Exception:
            log.exception("a revision of the description could not be stored: %s", revision)
