"""The audit log: who did what, when, and from where. The gate writes it; a handler may say more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from broadcaster.access import Deed
from broadcaster.web.people import now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import HTTPConnection

    from broadcaster.access import AccessStore
    from broadcaster.web.clerk import Clerk
    from broadcaster.web.visitor import Visitor

log = logging.getLogger(__name__)

LONGEST_TEXT = 500


def note(connection: HTTPConnection, **values: Any) -> None:
    """Have these stand in the log, beside who did it and what: an item's id, a title. JSON, and no secrets.

    `who` replaces the visitor's name where that is not known yet.
    """
    noted = connection.scope.setdefault("state", {}).setdefault("deed", {})
    noted.update(values)


class Audit:
    """A database that fails is logged, and ends nothing."""

    def __init__(self, store: AccessStore, clerk: Clerk, clock: Callable[[], datetime] = now_utc) -> None:
        self._store, self._clerk, self._clock = store, clerk, clock

    async def write(self, visitor: Visitor, address: str, act: str, status: int, values: Mapping[str, Any]) -> None:
        """Returns once it is on disk, or has failed to be."""
        shown = {key: _short(value) for key, value in values.items()}
        who = str(shown.pop("who", visitor.name))[:80]
        deed = Deed(self._clock(), who, visitor.via, address[:80], act[:80], status, shown)
        await self._clerk.do(self._write, deed)

    def _write(self, deed: Deed) -> None:
        try:
            self._store.add_deed(deed)
        except Exception:
            log.exception("The audit log cannot be written: %s by %s from %s", deed.act, deed.who, deed.address)


def _short(value: Any) -> Any:
    return value[: LONGEST_TEXT - 1] + "…" if isinstance(value, str) and len(value) > LONGEST_TEXT else value
