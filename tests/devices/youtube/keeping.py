"""A keeper of broadcasts that a test moves by hand, on one clock with its YouTube."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from broadcaster.config import YouTube
from broadcaster.devices.youtube.channel import ledger_for
from broadcaster.devices.youtube.keeper import Keeper
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _
from broadcaster.show.broadcasts import day_parts
from broadcaster.show.messages import Level, Reported
from tests.devices.youtube.doubles import HandClock, MemoryStore
from tests.entries import SHOP
from tests.show.desk import TODAY, day, profile, rundown

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.messages import Event
    from tests.emulators.youtube import YouTubeEmulator

OPENS = timedelta(minutes=30)
TITLE = "Pekalongan Hybrid Expo UMKM – Hari 1"


def two_days(title: str = "{expo} – {day}") -> tuple[DayPart, ...]:
    """A day from nine to ten, and another one a day later."""
    first = day(profile("a", 1800, start=0), profile("b", 1800))
    second = day(profile("c", 3600, start=86400), on=date(2026, 11, 25))
    show = rundown(replace(first, title="Hari 1"), replace(second, title="Hari 2"))
    return day_parts(replace(show, title="Pekalongan Hybrid Expo UMKM", shop_url=SHOP), title)


class Kept:
    """Time passes for the keeper and for YouTube alike, half an hour before nine at first."""

    def __init__(
        self, youtube: YouTubeEmulator, clock: HandClock, folder: Path, *, timeout: float, **settings: object
    ) -> None:
        self.youtube, self.clock, self.folder, self.timeout = youtube, clock, folder, timeout
        token = folder / "token.json"
        if not token.exists():
            youtube.write_token_file(token)
        values = {"mode": "live", "api_root": youtube.root, "token_file": token, "channel_id": "UCexpo"}
        self.settings = YouTube(**{**values, **settings})
        self.store = MemoryStore()
        self.events: list[Reported] = []
        self.videos: list[str] = []
        self.start()

    def start(self, *, follows: bool = True) -> None:
        """Begin, or begin again after a crash: only the store and YouTube remember."""
        self.keeper = Keeper(
            self.settings,
            self.store,
            "demo",
            self.clock,
            ledger_for(self.settings, self.store, self.clock),
            TokenFile(self.settings.token_file),
            Wording(None),
            found=self.videos.append,
            timeout=self.timeout,
            monotonic=self.clock.monotonic,
            jitter=lambda: 1.0,
        )
        self.keeper._telling.post = self._heard
        if follows:
            self.keeper.follow(two_days())

    def _heard(self, event: Event) -> None:
        assert isinstance(event, Reported)
        self.events.append(event)

    def run(self, seconds: float = 60) -> None:
        """The keeper's turns for so many seconds."""
        until = self.clock.monotonic() + seconds
        for _turn in range(2000):
            pause = self.keeper.turn()
            left = until - self.clock.monotonic()
            if left <= 0.001:  # a clock of microseconds does not add up exactly
                return
            self.clock.advance(min(max(pause, 0.5), left))
        raise AssertionError("the keeper never rests")

    def ask(self, act: str, broadcast: str = "") -> None:
        self.keeper.ask(act, broadcast)

    def prepare(self) -> str:
        """Have the day's broadcast made; its id."""
        self.run(1)
        self.ask("prepare")
        self.run(60)
        return self.keeper.health().id

    @property
    def status(self) -> str:
        return self.keeper.health().status

    @property
    def stage(self) -> str:
        return self.keeper.health().stage

    @property
    def alarms(self) -> list[str]:
        return self.told(Level.ALARM)

    def told(self, *levels: Level) -> list[str]:
        return [_(one.message, **one.values) for one in self.events if not levels or one.level in levels]

    def sends(self, video: str, *, on: bool = True) -> None:
        """OBS sends to the stream that the broadcast is bound to, or stops."""
        stream = self.youtube.broadcast(video).stream_id
        assert stream
        self.youtube.send_video(stream, on)


__all__ = ["OPENS", "TITLE", "TODAY", "Kept", "two_days"]
