"""Edits of the show's files from outside: Excel, an editor, a sync folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Iterable

log = logging.getLogger(__name__)

SETTLE_MS = 300
"""Editors write in several strokes; this long without another change counts as one edit."""


async def watch(
    paths: Iterable[Path],
    is_relevant: Callable[[Path], bool],
    changed: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Call `changed` after every edit of a relevant file below `paths`, until `stop` is set."""
    folders = [path for path in paths if path.is_dir()]
    if not folders:
        return
    async for changes in awatch(*folders, debounce=5 * SETTLE_MS, step=SETTLE_MS, stop_event=stop):
        if any(is_relevant(Path(path)) for _, path in changes):
            try:
                await changed()
            except Exception:  # a reader's mistake must not end the watch
                log.exception("The show's files changed, but could not be read.")
