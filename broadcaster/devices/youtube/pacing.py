"""How often line 1 may change, and what it may claim, when the quota is not enough for every change to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.show.description import DescriptionWish

UPDATE = ("videos.list", "videos.update")


@dataclass(frozen=True, slots=True)
class Pace:
    """What to write, at which priority, and `interval` seconds or more after the last update.

    Without `says` nothing may be written before the reset.
    """

    interval: float
    says: DescriptionWish | None
    priority: Priority = Priority.LINK
    is_scarce: bool = False


def pace(
    wish: DescriptionWish, ledger: Ledger, now: datetime, minimum: float, *, chat: bool = False, is_named: bool = True
) -> Pace:
    """As the units stand: every change as it comes; or fewer updates, each of which stays true until the next.

    A name on line 1 that nobody can take down again is a wrong link. So where an update must hold for longer than the
    item lasts it is the schedule, with times; and the last one before the reset, out of the reserve, is that too.

    Args:
        wish: The newest.
        ledger: Is told what is still to come.
        now: Aware.
        minimum: Seconds between two updates, at least.
        chat: Whether the coming items go into the chat, too.
        is_named: Whether line 1 names somebody now.

    """
    coming = [change for change in wish.changes if now < change < ledger.resets_at()]
    ledger.expect(links=len(coming), chats=len(coming) if chat else 0)
    affordable = ledger.free(Priority.LINK) // ledger.units(*UPDATE)
    if affordable > len(coming):
        return Pace(minimum, wish)
    if affordable == 0:
        if is_named and ledger.may(Priority.BROADCAST, *UPDATE):
            return Pace(minimum, wish.as_schedule(), Priority.BROADCAST, is_scarce=True)
        return Pace(minimum, None, is_scarce=True)
    interval = max(minimum, (coming[-1] - now).total_seconds() / affordable)
    holds = coming[0] >= now + timedelta(seconds=interval)
    return Pace(interval, wish if holds else wish.as_schedule(), is_scarce=True)
