"""What a show will cost of YouTube's quota, by quota day, before anything is spent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.show.public_text import clean_link
from broadcaster.show.quota import UNITS, day_end, day_start
from broadcaster.show.timeline import plan, projected_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from broadcaster.show.rundown import Day, Rundown

BROADCAST, LINE_1, CHAT, WATCHING, LAST_WORD = "broadcast", "line_1", "chat", "watching", "last_word"
"""What units are spent on: see Use."""

_UPDATE = ("videos.list", "videos.update")


@dataclass(frozen=True, slots=True)
class Use:
    """Calls to be made at, or from, an instant.

    `what`: broadcast (making, binding, going live, ending), line_1, chat, watching (the broadcast's state, and reading
    back), last_word (the final description); or a word of the caller's own.
    """

    at: datetime
    what: str
    methods: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class QuotaDay:
    """One quota day: `calls` and `units` by what they are spent on, and the units of all."""

    begins: datetime
    ends: datetime
    calls: Mapping[str, int]
    units: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.units.values())


def forecast(
    rundown: Rundown,
    *,
    chat: bool = False,
    watch_every: timedelta | None = timedelta(minutes=1),
    further: Iterable[Use] = (),
    costs: Mapping[str, int] = UNITS,
) -> tuple[QuotaDay, ...]:
    """The quota days that the show falls into, in order, as its plan stands. An hour or a day may fall into two.

    Args:
        rundown: The show.
        chat: Whether exhibitors' links are posted in the chat.
        watch_every: How often broadcast and stream are looked at during a day, one unit each; None for never.
        further: What else is to be done, such as making, binding and starting broadcasts.
        costs: Units a call; those that are not in it cost what show.quota says.

    """
    prices = {**UNITS, **costs}
    days: dict[datetime, tuple[dict[str, int], dict[str, int]]] = {}
    for use in [*_of_show(rundown, chat=chat, watch_every=watch_every), *further]:
        calls, units = days.setdefault(day_start(use.at), (defaultdict(int), defaultdict(int)))
        calls[use.what] += use.times * len(use.methods)
        units[use.what] += use.times * sum(prices[method] for method in use.methods)
    return tuple(QuotaDay(begins, day_end(begins), *days[begins]) for begins in sorted(days))


def _of_show(rundown: Rundown, *, chat: bool, watch_every: timedelta | None) -> Iterator[Use]:
    for day in rundown.days:
        yield from _texts(rundown, day, chat=chat)
        planned = plan(day)
        begins = next((entry.start for entry in planned if entry.start is not None), None)
        ends = max((end for end in (projected_end(planned), day.planned_end) if end is not None), default=None)
        if begins is None or ends is None:
            continue
        if watch_every is not None:
            at = begins
            while at < ends:
                yield Use(at, WATCHING, ("liveBroadcasts.list", "liveStreams.list"))
                at += watch_every
        yield Use(ends, LAST_WORD, ("videos.list", *_UPDATE))


def _texts(rundown: Rundown, day: Day, *, chat: bool) -> Iterator[Use]:
    for entry in plan(day):
        if entry.start is None or entry.item.skip:
            continue
        yield Use(entry.start, LINE_1, _UPDATE)
        yield Use(entry.start, WATCHING, ("videos.list",))  # each update is read back
        exhibitor = rundown.exhibitor_of(entry.item)
        if chat and exhibitor is not None and clean_link(exhibitor.link):
            yield Use(entry.start, CHAT, ("liveChatMessages.insert",))
