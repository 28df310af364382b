"""Writes into the database on a thread of its own, in order: a slow disk or a locked database never holds the loop."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Clerk:
    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="clerk")

    async def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of `work`, or what it raises. It is done even if the one who waits is gone."""
        # In the language of whoever asks: what it raises may be for people.
        there = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._worker, lambda: there.run(work, *args, **kwargs)))

    def later(self, work: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Some time soon. A failure is logged, and ends nothing."""

        def carefully() -> None:
            try:
                work(*args, **kwargs)
            except Exception:
                log.exception("It could not be written down.")

        self._worker.submit(carefully)

    def close(self) -> None:
        """Once all is written."""
        self._worker.shutdown(wait=True)
