"""One publication: read the description, put the block into it, write it back, and nothing else of the video.

`videos.update` replaces the whole snippet, so everything writable that was read is sent back as it was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import ChannelFault, Offline, Refused
from broadcaster.devices.youtube.reading import KEPT, Reader, is_same, text_of
from broadcaster.language import gettext as _
from broadcaster.show import description
from broadcaster.show.last_word import LastWord
from broadcaster.show.segment_title import segment_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.video_memory import VideoMemory
    from broadcaster.devices.youtube.wording import Wording
    from broadcaster.ports import Json
    from broadcaster.show.last_word import Words

_TITLES = 4
"""How many titles of the service's own are known again; all but the last can come from an old answer only."""


class Stands(Enum):
    """What a look after the publication shows."""

    YES = "yes"
    NOT_YET = "not yet"  # still the text before: a stale answer, or a lost update
    CHANGED = "changed"  # a person changed the block meanwhile


@dataclass(frozen=True, slots=True)
class Published:
    """The description before and after a publication, the block in it, and the video's title with it.

    `sent` is False when it stood there already.
    """

    wish: Words
    block: str
    title: str
    before: str
    whole: str
    sent: bool


class Publication:
    """Publishes into one video. `previous` is the block that was written last, "" when none is known.

    `attempted` is an update whose answer never came: it may stand on YouTube. `landed` is one of which a later
    read has shown that it did. `title_pattern` is [youtube] segment_title.
    """

    def __init__(
        self,
        api: Api,
        video_id: str,
        channel_id: str,
        wording: Wording,
        previous: str,
        memory: VideoMemory,
        title_pattern: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.previous = previous
        self.attempted: Published | None = None
        self.landed: Published | None = None
        self.budget = description.room("")
        self._api = api
        self._video_id = video_id
        self._wording = wording
        self._memory = memory
        self._pattern = title_pattern
        self._reader = Reader(video_id, channel_id, memory, monotonic)
        self._title = ""

    def use(self, api: Api) -> None:
        """Go on with another connection or login."""
        self._api = api

    def read(self) -> Json:
        """The snippet as it is, if it can be believed.

        Raises:
            Refused: writing back what was read would damage the video.
        """
        self._reader.expected = self.attempted.whole if self.attempted else None
        snippet = self._reader.read(self._api)
        self.budget = description.room(text_of(snippet), self.previous)
        self._title = self._own_title(str(snippet["title"]))
        return snippet

    def publish(self, newest: Callable[[], Words]) -> Published:
        """Bring the description up to the newest wish there is once it has been read.

        Raises:
            ChannelFault: it failed. `attempted` tells whether it may have worked all the same.
        """
        snippet = self.read()
        before = text_of(snippet)
        if self.attempted is not None and is_same(before, self.attempted.whole):
            self.landed, self.attempted = self.attempted, None
            self.previous = self.landed.block
        wish = newest()
        block = self._wording.block(wish, self.budget)
        if not block:
            raise Refused(
                _(
                    "The description has no room: your own text takes %(bytes)s of 5000 bytes. Shorten it on YouTube.",
                    bytes=len(before.encode()),
                ),
                "noRoom",
            )
        title = self.title_for(wish)
        whole = description.merge(before, block, self.previous)
        if whole == before and title == snippet["title"]:
            landed, self.landed = self.landed, None
            self._stands(block)
            return Published(wish, block, title, before, whole, sent=landed is not None)
        published = Published(wish, block, title, before, whole, sent=True)
        self._write(snippet, published)
        self._stands(block)
        self._reader.saw(snippet | {"description": whole, "title": title})
        return published

    def look(self, published: Published) -> tuple[Stands, str]:
        """Read back after a while: whether the publication stands, and the whole description as it is."""
        now = text_of(self._reader.once(self._api))
        if is_same(now, published.whole) or description.managed(now) == published.block:
            return Stands.YES, now
        return (Stands.NOT_YET if is_same(now, published.before) else Stands.CHANGED), now

    def title_for(self, wish: Words) -> str:
        """The video's title with this wish: the pattern's, or people's own."""
        if isinstance(wish, LastWord) or wish.on_air is None:
            return self._title
        return segment_title(self._pattern, name=wish.on_air.name, expo=wish.expo_title, title=self._title)

    def _own_title(self, title: str) -> str:
        """The title that people gave the video, seen that it is called `title` now."""
        known = self._memory.known
        if title in known.titles:
            return known.own_title
        if self._pattern or known.titles:
            self._memory.keep(own_title=title)
        return title

    def _write(self, snippet: Json, wanted: Published) -> None:
        whole = wanted.whole
        body = {key: snippet[key] for key in KEPT if key in snippet}
        body |= {"description": whole, "title": wanted.title}
        if wanted.title != self._title:  # written down first: an answer that is lost must not make it people's own
            others = [one for one in self._memory.known.titles if one != wanted.title]
            self._memory.keep(titles=(*others, wanted.title)[-_TITLES:], own_title=self._title)
        self.attempted = wanted
        try:
            answer = self._api.update(self._video_id, body)
        except Offline:
            raise
        except ChannelFault as fault:
            self.attempted = None
            if fault.reason == "invalidDescription" and _is_forbidden(whole):
                raise Refused(
                    _("Your own text in the description has a character that YouTube refuses (< or > or invisible)."),
                    fault.reason,
                ) from fault
            raise
        stands = (answer.get("snippet") or {}).get("description")
        if stands is None:
            raise Offline(_("YouTube's answer cannot be understood. It is tried again by itself."))
        if not is_same(stands, whole) and description.managed(stands) != wanted.block:
            self.attempted = None
            raise Refused(_("YouTube stored another description than the one it was sent."), "altered")

    def _stands(self, block: str) -> None:
        self.previous = block
        self.attempted = None


def _is_forbidden(text: str) -> bool:
    return any(sign in "<>" or (sign < " " and sign not in "\r\n\t") for sign in text)
