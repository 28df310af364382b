"""Reading a video's snippet, and refusing to build on an answer that cannot be right.

What is read is sent back whole with the next update: a bad answer that is believed destroys what people wrote.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.video_memory import VideoMemory
    from broadcaster.ports import Json

KEPT = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")
"""The writable parts of a snippet."""
BELIEVED_AFTER = 10.0
"""Seconds. YouTube's stale answers were seen to last for some seconds."""
_REMEMBERED = 6
"""How many descriptions that stood there before are known again when an old answer brings them back."""


class Reader:
    """Reads one video. `memory` knows the description as it stood last, also from before a restart."""

    def __init__(
        self,
        video_id: str,
        channel_id: str,
        memory: VideoMemory,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._video_id, self._channel_id, self._memory = video_id, channel_id, memory
        self._seen: Json = {}
        self._past: list[str] = []
        self._monotonic = monotonic
        self._doubted: Json | None = None
        self._doubted_at = 0.0
        self.expected: str | None = None
        """A text that an update whose answer was lost may have put there: it is not doubted."""

    def read(self, api: Api) -> Json:
        """The snippet as it is, if it can be believed. An answer that is doubted is believed when it stays the same.

        Raises:
            Refused: writing back what was read would damage the video.
        """
        snippet = self.once(api)
        if self._is_doubtful(snippet):
            snippet = self.once(api)
        kept = {key: snippet.get(key) for key in KEPT}
        if self._is_doubtful(snippet) and not self._has_stayed(kept):
            raise Refused(
                _(
                    "YouTube's answer has an old description, or lacks part of what stood there. Nothing is "
                    "written, lest it be lost; it is read again."
                ),
                "implausibleRead",
            )
        self.saw(snippet)
        return snippet

    def once(self, api: Api) -> Json:
        """The answer to one question, if it is about the right video, and whole."""
        snippet: Json = api.video(self._video_id).get("snippet") or {}
        if not snippet.get("title") or not snippet.get("categoryId"):
            raise Refused(
                _("YouTube's answer lacks the video's title or category. Nothing is written, lest it be lost."),
                "implausibleRead",
            )
        owner = snippet.get("channelId")
        if self._channel_id and owner and owner != self._channel_id:
            raise Refused(
                _(
                    "Video %(id)s belongs to channel %(owner)s, not to %(channel)s. "
                    "Check [youtube] broadcast_id and channel_id.",
                    id=self._video_id,
                    owner=owner,
                    channel=self._channel_id,
                ),
                "otherChannel",
            )
        return snippet

    def saw(self, snippet: Json) -> None:
        """So the video is now, as an answer that is believed or an update that was carried out shows."""
        text, before = text_of(snippet), self._memory.known.whole
        if before and not is_same(before, text):
            self._past = [*(one for one in self._past if not is_same(one, text)), before][-_REMEMBERED:]
        self._seen, self._doubted = snippet, None
        self._memory.keep(whole=text)

    def _has_stayed(self, kept: Json) -> bool:
        """Whether the same doubtful answer has come for so long that it is a person's work, and no cache's."""
        if kept != self._doubted:
            self._doubted, self._doubted_at = kept, self._monotonic()
        return self._monotonic() - self._doubted_at >= BELIEVED_AFTER

    def _is_doubtful(self, snippet: Json) -> bool:
        """Whether something is gone since the last time: taken out by a person, or lost in a bad answer."""
        has_lost = any(self._seen.get(key) and not snippet.get(key) for key in KEPT)
        return has_lost or self._is_old_or_cut(text_of(snippet))

    def _is_old_or_cut(self, text: str) -> bool:
        """Whether it is an old one, or is much shorter than the last one, or breaks off within it."""
        last = self._memory.known.whole.strip()
        text = text.strip()
        if not last or text == last or (self.expected is not None and is_same(text, self.expected)):
            return False
        is_old = any(is_same(text, one) for one in self._past)
        return is_old or len(text) < len(last) / 2 or last.startswith(text)


def text_of(snippet: Json) -> str:
    return str(snippet.get("description") or "")


def is_same(one: str, other: str) -> bool:
    """YouTube is free to normalize line ends and to trim."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
