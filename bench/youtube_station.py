"""A show on the real channel, the real client and the emulator, over HTTP, in virtual time."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

from bench.youtube_world import Threads, World
from broadcaster.conductor import Conductor
from broadcaster.config import YouTube
from broadcaster.devices.rehearsal import RehearsalStudio
from broadcaster.devices.youtube import channel, keeper, live
from broadcaster.show import snapshot
from broadcaster.show.broadcasts import day_parts
from broadcaster.show.messages import Act, Pressed, Ticked
from broadcaster.show.outputs import OutputPolicy
from broadcaster.show.state import day_start, initial
from broadcaster.simulation import LATENCY
from broadcaster.store import SqlStore
from tests.emulators.youtube import YouTubeEmulator

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path
    from typing import Self

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.messages import Event
    from broadcaster.show.rundown import Rundown

SHOW = "bench"
CHANNEL = "UCexpo"
HUMAN = "Siaran langsung pameran UMKM Kota Pekalongan.\r\nGedung Expo, Jalan Jetayu 1 – pintu buka pukul 08.00.\n"
SLOWNESS = {"videos.list": 0.25, "videos.update": 0.7, "token": 0.2}
"""Median seconds of a call; the others take 0.4."""
BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=5)
"""How long the stream is on before and after a day."""
TIMEOUT = 15.0
"""The service's patience with a call. In virtual time it is the emulator that hangs up then."""
EARLY = timedelta(minutes=15)
AFTERWARDS = timedelta(hours=2)


def latency(seed: object) -> Callable[[str], float]:
    """One call in twenty takes three times its median, one in a hundred four times, now and then one ten times."""
    dice = random.Random(f"latency {seed}")
    return lambda method: SLOWNESS.get(method, 0.4) * dice.lognormvariate(0, 0.6)


class Mortal:
    """Lets one life of the service reach something until it is killed; then whoever asks, ends."""

    def __init__(self, what: object, life: list[bool]) -> None:
        self._what, self._life = what, life

    def __getattr__(self, name: str) -> Any:
        if not self._life[0]:
            raise SystemExit
        return getattr(self._what, name)


