"""A running video is brought to its place by as few jumps as OBS allows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.devices.obs.joining import Joining
from broadcaster.devices.obs.observed import PLAYING
from broadcaster.devices.obs.plan import Video

DURATION = timedelta(seconds=60)


class Player:
    """A media input as OBS 29 plays it: it seeks to the keyframe before, and its cursor runs."""

    def __init__(self, keyframes_every: float, position: float = 0.0) -> None:
        self.now = 100.0
        self.every = keyframes_every
        self.began = self.now - position
        self.sought: list[float] = []

    @property
    def cursor(self) -> float:
        return self.now - self.began

    def call(self, request, **data):
        if request == "GetMediaInputStatus":
            return {"mediaState": PLAYING, "mediaCursor": round(self.cursor * 1000), "mediaDuration": 60_000}
        assert request == "SetMediaInputCursor"
        self.sought.append(data["mediaCursor"] / 1000)
        self.began = self.now - self.sought[-1] // self.every * self.every
        return {}

    def next_keyframe(self, path, position):
        return timedelta(seconds=(position.total_seconds() // self.every + 1) * self.every)


def join(player, place, keyframes=True):
    """Run a joining to its end; `place` is where the video should be when it starts."""
    start = player.now

    def video():
        return Video("x.mp4", timedelta(seconds=place + player.now - start), DURATION)

    joining = Joining(
        "Deck A", video, player.next_keyframe if keyframes else lambda _path, _at: None, due=start, deadline=start + 5
    )
    while not joining.over:
        player.now = max(joining.due, player.now) + 0.001
        joining.step(player, player.now)
    return video().position.total_seconds()


def test_a_video_at_its_place_is_left_alone():
    player = Player(keyframes_every=1, position=10.0)
    join(player, place=10.15)
    assert player.sought == []


def test_with_a_keyframe_near_one_jump_is_enough():
    player = Player(keyframes_every=0.15)
    place = join(player, place=30.0)
    assert len(player.sought) == 1
    assert player.cursor == pytest.approx(place, abs=0.2)


def test_with_rare_keyframes_the_second_jump_lands_exactly():
    player = Player(keyframes_every=10)
    place = join(player, place=27.0)
    assert player.cursor == pytest.approx(place, abs=0.05)
    assert player.now - 100 == pytest.approx(3.0, abs=0.2)


def test_a_short_jump_forward_goes_by_way_of_a_long_one():
    """OBS would hold the picture still for as long as the jump."""
    player = Player(keyframes_every=0.5, position=0.1)
    join(player, place=1.1)
    assert player.sought[0] > player.sought[1] + 2
    assert player.sought[1] == pytest.approx(1.2, abs=0.1)


def test_without_known_keyframes_it_stays_near():
    player = Player(keyframes_every=10)
    join(player, place=27.0, keyframes=False)
    assert len(player.sought) == 1
