"""A day on a YouTube that fails at random, seeded: whatever happens, one broadcast, started once and ended once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.devices.youtube.doubles import HASTY, HandClock
from tests.devices.youtube.keeping import TODAY, Kept
from tests.emulators.youtube import Fault, Kind, YouTubeEmulator
from tests.show.desk import NINE

pytestmark = pytest.mark.slow

KINDS = (
    Kind.DROP_BEFORE,
    Kind.DROP_AFTER,
    Kind.RESET_BEFORE,
    Kind.RESET_AFTER,
    Kind.CUT,
    Kind.INTERNAL,
    Kind.UNAVAILABLE,
    Kind.BAD_GATEWAY,
    Kind.BAD_GATEWAY_AFTER,
    Kind.FORBIDDEN_HTML,
    Kind.TOO_MANY,
    Kind.RATE,
    Kind.USER_RATE,
    Kind.USER_REQUESTS,
    Kind.UNAUTHORIZED,
    Kind.GARBLED,
    Kind.EMPTY,
    Kind.STALE,
    Kind.BLANK_SNIPPET,
)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_fails_there_is_one_broadcast_and_it_is_live_and_then_over(seed, tmp_path):
    chance = random.Random(seed)
    clock = HandClock(NINE - timedelta(minutes=30))

    def chaos(method: str) -> Fault | None:
        if method == "token" or chance.random() > 0.3:
            return None
        return Fault(chance.choice(KINDS))

    with YouTubeEmulator(clock=clock.now) as youtube:
        kept = Kept(youtube, clock, tmp_path, timeout=HASTY, go_live="day", complete="day", monitor=bool(seed % 2))
        kept.run(1)
        youtube.break_any(chaos)
        kept.ask("prepare")
        for _restart in range(3):
            kept.run(chance.uniform(1, 40))
            kept.start()
        kept.run(1500)
        youtube.break_any(None)
        kept.run(400)
        assert (1, 1) == (len(youtube.state.broadcasts), len(youtube.state.streams)), kept.told()
        (video,) = youtube.state.broadcasts
        youtube.break_any(chaos)
        kept.sends(video)
        kept.keeper.want_day(TODAY)
        for _restart in range(3):
            kept.run(chance.uniform(1, 20))
            kept.start()
            kept.keeper.want_day(TODAY)
        kept.run(900)
        youtube.break_any(None)
        kept.run(120)
        assert "live" == youtube.broadcast(video).status, kept.told()
        youtube.break_any(chaos)
        kept.keeper.want_day(None)
        kept.run(900)
        youtube.break_any(None)
        kept.run(400)
        assert "complete" == youtube.broadcast(video).status, kept.told()
        assert 1 == len(youtube.state.broadcasts)
