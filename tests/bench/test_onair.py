"""The bench itself, on the real OBS."""

from __future__ import annotations

import pytest

from bench import onair

pytestmark = [pytest.mark.obs, pytest.mark.timeout(180)]


def test_the_service_and_the_script_are_measured_on_one_obs_and_the_service_shows_no_black(tmp_path):
    numbers = [1, 3, 19]
    told: list[str] = []
    ours, script = onair.run(tmp_path / "run", tmp_path / "cache", numbers, ("ours", "script"), tell=told.append)
    for score in (ours, script):
        assert [] == score.report.unseen
        assert [3, 19] == [switch.after for switch in score.report.switches]
        assert [1, 3, 19] == [each.clip for each in score.loudness]
        assert score.load is not None
        assert score.load.rendered > 200
        assert all(passage.shown > 20 for passage in score.report.passages)
    assert 0 == ours.total("black")
