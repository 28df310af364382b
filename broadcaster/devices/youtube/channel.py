"""The live channel: the broadcasts' keeper, and beside it the description of the broadcast that it looks after.

Two threads and two connections: a description that waits for YouTube delays no broadcast, and the other way round.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.keeper import Keeper
from broadcaster.devices.youtube.live import YouTubeChannel
from broadcaster.devices.youtube.quota import Ledger
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.devices.youtube.wording import Wording
from broadcaster.ports import ChannelHealth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from broadcaster import config, ports
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.messages import Event


def ledger_for(settings: config.YouTube, store: ports.Store, clock: ports.Clock) -> Ledger:
    return Ledger(store, clock, settings.daily_quota, reserve=settings.reserve, costs=settings.costs)


def keeper_for(
    settings: config.YouTube,
    store: ports.Store,
    show: str,
    clock: ports.Clock,
    template: Path | None = None,
    *,
    ledger: Ledger | None = None,
    found: Callable[[str], None] = lambda _id: None,
    over: Callable[[str], None] = lambda _id: None,
) -> Keeper:
    return Keeper(
        settings,
        store,
        show,
        clock,
        ledger or ledger_for(settings, store, clock),
        TokenFile(settings.token_file),
        Wording(template),
        found=found,
        over=over,
    )


class LiveChannel:
    """ports.Channel on YouTube. Each broadcast has a description worker of its own."""

    def __init__(
        self,
        settings: config.YouTube,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        template: Path | None = None,
    ) -> None:
        self._settings, self._store, self._show, self._clock = settings, store, show, clock
        self._template = template
        self._lock = threading.Lock()
        self._wish: DescriptionWish | None = None
        self._post: Callable[[Event], None] = lambda _event: None
        self._is_started = False
        self._ledger = ledger_for(settings, store, clock)
        self.keeper = keeper_for(
            settings, store, show, clock, template, ledger=self._ledger, found=self._found, over=self._over
        )
        self._former: YouTubeChannel | None = None
        self._words: YouTubeChannel | None = None
        self._video = ""
        if settings.broadcast_id and not settings.broadcasts:
            self._words, self._video = self._worker(settings.broadcast_id), settings.broadcast_id

    def start(self, post: Callable[[Event], None]) -> None:
        self._post, self._is_started = post, True
        if self._words is not None:
            self._words.start()
        self.keeper.start(post)

    def stop(self) -> None:
        self.keeper.stop()
        with self._lock:
            workers = [self._former, self._words]
            self._former, self._words, self._is_started = None, None, False
        for words in workers:
            if words is not None:
                words.stop()

    def publish(self, wish: DescriptionWish) -> None:
        with self._lock:
            self._wish = wish
            words = self._words
        if words is not None:
            words.publish(wish)

    def health(self) -> ChannelHealth:
        words, broadcast = self._words, self.keeper.health()
        health = ChannelHealth("waiting", broadcast.detail) if words is None else words.health()
        return replace(health, broadcast=broadcast, login_days=self.keeper.login_days())

    def follow(self, parts: Sequence[DayPart]) -> None:
        self.keeper.follow(parts)

    def want_day(self, day: date | None) -> None:
        self.keeper.want_day(day)

    def ask(self, act: str, broadcast: str = "") -> None:
        self.keeper.ask(act, broadcast)

    def ingestion(self) -> ports.Ingestion | None:
        return self.keeper.ingestion()

    def _worker(self, video: str) -> YouTubeChannel:
        settings = self._settings.model_copy(update={"broadcast_id": video})
        return YouTubeChannel(settings, self._store, self._show, self._clock, self._template, ledger=self._ledger)

    def _found(self, video: str) -> None:
        """On the keeper's thread: another broadcast is looked after from here on. The one before gets its last word."""
        with self._lock:
            if not self._is_started or video == self._video:
                return
            before_last, self._former = self._former, self._words
            words = self._worker(video)
            self._words, self._video = words, video
            wish = self._wish
        if before_last is not None:
            before_last.stop()
        words.start()
        if wish is not None:
            words.publish(wish)

    def _over(self, video: str) -> None:
        """On the keeper's thread: a broadcast has ended."""
        words = self._words if video == self._video else self._former
        if words is not None:
            words.finish()
