"""Metrics in Prometheus' text format, read back as Prometheus would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.web.room import FakeRoom

SAMPLE = re.compile(
    r'^(?P<name>[a-z_][a-z0-9_]*)(?:\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (?P<value>\S+)$'
)


def samples(text: str) -> dict[str, float]:
    """name{labels} → value; fails on a line that is no metric, or a sample without its type."""
    found = {}
    typed = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        if line.startswith("#"):
            continue
        match = SAMPLE.match(line)
        assert match is not None, line
        assert match["name"] in typed, line
        key = match["name"] + (f"{{{match['labels']}}}" if match["labels"] else "")
        assert key not in found, line
        found[key] = float(match["value"])
    return found


async def test_metrics_tell_what_is_on_air_and_how_well(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert found['broadcaster_playback{state="running"}'] == 1
    assert found['broadcaster_playback{state="held"}'] == 0
    assert found['broadcaster_obs_state{state="connected"}'] == 1
    assert found['broadcaster_youtube_state{state="ok"}'] == 1
    assert found['broadcaster_stream_state{state="on"}'] == 1
    assert found["broadcaster_stream_kbps"] == 4012
    assert found["broadcaster_recordings_free_bytes"] == 120.5e9
    assert found['broadcaster_alarm{alarm="low_bitrate"}'] == 0
    assert found["broadcaster_youtube_quota_left_units"] == 7350
    assert found["broadcaster_over_under_seconds"] == 42
    assert found['broadcaster_airings_total{outcome="aired"}'] == 2
    assert found['broadcaster_airings_total{outcome="failed"}'] == 0
    assert found["broadcaster_last_start_lateness_seconds"] == -0.003
    assert found['broadcaster_start_lateness_seconds{quantile="1"}'] == 0.04


@pytest.mark.parametrize("title", ['Batik "Sekar"', "Batik\\Sekar", "Batik\nSekar", 'x"} 1\nevil 2'])
async def test_a_title_cannot_break_the_format(client: httpx.AsyncClient, room: FakeRoom, title: str) -> None:
    room._items[room.place]["title"] = title

    found = samples((await client.get("/metrics")).text)

    assert sum(key.startswith("broadcaster_on_air_info") for key in found) == 1
    assert "evil" not in found


async def test_what_is_not_known_is_left_out(client: httpx.AsyncClient, room: FakeRoom) -> None:
    room.playback = "standby"

    found = samples((await client.get("/metrics")).text)

    assert "broadcaster_remaining_seconds" not in found
    assert not any(key.startswith("broadcaster_on_air_info") for key in found)
