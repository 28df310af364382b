"""What the operator is told about the broadcasts, each thing once; translated where it is shown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.life_cycle import Goal, Stage, is_over
from broadcaster.show.messages import Level, Reported
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from broadcaster.devices.youtube.broadcasts import Broadcast
    from broadcaster.ports import Clock
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.messages import Event

    Key = tuple[date, int]

LATE_VIDEO = 60.0
"""Seconds for which video may be missing, and a start may take, before that is told."""
SLOW_START = 90.0

IS_LIVE = N_("“%(title)s” is live on YouTube: %(url)s")
HAS_ENDED = N_("“%(title)s” has ended on YouTube: %(url)s")
PREPARED = N_("The broadcast “%(title)s” is prepared.")
NOT_YET = N_(
    "YouTube has no broadcast “%(title)s” for %(day)s yet (others of that day: %(others)s). "
    "`broadcaster youtube plan --apply` makes it."
)
MISSING = N_(
    "YouTube has no broadcast “%(title)s” for %(day)s, and the day has begun (others of that day: %(others)s). Run "
    "`broadcaster youtube plan --apply`, or name the right one in [youtube.broadcasts]."
)
OVER_ALREADY = N_(
    "The broadcast “%(title)s” has ended on YouTube, though the show is on: %(url)s. YouTube begins none anew. Make "
    "another one, and name it in [youtube.broadcasts]."
)
NO_STREAM = N_("The broadcast “%(title)s” has no stream to go live with. Run `broadcaster youtube plan --apply`.")
NO_VIDEO = N_(
    "YouTube gets no video for “%(title)s”: it goes live as soon as some arrives. Is OBS streaming, and with the key "
    "of this broadcast?"
)
SLOW = N_("YouTube is slow: “%(title)s” is still %(status)s. It is looked at again and again.")
OTHER_LIVE = N_(
    "Another broadcast is live on the channel: “%(title)s”, %(url)s. The show's is %(own)s: viewers may be watching "
    "the wrong one. End the other one in YouTube Studio."
)
OTHER_STREAM = N_(
    "“%(title)s” is bound to stream %(bound)s, not to %(expected)s: what OBS sends may not be what viewers get. Choose "
    "the right stream key in YouTube Studio."
)
LOGIN_ENDS = N_(
    "The login for YouTube ends in %(days)s days, before the show does. Run `broadcaster youtube login` before then; a "
    "running show takes the new one up."
)
TROUBLE = N_("The broadcast on YouTube cannot be looked after: %(why)s The show goes on.")
AGAIN = N_("The broadcast on YouTube is looked after again.")


class Telling:
    """Belongs to the keeper's worker."""

    def __init__(self, clock: Clock) -> None:
        self.post: Callable[[Event], None] = lambda _event: None
        self._clock = clock
        self._told: dict[Key, set[str]] = defaultdict(set)
        self._others: set[str] = set()
        self._outage = ""
        self._login_days: int | None = None

    def status(self, now: Broadcast, before: str) -> None:
        """A status that has changed since the last look; `before` is "" at the first one, which is no news."""
        about = {"title": now.title, "url": now.url}
        if now.status == "live" and before not in {"", "live"}:
            self.tell(Level.INFO, IS_LIVE, **about)
        if is_over(now.status) and before and not is_over(before):
            self.tell(Level.INFO, HAS_ENDED, **about)

    def stage(self, key: Key, now: Broadcast, goal: Goal, stage: Stage, waited: float, *, can_bind: bool) -> None:
        """How far it is on the way to its goal, for which it has been wanted `waited` seconds."""
        about = {"title": now.title, "url": now.url}
        match stage:
            case Stage.OVER if goal is Goal.LIVE:
                self._once(key, Level.ALARM, OVER_ALREADY, **about)
            case Stage.NO_STREAM if not can_bind:
                self._once(key, Level.ALARM, NO_STREAM, **about)
            case Stage.NO_VIDEO if waited >= LATE_VIDEO:
                self._once(key, Level.WARNING, NO_VIDEO, **about)
            case Stage.MOVING if waited >= SLOW_START:
                self._once(key, Level.WARNING, SLOW, status=now.status, **about)
            case Stage.REACHED | Stage.IDLE:
                self._told[key] -= {NO_VIDEO, SLOW, NO_STREAM}
            case _:
                pass

    def meant_to_end(self, key: Key) -> None:
        """A person had it ended from here: that it is over is no alarm."""
        self._told[key].add(OVER_ALREADY)

    def missing(self, part: DayPart, others: Sequence[Broadcast], *, is_urgent: bool) -> None:
        named = ", ".join(f"“{one.title}” ({one.id})" for one in others) or "–"
        values = {"title": part.title, "day": part.day.isoformat(), "others": named}
        if is_urgent:
            self._once(part.key, Level.ALARM, MISSING, **values)
        else:
            self._once(part.key, Level.WARNING, NOT_YET, **values)

    def other_live(self, other: Broadcast, own: str) -> None:
        if other.id not in self._others:
            self._others.add(other.id)
            self.tell(Level.ALARM, OTHER_LIVE, title=other.title, url=other.url, own=own)

    def other_stream(self, key: Key, title: str, bound: str, expected: str) -> None:
        self._once(key, Level.ALARM, OTHER_STREAM, title=title, bound=bound, expected=expected)

    def login_ends(self, days: float) -> None:
        """Once, and again on each of its last three days."""
        whole = max(0, int(days))
        if self._login_days is None or (whole < 3 and whole < self._login_days):
            self._login_days = whole
            self.tell(Level.WARNING, LOGIN_ENDS, days=f"{max(days, 0):.1f}")

    def trouble(self, kind: str, why: str) -> None:
        if kind != self._outage:
            self._outage = kind
            self.tell(Level.ALARM, TROUBLE, why=why)

    def well(self) -> None:
        if self._outage:
            self._outage = ""
            self.tell(Level.INFO, AGAIN)

    def tell(self, level: Level, message: str, **values: str) -> None:
        self.post(Reported(self._clock.now(), level, message, values))

    def _once(self, key: Key, level: Level, message: str, **values: str) -> None:
        if message not in self._told[key]:
            self._told[key].add(message)
            self.tell(level, message, **values)
