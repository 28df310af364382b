"""One publication: read the description, put the block into it, write it back, and nothing else of the video.

`videos.update` replaces the whole snippet, so everything writable that was read is sent back as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import ChannelFault, Offline, Refused
from broadcaster.language import gettext as _
from broadcaster.show import description

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.wording import Wording
    from broadcaster.ports import Json
    from broadcaster.show.description import DescriptionWish

KEPT = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")
"""The writable parts of a snippet."""


class Stands(Enum):
    """What a look after the publication shows."""

    YES = "yes"
    NOT_YET = "not yet"  # still the text before: a stale answer, or a lost update
    CHANGED = "changed"  # a person changed the block meanwhile


@dataclass(frozen=True, slots=True)
class Published:
    """The description before and after a publication, and the block in it.

    `sent` is False when it stood there already.
    """

    wish: DescriptionWish
    block: str
    before: str
    whole: str
    sent: bool


class Publication:
    """Publishes into one video. `previous` is the block that was written last, "" when none is known.

    `attempted` is an update whose answer never came: it may stand on YouTube. `landed` is one of which a later
    read has shown that it did.
    """

    def __init__(self, api: Api, video_id: str, channel_id: str, wording: Wording, previous: str) -> None:
        self.previous = previous
        self.attempted: Published | None = None
        self.landed: Published | None = None
        self.budget = description.room("")
        self._api = api
        self._video_id = video_id
        self._channel_id = channel_id
        self._wording = wording
        self._seen: Json = {}

    def use(self, api: Api) -> None:
        """Go on with another connection or login."""
        self._api = api

    def read(self) -> Json:
        """The snippet as it is, if it can be believed.

        Raises:
            Refused: writing back what was read would damage the video.
        """
        snippet = self._read_once()
        if any(self._seen.get(key) and not snippet.get(key) for key in KEPT):
            # Gone since the last time: taken out by a person, or lost in a bad answer. Twice the same is believed.
            snippet = self._read_once()
        self._seen = snippet
        self.budget = description.room(snippet.get("description", ""), self.previous)
        return snippet

    def publish(self, newest: Callable[[], DescriptionWish]) -> Published:
        """Bring the description up to the newest wish there is once it has been read.

        Raises:
            ChannelFault: it failed. `attempted` tells whether it may have worked all the same.
        """
        snippet = self.read()
        before = snippet.get("description", "")
        if self.attempted is not None and _is_same(before, self.attempted.whole):
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
        whole = description.merge(before, block, self.previous)
        if whole == before:
            landed, self.landed = self.landed, None
            self._stands(block)
            return Published(wish, block, before, whole, sent=landed is not None)
        published = Published(wish, block, before, whole, sent=True)
        self._write(snippet, published)
        self._stands(block)
        self._seen = snippet | {"description": whole}
        return published

    def look(self, published: Published) -> tuple[Stands, str]:
        """Read back after a while: whether the publication stands, and the whole description as it is."""
        now = self._read_once().get("description", "")
        if _is_same(now, published.whole) or description.managed(now) == published.block:
            return Stands.YES, now
        return (Stands.NOT_YET if _is_same(now, published.before) else Stands.CHANGED), now

    def _write(self, snippet: Json, wanted: Published) -> None:
        whole = wanted.whole
        body = {key: snippet[key] for key in KEPT if key in snippet} | {"description": whole}
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
        if not _is_same(stands, whole) and description.managed(stands) != wanted.block:
            self.attempted = None
            raise Refused(_("YouTube stored another description than the one it was sent."), "altered")

    def _stands(self, block: str) -> None:
        self.previous = block
        self.attempted = None

    def _read_once(self) -> Json:
        snippet: Json = self._api.video(self._video_id).get("snippet") or {}
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


def _is_same(one: str, other: str) -> bool:
    """YouTube is free to normalize line ends and to trim."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _is_forbidden(text: str) -> bool:
    return any(sign in "<>" or (sign < " " and sign not in "\r\n\t") for sign in text)
