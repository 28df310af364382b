"""A store, a clock and a show's moments in the simplest way possible."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.show.description import DescriptionWish
from tests.entries import NINE, SHOP, entry

if TYPE_CHECKING:
    from broadcaster.ports import ChatPost, KnownBroadcast, KnownVideo, Revision
    from broadcaster.show.as_run import AsRun

PATIENT, HASTY = 15.0, 0.8
"""Seconds after which a call is given up."""


class MemoryStore:
    """Only what a channel uses of ports.Store; the rest is there to satisfy the protocol."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.kept: list[Revision] = []
        self.ledger: list[tuple[datetime, str, int]] = []
        self.known: dict[tuple[object, int], KnownBroadcast] = {}
        self.videos: dict[str, KnownVideo] = {}
        self.posts: dict[tuple[str, str], ChatPost] = {}
        self.rows: list[AsRun] = []

    def add_revision(self, show, revision):
        with self._lock:
            self.kept.append(revision)

    def revisions(self, show, limit=None):
        with self._lock:
            return self.kept[-limit:] if limit else list(self.kept)

    def spend(self, at, method, units):
        with self._lock:
            self.ledger.append((at, method, units))

    def spent(self, since):
        with self._lock:
            return sum(units for at, _, units in self.ledger if at >= since)

    def commit(self, change): ...
    def snapshot(self, show): ...
    def as_run(self, show, day=None):
        return [row for row in self.rows if day is None or row.day == day]

    def journal(self, show, limit=200):
        return []

    def broadcasts(self, show):
        return list(self.known.values())

    def keep_broadcast(self, show, known):
        self.known[known.day, known.number] = known

    def known_video(self, video):
        return self.videos.get(video)

    def keep_video(self, known):
        self.videos[known.video] = known

    def chat_post(self, video, item):
        return self.posts.get((video, item))

    def keep_chat_post(self, post):
        self.posts[post.video, post.item] = post

    def prune(self, before):
        return 0

    def forget(self, show): ...
    def close(self): ...


class HandClock:
    """Time moves when the test says so; it is the wall clock and the monotonic one at once."""

    def __init__(self, now: datetime = NINE) -> None:
        self._now = now
        self._began = now

    def now(self) -> datetime:
        return self._now

    def jump(self) -> timedelta | None:
        return None

    def monotonic(self) -> float:
        return (self._now - self._began).total_seconds()

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def wish(number: int | None = 1, **changes) -> DescriptionWish:
    """Exhibitor `number` is on air, the next one follows; None: nothing is on air."""
    on_air = None if number is None else entry(number)
    values = {
        "at": NINE,
        "item": on_air.item if on_air else None,
        "expo_title": "Pekalongan Hybrid Expo UMKM",
        "shop_url": SHOP,
        "timezone": "Asia/Jakarta",
        "hashtags": ("#UMKM",),
        "on_air": on_air,
        "following": (entry((number or 0) + 1),),
        "others": (),
    }
    return DescriptionWish(**{**values, **changes})


def line_one(text: str) -> str:
    return text.partition("\n")[0]
