"""`python -m bench.youtube_storm [--seeds 200] [--first 0]`: a day of 70 exhibitors in a storm, each seed's own.

Whatever goes wrong, the show must run on time; in the end the description under the replay must be right, each message
must stand in the chat once at most, and all that people wrote must stand as they wrote it.
"""

from __future__ import annotations

import argparse
import logging
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import youtube_score as score
from bench.youtube_day import look
from bench.youtube_shows import seventy
from bench.youtube_station import HUMAN, TIMEOUT, Station, video_of
from bench.youtube_world import Threads
from tests.emulators.youtube import Fault, Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bench.youtube_day import Seen

EACH = 0.04
"""The share of calls that fail, whatever else happens."""
GONE: tuple[Kind, ...] = (
    Kind.DROP_BEFORE,
    Kind.RESET_BEFORE,
    Kind.TIMEOUT_BEFORE,
    Kind.UNAVAILABLE,
    Kind.INTERNAL,
    Kind.BAD_GATEWAY,
    Kind.FORBIDDEN_HTML,
    Kind.GARBLED,
)
LOST: tuple[Kind, ...] = (Kind.TIMEOUT_AFTER, Kind.DROP_AFTER, Kind.RESET_AFTER, Kind.CUT, Kind.BAD_GATEWAY_AFTER)
BUSY: tuple[Kind, ...] = (Kind.RATE, Kind.USER_RATE, Kind.USER_REQUESTS, Kind.TOO_MANY)
LYING: tuple[Kind, ...] = (Kind.STALE, Kind.EMPTY, Kind.BLANK_SNIPPET, Kind.WITHOUT_TAGS, Kind.SHORT)
HALF = frozenset({Kind.BLANK_SNIPPET, Kind.WITHOUT_TAGS, Kind.SHORT})
"""Answers that lack something of a snippet."""
ANY: tuple[Kind, ...] = (*GONE, *LOST, *BUSY, *LYING, Kind.SLOW, Kind.UNAUTHORIZED)
LATE = timedelta(milliseconds=100)


@dataclass
class Weather:
    """What the faults are from `begins` to `ends`, for `share` of the calls."""

    begins: datetime
    ends: datetime
    kinds: tuple[Kind, ...]
    share: float


