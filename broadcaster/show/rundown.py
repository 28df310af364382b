"""What a show is: exhibitors, and days of timed, ordered items.

All instants are aware datetimes in UTC; local time exists in files and on screens only.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ItemId = NewType("ItemId", str)
ExhibitorId = NewType("ExhibitorId", str)


class ItemType(StrEnum):
    LIVE = "live"
    PROFILE = "profile"
    VIDEO = "video"
    SLATE = "slate"
    BREAK = "break"


class End(StrEnum):
    """How an item leaves air: by its duration, or by the operator's take."""

    AUTO = "auto"
    MANUAL = "manual"


class HardStart(StrEnum):
    """What a hard start does to an item that is still running."""

    CUT = "cut"
    FINISH = "finish"


class MissedStart(StrEnum):
    """What happens to an item whose start was missed (late start of the show, crash, late wake-up)."""

    JOIN = "join"
    RESTART = "restart"
    SKIP = "skip"


class MissingMedia(StrEnum):
    """What goes on air when a video cannot be played."""

    CARD = "card"
    SKIP = "skip"


class TransitionKind(StrEnum):
    CUT = "cut"
    FADE = "fade"


@dataclass(frozen=True, slots=True)
class Transition:
    """How an item comes on air. A fade ends `duration` after the item's start; a cut takes no time."""

    kind: TransitionKind = TransitionKind.CUT
    duration: timedelta = timedelta(0)


CUT = Transition()
LONGEST_FADE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Media:
    """A video file as the probe and the analysis saw it.

    `duration` is the picture's true length, None when it could not be read. `fault` says in a person's
    words why the file cannot be played; empty means it can. `size` is (width, height) in pixels as viewers see it,
    turned by `rotation`, in degrees counter-clockwise. `loudness` is the integrated loudness in LUFS and `true_peak`
    the highest peak in dBTP (EBU R 128, ITU-R BS.1770), None until measured and for a file without sound. `backdrop`
    is the path of a still picture to lie behind a video that leaves parts of the canvas empty; empty without one.
    """

    path: str
    duration: timedelta | None = None
    fault: str = ""
    size: tuple[int, int] | None = None
    loudness: float | None = None
    true_peak: float | None = None
    backdrop: str = ""
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Exhibitor:
    """A business of the expo. Links are complete https URLs or empty; `whatsapp` is a complete wa.me URL."""

    id: ExhibitorId
    name: str
    owner: str = ""
    city: str = ""
    category: str = ""
    kind: str = "virtual"  # virtual | stand
    stand: str = ""
    tagline: str = ""
    products: str = ""
    video: Media | None = None
    catalogue: str = ""
    shop: str = ""
    shopee: str = ""
    tokopedia: str = ""
    instagram: str = ""
    whatsapp: str = ""

    @property
    def link(self) -> str:
        """Where a viewer buys: the shop of its own first, then marketplaces, then ways to ask."""
        return self.shop or self.shopee or self.tokopedia or self.catalogue or self.whatsapp or self.instagram


@dataclass(frozen=True, slots=True)
class Item:
    """One playable entry of a rundown.

    `start` is a hard start; None is a soft one. `duration` is the airtime planned: as written, else the
    media's own length, else None (open: until the next hard start or a take). `scene` is an OBS scene of
    the operator's own: what a live item shows, or what a profile shows instead of its video. `transition` is None where
    the show's own is meant.
    """

    id: ItemId
    cue: str
    type: ItemType
    title: str
    exhibitor: ExhibitorId | None = None
    media: Media | None = None
    scene: str | None = None
    start: datetime | None = None
    duration: timedelta | None = None
    end: End = End.AUTO
    skip: bool = False
    note: str = ""
    transition: Transition | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A show day: its local date and its items in order. `planned_end` is what over/under is measured against."""

    date: date
    title: str
    items: tuple[Item, ...]
    planned_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    hard_start: HardStart = HardStart.CUT
    missed_start: MissedStart = MissedStart.JOIN
    missing_media: MissingMedia = MissingMedia.CARD


@dataclass(frozen=True, slots=True)
class Rundown:
    """A whole show. Item ids are unique in it, days ascend by date; `schedule_files` sees to both.

    `timezone` is an IANA name. `revision` changes whenever anything in the files does. `music` is the path of what is
    played under the standby slate.
    """

    title: str
    timezone: str
    days: tuple[Day, ...]
    exhibitors: Mapping[ExhibitorId, Exhibitor] = field(default_factory=lambda: MappingProxyType({}))
    shop_url: str = ""
    hashtags: tuple[str, ...] = ()
    standby_scene: str | None = None
    filler: tuple[Media, ...] = ()
    policy: Policy = field(default_factory=Policy)
    transition: Transition = CUT
    music: Media | None = None
    revision: str = ""
    _places: Mapping[ItemId, tuple[int, int]] = field(init=False, repr=False, compare=False)
    _hard: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {item.id: (d, i) for d, day in enumerate(self.days) for i, item in enumerate(day.items)}
        hard = tuple(tuple(i for i, item in enumerate(day.items) if item.start is not None) for day in self.days)
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_hard", hard)

    def hard_starts(self, day: int, after: int) -> Iterator[int]:
        """The indices of the day's items with a hard start, beyond index `after`, ascending."""
        indices = self._hard[day]
        return iter(indices[bisect_right(indices, after) :])

    def place(self, item: ItemId) -> tuple[int, int] | None:
        """(day, index in the day) of an item, or None when the rundown has no such item."""
        return self._places.get(item)

    def find(self, item: ItemId) -> Item | None:
        place = self._places.get(item)
        return None if place is None else self.days[place[0]].items[place[1]]

    def exhibitor_of(self, item: Item) -> Exhibitor | None:
        return None if item.exhibitor is None else self.exhibitors.get(item.exhibitor)
