"""A day in which YouTube, the network and people do all they can; `python -m bench.youtube_storm` has more seeds."""

from __future__ import annotations

import pytest

from bench.youtube_storm import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", [1, 7])
def test_a_day_in_a_storm_of_faults_ends_well(seed):
    """On time, with the right words under the replay, no message twice in the chat, and no word of people's lost."""
    seen, storm = run(seed)
    assert [] == seen.faults
    assert sum(storm.broken.values()) > 50
