"""`python -m bench.youtube_day`: whole shows on the real client and the emulator over HTTP, in virtual time.

Prints how long line 1 takes to follow what is on air, whom it named wrongly and for how long, units, and whether
people's own text is what it was.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import youtube_score as score
from bench.timing import percentile, tell
from bench.youtube_shows import pekalongan, seventy
from bench.youtube_station import CHANNEL, HUMAN, Station, video_of
from broadcaster.config import YouTube
from broadcaster.devices.clock import SystemClock
from broadcaster.devices.youtube.live import YouTubeChannel
from broadcaster.store import SqlStore
from tests.devices.youtube.doubles import wish
from tests.emulators.youtube import YouTubeEmulator

if TYPE_CHECKING:
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.rundown import Rundown

LONGEST_WRONG = 10.0
"""Seconds for which line 1 may go on naming the exhibitor before."""
AT_LEAST = timedelta(minutes=1)


@dataclass
class Seen:
    """`own` are `delays` less the time that YouTube itself took. `faults` is all that is not as it should be."""

    delays: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    wrong: list[score.Span] = field(default_factory=list)
    missed: int = 0
    units: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    calls: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def too_long(self) -> list[score.Span]:
        return [span for span in self.wrong if span.seconds > LONGEST_WRONG]


def look(station: Station, human: dict[str, str] | None = None) -> Seen:
    """All that can be told of a run once it is over. `human` is people's own text by video, where they changed it."""
    seen, rows = Seen(), station.as_run()
    for part in station.parts:
        _look_at(station, part, seen, (human or {}).get(video_of(part), HUMAN))
    seen.late = [row.lateness_s for row in rows if row.lateness_s is not None]
    seen.units = station.youtube.state.quota_by_day()
    seen.calls = len(station.youtube.requests)
    if max(seen.units.values()) > station.youtube.state.daily_quota:
        seen.faults.append(f"more units than a day has: {seen.units}")
    return seen


def _look_at(station: Station, part: DayPart, seen: Seen, human: str) -> None:
    video, show = video_of(part), station.show
    rows = [row for row in station.as_run() if row.day == part.day]
    aired = score.on_air(rows)
    lines = score.on_line_one(show, station.youtube.versions(video), station.world.now())
    found = score.delays(aired, lines)
    seen.missed += found.count(None)
    spent = station.time_in(("videos.list", "videos.update"))
    for delay, span in zip(found, (span for span in aired if span.exhibitor), strict=True):
        if delay is not None:
            seen.delays.append(delay)
            seen.own.append(max(0.0, delay - spent(span.begins, span.begins + timedelta(seconds=delay))))
    seen.wrong += score.wrong(aired, lines)

    text = station.youtube.description(video)
    if (told := score.own_text(text)) != human.strip():
        seen.faults.append(f"{video}: people's text is {told!r}, not {human!r}")
    broadcast = station.youtube.broadcast(video)
    if broadcast.status != "complete" or broadcast.actual_start is None or broadcast.actual_end is None:
        seen.faults.append(f"{video} is {broadcast.status}")
        return
    _, block, _ = score.around(text)  # people may have damaged a marker after the last word was written
    if text.count(score.CLOSING) != 1:
        seen.faults.append(f"{video}: {text.count(score.CLOSING)} blocks")
    missing = score.missing_times(show, rows, broadcast.actual_start, broadcast.actual_end, block)
    seen.faults += [f"{video}: not in the last description: {one}" for one in missing]
    seen.faults += [f"{video}: chapters: {one}" for one in score.chapter_faults(block)]
    messages = station.youtube.messages(video)
    seen.messages += len(messages)
    seen.faults += [f"{video}: twice in the chat: {one}" for one in score.doubles(messages)]


def run(show: Rundown, seed: object = 0) -> tuple[Seen, float]:
    """A show from beginning to end, nothing going wrong; and the real seconds it took."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Station(show, Path(folder), seed, chat=True) as station:
        station.make_broadcasts()
        station.play()
        seen = look(station)
        texts = [station.youtube.description(video_of(part)) for part in station.parts]
        seen.faults += [f"people's text is not what it was: {text!r}" for text in texts if not text.endswith(HUMAN)]
        return seen, time.perf_counter() - began


def own_work(count: int = 50) -> list[float]:
    """Milliseconds, in real time, from a wish to the emulator's having carried it out, when YouTube takes no time."""
    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder, YouTubeEmulator() as youtube:
        youtube.add_video(description=HUMAN)
        token = youtube.write_token_file(Path(folder) / "token.json")
        settings = YouTube(
            mode="live",
            api_root=youtube.root,
            token_file=token,
            channel_id=CHANNEL,
            broadcast_id="expo-video-1",
            minimum_interval=0,
        )
        store = SqlStore(f"sqlite:///{folder}/bench.db")
        channel = YouTubeChannel(settings, store, "bench", SystemClock())
        channel.start()
        for number in range(count + 1):
            wanted = wish(number)
            link = wanted.on_air.link if wanted.on_air else ""
            began = time.perf_counter()
            channel.publish(wanted)
            youtube.wait_for(partial(_stands, youtube, link))
            found.append((time.perf_counter() - began) * 1000)
        channel.stop()
        store.close()
    return found[1:]  # the first one logs in


def _stands(youtube: YouTubeEmulator, link: str) -> bool:
    return f"{link}\n" in youtube.description()


def report(name: str, seen: Seen, seconds: float) -> str:
    def told(values: list[float]) -> str:
        return (
            f"median {statistics.median(values):.2f} s, p95 {percentile(values, 0.95):.2f} s, max {max(values):.2f} s"
        )

    longest = max((span.seconds for span in seen.wrong), default=0.0)
    units = ", ".join(f"{day} {used:,}" for day, used in sorted(seen.units.items()))
    return "\n".join(
        [
            f"\n# {name} ({seen.calls:,} calls in {seconds:.0f} real seconds)",
            f"exhibitor on air → its link on line 1: {told(seen.delays)} (n={len(seen.delays)})",
            f"the same without YouTube's own time:   {told(seen.own)}",
            f"line 1 never right while on air: {seen.missed}",
            f"line 1 names somebody else: longest {longest:.1f} s; for more than 10 s: {len(seen.too_long)}",
            f"units of 10,000, by quota day: {units}; {seen.messages} chat messages",
            f"starts of the show against plan: max {max(map(abs, seen.late)):.3f} s",
            f"faults: {len(seen.faults)}",
            *seen.faults[:10],
        ]
    )


def main() -> None:
    shows = {
        "schedules/pekalongan, two days, 100 exhibitors": pekalongan(),
        "70 exhibitors on each of two days": seventy(),
    }
    tell("wish → carried out, in real time, without YouTube's", own_work())
    for name, show in shows.items():
        print(report(name, *run(show)), flush=True)


if __name__ == "__main__":
    main()