@dataclass
class Storm:
    """Breaks calls by chance and by spells of bad weather, and plays people and accidents on a thread of its own."""

    station: Station
    seed: int
    human: dict[str, str] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(f"storm {self.seed}")
        self._accidents = random.Random(f"accidents {self.seed}")
        part = self.station.parts[0]
        self._video = video_of(part)
        self._begins = self._lied_at = self.station.world.now()
        self._ends = part.end + timedelta(minutes=8)
        self._weather = self._spells()

    def begin(self) -> None:
        self.station.youtube.break_any(self._break)
        Threads(self.station.world).Thread(target=self._happen, name="storm").start()

    # ------------------------------------------------------------ faults of calls

    def _spells(self) -> list[Weather]:
        spells = []
        for kinds, count, longest, share in (
            ((*GONE, *LOST), 2, 10, 1.0),
            (GONE, 2, 4, 0.5),
            (LOST, 2, 4, 0.5),
            (BUSY, 2, 3, 0.9),
            (LYING, 2, 5, 0.5),
            ((Kind.SLOW,), 1, 10, 0.7),
        ):
            for _ in range(count):
                begins = self._moment()
                length = timedelta(minutes=self._accidents.uniform(0.3, longest))
                spells.append(Weather(begins, begins + length, kinds, share))
        return spells

    def _moment(self) -> datetime:
        return self._begins + self._accidents.random() * (self._ends - self._begins)

    def _break(self, method: str) -> Fault | None:
        now, dice = self.station.world.now(), self._dice
        if now > self._ends:
            return None
        chance, kinds = EACH, ANY
        for spell in self._weather:
            if spell.begins <= now < spell.ends and spell.share > chance:
                chance, kinds = spell.share, spell.kinds
        if dice.random() >= chance:
            return None
        kind = dice.choice(kinds)
        if not self._is_possible(method, kind):
            return None
        if kind in HALF:
            # One at a time: people take things out as well, so what is read the same again and again is believed.
            if now - self._lied_at < timedelta(minutes=1):
                return None
            self._lied_at = now
        self.broken[kind.name] += 1
        return Fault(kind, seconds=dice.uniform(3, 14) if kind is Kind.SLOW else TIMEOUT)

    def _is_possible(self, method: str, kind: Kind) -> bool:
        if method == "token":
            return kind in GONE and kind is not Kind.FORBIDDEN_HTML
        if kind in HALF:
            return method == "videos.list"
        if kind is Kind.EMPTY:
            return method.endswith(".list")
        if kind is Kind.STALE and method == "videos.list":
            # A stale answer that hides what a person wrote looks just like one that is right: nobody could tell.
            return self.station.youtube.versions(self._video)[-1].by == "api"
        return kind is not Kind.STALE or method == "liveBroadcasts.list"

    # ------------------------------------------------------------ people and accidents

    def _happen(self) -> None:
        dice, station = self._accidents, self.station
        happenings: list[tuple[datetime, int, Callable[[], object]]] = []

        def at(moment: datetime, what: Callable[[], object]) -> None:
            happenings.append((moment, len(happenings), what))

        for _ in range(6):
            at(self._moment(), self._edit)
        for _ in range(2):
            at(self._moment(), station.crash)
            at(self._moment(), station.youtube.expire_access)
            begins = self._moment()
            at(begins, lambda: self._video_stops(sending=False))
            at(begins + timedelta(seconds=20), lambda: self._video_stops(sending=True))
        if dice.random() < 0.5:
            begins = self._moment()
            at(begins, station.youtube.revoke)
            at(begins + timedelta(minutes=dice.uniform(1, 15)), station.log_in)
        if dice.random() < 0.3:
            begins = self._begins + dice.random() * timedelta(hours=5)
            at(begins, self._quota_goes)
            at(begins.replace(hour=8, minute=0, second=0, microsecond=0), self._quota_is_back)
        for moment, _, what in sorted(happenings):
            station.world.sleep((moment - station.world.now()).total_seconds())
            if station.world.is_over:
                return
            what()

    def _video_stops(self, *, sending: bool) -> None:
        self.broken["video stops"] += not sending
        if self.station.youtube.stream("stream-1").sending_since or sending:
            self.station.youtube.send_video("stream-1", sending=sending)

    def _quota_goes(self) -> None:
        self.broken["quota"] += 1
        self.station.youtube.state.daily_quota = self.station.youtube.quota_used

    def _quota_is_back(self) -> None:
        self.station.youtube.state.daily_quota = 10_000

    def _edit(self) -> None:
        """Somebody changes the description on YouTube's own pages, outside the block."""
        youtube, dice = self.station.youtube, self._accidents
        # What is written in the second between a read and its update is lost, and YouTube has no means against that.
        while self.station.is_under_way("videos."):
            self.station.world.sleep(1)
        text = youtube.description(self._video)
        if (told := score.own_text(text)) != (expected := self.human.get(self._video, HUMAN).strip()):
            self.faults.append(f"{self.station.world.now():%H:%M:%S} people's text was {told!r}, not {expected!r}")
        before, managed, after = score.around(text)
        match dice.choice(("above", "below", "instead", "marker")):
            case "above" if managed:
                before = f"Catatan {dice.randrange(1000)}: parkir di barat.\n\n{before}"
            case "instead" if managed:
                after = f"\n\nHubungi panitia: 0285-{dice.randrange(10**6):06}.\n"
            case "marker" if managed:
                managed = managed.replace(score.OPENING, "▼▼ EXPO ▼▼▼")
            case _:
                after = f"{after}Pembaruan {dice.randrange(1000)}: bazar sampai malam.\n"
        youtube.edit(self._video, description=f"{before}{managed}{after}")
        self.human[self._video] = score.own_text(youtube.description(self._video))
        self.broken["edit"] += 1


def run(seed: int, exhibitors: int = 70) -> tuple[Seen, Storm]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Station(seventy(1, exhibitors), Path(folder), seed, chat=True) as station,
    ):
        station.make_broadcasts()
        storm = Storm(station, seed)
        storm.begin()
        station.play()
        seen = look(station, storm.human)
        seen.faults += storm.faults
        late = [seconds for seconds in seen.late if abs(seconds) > LATE.total_seconds()]
        seen.faults += [f"the show was late by {seconds} s" for seconds in late]
        return seen, storm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    logging.disable()
    began, good, broken = time.perf_counter(), 0, Counter[str]()
    for seed in range(options.first, options.first + options.seeds):
        seen, storm = run(seed)
        broken += storm.broken
        good += not seen.faults
        wrong = sum(span.seconds for span in seen.wrong)
        print(
            f"seed {seed:3}: {seen.calls} calls, {sum(storm.broken.values())} faults, line 1 wrong for {wrong:.0f} s, "
            f"{seen.messages} messages, units {max(seen.units.values())}: {'well' if not seen.faults else 'BAD'}",
            *seen.faults[:5],
            sep="\n    ",
            flush=True,
        )
    print(f"{good} of {options.seeds} days ended well, in {time.perf_counter() - began:.0f} s. What was broken:")
    print("   ", ", ".join(f"{name} {count}" for name, count in broken.most_common()))


if __name__ == "__main__":
    main()
