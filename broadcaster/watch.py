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
    changed: Callable[[set[Path]], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Call `changed` with the relevant files below `paths` after every edit of one, until `stop` is set."""
    folders = [path for path in paths if path.is_dir()]
    if not folders:
        return
    async for changes in awatch(*folders, debounce=5 * SETTLE_MS, step=SETTLE_MS, stop_event=stop):
        relevant = {Path(path) for _, path in changes if is_relevant(Path(path))}
        if relevant:
            try:
                await changed(relevant)
            except Exception:  # a reader's mistake must not end the watch
                log.exception("The show's files changed, but could not be read.")
