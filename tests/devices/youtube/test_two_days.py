"""The example show from its first item to the words under its second replay, on the emulator, in virtual time."""

from __future__ import annotations

import pytest

from bench.timing import percentile
from bench.youtube_day import run
from bench.youtube_shows import pekalongan

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_two_days_of_a_hundred_exhibitors_go_as_they_should():
    seen, _ = run(pekalongan())
    assert [] == seen.faults
    assert (100, 0, 100) == (len(seen.delays), seen.missed, seen.messages)
    assert [] == seen.too_long
    assert percentile(seen.own, 0.95) <= 2
    assert max(seen.units.values()) <= 10_000
    assert max(map(abs, seen.late)) < 0.1
