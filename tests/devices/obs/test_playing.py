"""Whether the video on air moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.devices.obs.connection import Connection
from broadcaster.devices.obs.observed import PLAYING
from broadcaster.devices.obs.playing import Playing, Standing

PAUSED = "OBS_MEDIA_STATE_PAUSED"


class Obs(Connection):
    """Answers with what it is told, frame by frame."""

    def __init__(self, answers):
        self.answers = list(answers)

    def batch(self, requests, *, halt=False, by_frame=False):
        cursor, duration, state, frames = self.answers.pop(0)
        return [
            {"mediaCursor": cursor, "mediaDuration": duration, "mediaState": state},
            {"renderTotalFrames": frames},
        ]


def outcome(*answers, slide=None):
    """Of one look every 250 ms, at a file with a picture every `slide` seconds, if that is known."""
    obs = Obs(answers)

    def next_picture(_path, place):
        return None if slide is None else (place // timedelta(seconds=slide) + 1) * timedelta(seconds=slide)

    playing = Playing("Deck A", "sekar.mp4", 0.0, next_picture)
    return [playing.look(obs, number * 0.25) for number in range(len(answers))][-1]


def standing(seconds, cursor=0, duration=60_000, state=PLAYING, frames=7, since=0):
    """Looks for so many seconds at a cursor that stands, while OBS renders so many frames per look."""
    return [(cursor, duration, state, (since + n) * frames) for n in range(int(seconds * 4) + 1)]


def test_a_video_that_moves_is_fine():
    assert outcome(*((n * 250, 4000, PLAYING, n * 7) for n in range(6))) is Standing.MOVES


@pytest.mark.parametrize("duration", [0, None, 4000])
def test_a_video_that_never_moves_is_broken(duration):
    assert outcome(*standing(1, duration=duration)) is Standing.STANDS


def test_when_obs_itself_stands_it_is_not_the_video_s_fault():
    assert outcome(*standing(2, frames=0)) is Standing.MOVES


def test_a_person_s_pause_is_not_a_fault():
    assert outcome(*standing(8, cursor=500, state=PAUSED)) is Standing.MOVES


def test_a_busy_disk_is_forgiven_a_video_that_has_moved():
    moves = [(0, 4000, PLAYING, 0), (250, 4000, PLAYING, 7)]
    assert outcome(*moves, *standing(4, cursor=250, since=2)) is Standing.MOVES
    assert outcome(*moves, *standing(6, cursor=250, since=2)) is Standing.STANDS


def test_a_slide_show_stands_for_as_long_as_a_slide_does():
    assert outcome(*standing(9.5), slide=10) is Standing.MOVES
    assert outcome(*standing(11), slide=10) is Standing.STANDS
    later = [(0, 60_000, PLAYING, 0), (10_000, 60_000, PLAYING, 7)]
    assert outcome(*later, *standing(14, cursor=10_000, since=2), slide=10) is Standing.MOVES
    assert outcome(*later, *standing(16, cursor=10_000, since=2), slide=10) is Standing.STANDS
