"""What lies over the picture, and when: one value that overlays of every kind are drawn from.

Overlay pages and the pictures that are drawn where OBS has no browser source receive the same parts with the same
times, so that they agree. How the parts follow from the show's state: `overlay_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.show.rundown import ItemType

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.show.rundown import Exhibitor, Item

NAMED_FOR = timedelta(seconds=20)
"""How long the lower third stays. The panel with the code names the business as long as it is on air."""

ANNOUNCED_FOR = timedelta(seconds=12)
"""How long before an item's end it is said what comes next."""

WORTH_ANNOUNCING = timedelta(seconds=45)
"""Shorter items have no room for it."""


@dataclass(frozen=True, slots=True)
class LowerThird:
    """Whose video this is. `who` is owner and city; every text may be empty but `name`."""

    name: str
    who: str = ""
    category: str = ""
    tagline: str = ""


@dataclass(frozen=True, slots=True)
class CodePanel:
    """Where to buy: a QR code of exactly `link`, with `label` beneath for those who type, under the business's name."""

    name: str
    link: str
    label: str


@dataclass(frozen=True, slots=True)
class NextUp:
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StandCard:
    """The stand that a live tour is at."""

    name: str
    stand: str = ""
    who: str = ""
    tagline: str = ""


Part = LowerThird | CodePanel | NextUp | StandCard


@dataclass(frozen=True, slots=True)
class Timed:
    """A part shown from `since` until just before `until`; None is always."""

    part: Part
    since: datetime | None = None
    until: datetime | None = None

    def is_shown(self, now: datetime) -> bool:
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Overlay:
    parts: tuple[Timed, ...] = ()

    def at(self, now: datetime) -> tuple[Part, ...]:
        return tuple(timed.part for timed in self.parts if timed.is_shown(now))

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant at which `at` answers something else."""
        edges = [edge for timed in self.parts for edge in (timed.since, timed.until) if edge is not None and edge > now]
        return min(edges, default=None)


EMPTY = Overlay()


def overlay_of(
    item: Item,
    exhibitor: Exhibitor | None,
    *,
    began: datetime,
    end: datetime | None,
    following: NextUp | None,
    is_own_picture: bool = True,
) -> Overlay:
    """Over an item that began at `began` and ends at `end` (None: nobody knows).

    `is_own_picture`: False while a card stands in, which names the business itself.
    """
    parts: list[Timed] = []
    announced = None
    if end is not None and following is not None and end - began >= WORTH_ANNOUNCING:
        announced = end - ANNOUNCED_FOR
    if exhibitor is not None and item.type is ItemType.LIVE:
        parts.append(Timed(_stand_card(exhibitor), until=announced))
    elif exhibitor is not None and is_own_picture:
        until = began + NAMED_FOR
        parts.append(Timed(_lower_third(exhibitor), until=None if _is_short(began, end) else until))
    if exhibitor is not None and exhibitor.link:
        parts.append(Timed(CodePanel(exhibitor.name, exhibitor.link, label(exhibitor.link))))
    if item.type is ItemType.BREAK and following is not None:
        parts.append(Timed(following))
    elif announced is not None and following is not None and exhibitor is not None:
        parts.append(Timed(following, since=announced))
    return Overlay(tuple(parts))


def _is_short(began: datetime, end: datetime | None) -> bool:
    return end is not None and end - began < WORTH_ANNOUNCING


def _lower_third(exhibitor: Exhibitor) -> LowerThird:
    return LowerThird(exhibitor.name, _who(exhibitor), exhibitor.category, exhibitor.tagline)


def _stand_card(exhibitor: Exhibitor) -> StandCard:
    return StandCard(exhibitor.name, exhibitor.stand, _who(exhibitor), exhibitor.tagline)


def _who(exhibitor: Exhibitor) -> str:
    return " · ".join(part for part in (exhibitor.owner, exhibitor.city) if part)


def label(link: str) -> str:
    """A link as people read and type it: without what every browser adds by itself."""
    return link.removeprefix("https://").removeprefix("www.").removesuffix("/")
