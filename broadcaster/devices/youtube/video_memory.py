"""What is remembered of one video across restarts. A store that fails costs the memory, not the description."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broadcaster.ports import KnownVideo

if TYPE_CHECKING:
    from broadcaster import ports

log = logging.getLogger(__name__)


class VideoMemory:
    def __init__(self, store: ports.Store, video_id: str) -> None:
        self._store = store
        self.known = KnownVideo(video_id)
        try:
            self.known = store.known_video(video_id) or self.known
        except Exception:
            log.exception("what is known of video %s could not be read", video_id)

    def keep(self, **changes: Any) -> None:
        """Change what is known. It is on disk when this returns, unless the store fails."""
        known = replace(self.known, **changes)
        if known == self.known:
            return
        self.known = known
        try:
            self._store.keep_video(known)
        except Exception:
            log.exception("what is known of video %s could not be stored", known.video)
