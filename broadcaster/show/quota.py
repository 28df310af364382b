"""YouTube's quota: what each call costs, what it is for, and the day that the units belong to.

The day begins at midnight in Los Angeles: 14:00 or 15:00 in Pekalongan, in the middle of a show.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS: Mapping[str, int] = MappingProxyType(
    {
        "channels.list": 1,
        "videos.list": 1,
        "videos.update": 50,
        "liveBroadcasts.list": 1,
        "liveBroadcasts.insert": 50,
        "liveBroadcasts.update": 50,
        "liveBroadcasts.bind": 50,
        "liveBroadcasts.transition": 50,
        "liveStreams.list": 1,
        "liveStreams.insert": 50,
        "thumbnails.set": 50,
        "liveChatMessages.list": 5,
        "liveChatMessages.insert": 20,
    }
)
"""Units a call, from YouTube's quota table; [youtube] costs corrects it where YouTube changes its mind."""

_PACIFIC = ZoneInfo("America/Los_Angeles")


class Priority(IntEnum):
    """What units are spent on, the most important first. Each leaves alone what those before it will need.

    broadcast: going live, ending, and the last word; it may take the reserve. link: the exhibitor on air on line 1.
    """

    BROADCAST = 0
    LINK = 1
    CHAT = 2
    THUMBNAIL = 3
    READ = 4


def day_start(now: datetime) -> datetime:
    """When the quota day of `now` began, in UTC."""
    return datetime.combine(now.astimezone(_PACIFIC).date(), datetime.min.time(), _PACIFIC).astimezone(UTC)


def day_end(now: datetime) -> datetime:
    """When the quota is whole again, in UTC. Days of 23 and 25 hours are what they are."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), _PACIFIC).astimezone(UTC)
