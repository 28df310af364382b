"""Which of a channel's broadcasts and streams are the show's. Pure.

By the id that is remembered or configured; else by title and date, both. Never "the next one": that may be
somebody else's, or another day's.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import Refused
from broadcaster.language import gettext as _
from broadcaster.show.broadcasts import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broadcaster import config
    from broadcaster.devices.youtube.broadcasts import Broadcast, Stream
    from broadcaster.show.broadcasts import DayPart

STREAM_TITLE = "Broadcaster"
"""What the stream is called that the service makes for itself."""


def configured(settings: config.YouTube, part: DayPart) -> str:
    """The id that the configuration names for a part of a day, "" for none. Those after a day's first are found."""
    if part.number > 1:
        return ""
    return settings.broadcasts.get(part.day, "") or settings.broadcast_id


def matching(part: DayPart, candidates: Iterable[Broadcast], taken: frozenset[str]) -> Broadcast | None:
    """The broadcast with the part's title, scheduled for its day; `taken` are other parts' ids.

    Raises:
        Refused: there are several, and a person must say which.
    """
    found = [
        one
        for one in candidates
        if one.id not in taken
        and _plain(one.title) == _plain(part.title)
        and one.start is not None
        and local_day(part, one.start) == part.day
    ]
    if len(found) > 1:
        raise Refused(
            _(
                "YouTube has several broadcasts “%(title)s” for %(day)s: %(ids)s. Name the right one in "
                "[youtube.broadcasts], or delete the others on YouTube.",
                title=part.title,
                day=part.day.isoformat(),
                ids=", ".join(one.id for one in found),
            ),
            "severalBroadcasts",
        )
    return found[0] if found else None


def other_titles(part: DayPart, candidates: Iterable[Broadcast], taken: frozenset[str]) -> list[Broadcast]:
    """Broadcasts of the same day that are called otherwise: perhaps one of them is meant."""
    return [
        one
        for one in candidates
        if one.id not in taken and one.start is not None and local_day(part, one.start) == part.day
    ]


def own_stream(streams: Iterable[Stream]) -> Stream | None:
    """The stream that the service made for itself; of several, which a lost answer can leave, always the same."""
    found = [one for one in streams if _plain(one.title) == _plain(STREAM_TITLE)]
    return min(found, key=lambda one: (not one.receives, one.id), default=None)


def _plain(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