class Station:
    """One run. Set YouTube up first, then `play`.

    `slowest` is the longest real time in seconds that one decision of the show took, the channel's `publish` in it.
    """

    def __init__(self, show: Rundown, folder: Path, seed: object = 0, **settings: object) -> None:
        starts = [start for day in range(len(show.days)) if (start := day_start(show, day)) is not None]
        self.show = show
        self.world = World(min(starts) - EARLY)
        self._slowness = latency(seed)
        self._calls: list[tuple[str, datetime, datetime]] = []
        self.youtube = YouTubeEmulator(clock=self.world.now, latency=self._latency, sleep=self.world.sleep)
        self.store = SqlStore("sqlite:///:memory:")
        self.parts = day_parts(show, "{expo} – {day}", BEFORE, AFTER)
        self.slowest = 0.0
        self.lives = 0
        self.is_over = False
        self.token_file = folder / "token.json"
        self._settings = settings
        self._dice = random.Random(f"jitter {seed}")
        self._undo = ExitStack()
        self._life = [True]
        self._steady: dict[str, Callable[[], float]] = {}

    def __enter__(self) -> Self:
        self._undo.enter_context(self.youtube)
        self._undo.callback(self.world.end)
        self._undo.callback(self.store.close)
        for module in (channel, keeper, live):
            self._undo.enter_context(mock.patch.object(module, "threading", Threads(self.world)))
        for name in ("Keeper", "YouTubeChannel"):
            made = partial(self._with_time, getattr(channel, name))
            self._undo.enter_context(mock.patch.object(channel, name, made))
        self._studio = RehearsalStudio(self.world, latency=LATENCY)
        self._news = Threads(self.world).Condition()
        self.log_in()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @property
    def settings(self) -> YouTube:
        whole = {
            "mode": "live",
            "api_root": self.youtube.root,
            "token_file": self.token_file,
            "channel_id": CHANNEL,
            "go_live": "day",
            "complete": "day",
            "login_days": 0,
        }
        return YouTube.model_validate(whole | self._settings)

    def time_in(self, methods: Collection[str]) -> Callable[[datetime, datetime], float]:
        """Tells how many seconds between two instants calls of these methods were on their way."""
        calls = [(begins, ends) for method, begins, ends in self._calls if method in methods]

        def seconds(since: datetime, until: datetime) -> float:
            spans = [(max(begins, since), min(ends, until)) for begins, ends in calls]
            return sum((ends - begins).total_seconds() for begins, ends in spans if begins < ends)

        return seconds

    def is_under_way(self, methods: str) -> bool:
        """Whether a call whose method begins so is on its way, and not yet answered."""
        now = self.world.now()
        return any(method.startswith(methods) and begins <= now <= ends for method, begins, ends in self._calls[-20:])

    def _latency(self, method: str) -> float:
        seconds, now = self._slowness(method), self.world.now()
        self._calls.append((method, now, now + timedelta(seconds=seconds)))
        return seconds

    # ------------------------------------------------------------ people

    def log_in(self) -> None:
        self.youtube.write_token_file(self.token_file)

    def make_broadcasts(self) -> None:
        """As the organizers make them, on YouTube's own pages: one a day, all bound to one stream."""
        self.youtube.add_stream("stream-1", "OBS")
        for part in self.parts:
            self.youtube.add_video(
                video_of(part),
                title=part.title,
                description=HUMAN,
                tags=["UMKM", "batik pekalongan"],
                defaultLanguage="id",
                defaultAudioLanguage="id",
            )
            monitor = {"enableMonitorStream": False, "broadcastStreamDelayMs": 0}
            self.youtube.add_broadcast(part.start, video_of(part), monitorStream=monitor)
            self.youtube.bind(video_of(part), "stream-1")

    # ------------------------------------------------------------ the service

    def play(self) -> None:
        """From before the first item to some time after the last, manual items taken at their planned end."""
        self._begin()
        encoder = Threads(self.world).Thread(target=self._encode, name="encoder")
        encoder.start()
        while not self.is_over:
            pause = self._turn()
            with self._news:
                self._news.wait_for(self._has_news, pause)
        self.world.sleep(AFTERWARDS.total_seconds())
        self.channel.stop()

    def crash(self) -> None:
        """The service dies in the middle of whatever it does, and is begun again from what the store has."""
        self._life[0] = False
        self._begin()

    def as_run(self) -> list[AsRun]:
        return self.store.as_run(SHOW)

    def _begin(self) -> None:
        self.lives += 1
        life = self._life = [True]
        clock: Any = Mortal(self.world, life)
        store: Any = Mortal(self.store, life)
        saved = self.store.snapshot(SHOW)
        state = initial(self.show) if saved is None else snapshot.load(saved, self.show)
        state = replace(state, output_policy=OutputPolicy(stream=True, before=BEFORE, after=AFTER))
        self._steady = {"monotonic": partial(_monotonic, clock), "jitter": self._dice.random}
        self.channel = channel.LiveChannel(self.settings, store, SHOW, clock)
        # What OBS shows and streams outlives the service; what its double has answered does not.
        streams, program = self._studio.streaming, self._studio.program_scene
        self._studio = RehearsalStudio(self.world, latency=LATENCY)
        self._studio.streaming, self._studio.program_scene = streams, program
        self.conductor = Conductor(SHOW, state, self.world, self._studio, self.channel, self.store)
        self.channel.follow(self.parts)
        self.channel.start(self._post)
        self._studio.start(self._post)
        self.conductor.begin()

    def _with_time(self, kind: Callable[..., object], *args: object, **options: object) -> object:
        return kind(*args, **options, **self._steady)

    # ------------------------------------------------------------ the show's loop

    def _post(self, event: Event) -> None:
        self.conductor.post(event)
        with self._news:
            self._arrived = True
            self._news.notify()

    def _has_news(self) -> bool:
        arrived, self._arrived = self._arrived, False
        return arrived

    _arrived = False

    def _turn(self) -> float:
        conductor, now = self.conductor, self.world.now()
        conductor.take_in()
        wake, manual = conductor.next_wake(), _manual_end(conductor)
        if wake is None and manual is None:
            self.is_over = conductor.state.ended
            return 60.0
        event: Event
        if wake is None or (manual is not None and manual < wake):
            due, event = manual or now, Pressed(now, Act.TAKE, by="bench")
        else:
            due, event = wake, Ticked(max(wake, now))
        if now < due:
            return (due - now).total_seconds()
        began = time.perf_counter()
        conductor.handle(event)
        self.slowest = max(self.slowest, time.perf_counter() - began)
        return 0.0

    def _encode(self) -> None:
        """OBS: video goes where the channel says, while the show wants a stream."""
        sending = ""
        while True:
            told = self.channel.ingestion()
            wanted = self._studio.streaming and told is not None
            streams = self.youtube.state.streams.values()
            stream = next((one.id for one in streams if wanted and told and one.key == told.key), "")
            if stream != sending:
                if sending:
                    self.youtube.send_video(sending, sending=False)
                if stream:
                    self.youtube.send_video(stream, after=4)
                sending = stream
            self.world.sleep(5)
            if self.world.is_over:
                return


def _monotonic(clock: Any) -> float:
    return float(clock.monotonic())


def video_of(part: DayPart) -> str:
    return f"video-{part.day}"


def _manual_end(conductor: Conductor) -> datetime | None:
    on_air = conductor.state.on_air
    if on_air is None or on_air.end is not None:
        return None
    return max(on_air.expected_end or on_air.began, on_air.began + timedelta(seconds=1))
