"""Whether the video on air moves."""

from __future__ import annotations

import pytest

from broadcaster.devices.obs.connection import Connection
from broadcaster.devices.obs.observed import PLAYING
from broadcaster.devices.obs.playing import Playing, Standing

PAUSED = "OBS_MEDIA_STATE_PAUSED"


class Obs(Connection):
    """Answers with what it is told, frame by frame."""

    def __init__(self, answers):
        self.answers = list(answers)

    def batch(self, requests, *, halt=False):
        cursor, duration, state, frames = self.answers.pop(0)
        return [
            {"mediaCursor": cursor, "mediaDuration": duration, "mediaState": state},
            {"renderTotalFrames": frames},
        ]


def outcome(*answers):
    """Of one look every 250 ms."""
    obs = Obs(answers)
    playing = Playing("Deck A", 0.0)
    return [playing.look(obs, number * 0.25) for number in range(len(answers))][-1]


def test_a_video_that_moves_is_fine():
    assert outcome(*((n * 250, 4000, PLAYING, n * 7) for n in range(6))) is Standing.MOVES


@pytest.mark.parametrize("duration", [0, None, 4000])
def test_a_cursor_that_stands_while_obs_renders_is_a_broken_video(duration):
    assert outcome(*((0, duration, PLAYING, n * 7) for n in range(5))) is Standing.STANDS


def test_when_obs_itself_stands_it_is_not_the_video_s_fault():
    assert outcome(*((0, 4000, PLAYING, 3) for _ in range(8))) is Standing.MOVES


def test_a_person_s_pause_is_not_a_fault():
    assert outcome(*((500, 4000, PAUSED, n * 7) for n in range(8))) is Standing.MOVES


def test_a_short_stop_is_forgiven():
    moves = [(0, 4000, PLAYING, 0), (0, 4000, PLAYING, 7), (250, 4000, PLAYING, 14), (250, 4000, PLAYING, 21)]
    assert outcome(*moves) is Standing.MOVES
