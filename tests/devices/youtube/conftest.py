"""A YouTube to publish to, and a channel that a test moves by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broadcaster.config import YouTube
from broadcaster.devices.youtube.live import YouTubeChannel
from tests.devices.youtube.doubles import HASTY, PATIENT, HandClock, MemoryStore
from tests.emulators.youtube import YouTubeEmulator

if TYPE_CHECKING:
    from broadcaster.show.description import DescriptionWish


@pytest.fixture
def youtube():
    with YouTubeEmulator() as emulator:
        emulator.add_video(
            description="Siaran langsung pameran UMKM.\r\nAlamat: Jalan Jetayu 1\n",
            tags=["UMKM", "batik pekalongan"],
            defaultLanguage="id",
            defaultAudioLanguage="id",
        )
        yield emulator


@pytest.fixture
def token_file(youtube, tmp_path):
    return youtube.write_token_file(tmp_path / "token.json")


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def settings(youtube, token_file):
    return YouTube(
        mode="live",
        api_root=youtube.root,
        token_file=token_file,
        channel_id="UCexpo",
        broadcast_id="expo-video-1",
    )


class ByHand:
    """A live channel without its thread: the test takes the worker's turns, on its own clock."""

    def __init__(
        self, settings: YouTube, store: MemoryStore, clock: HandClock, template=None, *, timeout: float = PATIENT
    ) -> None:
        self.clock = clock
        self.store = store
        self.channel = YouTubeChannel(
            settings, store, "demo", clock, template, timeout=timeout, monotonic=clock.monotonic, jitter=lambda: 1.0
        )

    def run(self) -> float:
        """Turns until there is something to wait for; the seconds to wait."""
        for _ in range(20):
            if (pause := self.channel.turn()) > 0:
                return pause
        raise AssertionError("the channel never rests")

    def publish(self, wish: DescriptionWish) -> float:
        self.channel.publish(wish)
        return self.run()

    def after(self, seconds: float) -> float:
        self.clock.advance(seconds)
        return self.run()

    @property
    def state(self) -> str:
        return self.channel.health().state

    @property
    def detail(self) -> str:
        return self.channel.health().detail

    @property
    def outcomes(self) -> list[tuple[str | None, str]]:
        return [(one.item, one.state) for one in self.store.kept]


@pytest.fixture
def hand(request, settings, store, clock):
    """Given up soon are only the calls of tests in which YouTube is silent: any other may be slow on a busy machine."""
    return ByHand(settings, store, clock, timeout=HASTY if request.node.get_closest_marker("silent") else PATIENT)
