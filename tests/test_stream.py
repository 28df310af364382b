"""The whole service on a real OBS with a real RTMP server: a stream that goes with the day, and what viewers missed."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bench.received import receiver as receiver_module
from bench.received.receiver import Receiver
from tests.shows_on_disk import WIB
from tests.test_on_air import Stage, profile, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.obs, pytest.mark.timeout(180)]

KEY = "wxyz-1234-hush"
OUTPUTS = """
[stream]
start = "day"
server = "{server}"
before = 0.1
after = 0.05
[recording]
mode = "day"
"""


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Receiver]:
    monkeypatch.setattr(receiver_module, "KEY", KEY)
    with Receiver(tmp_path / "received") as server:
        yield server


@pytest.fixture
def stage(tmp_path, server, monkeypatch) -> Iterator[Stage]:
    monkeypatch.setenv("BROADCASTER_STREAM__KEY", KEY)
    stage = Stage(tmp_path / "stage")
    with stage.config.open("a") as config:
        config.write(OUTPUTS.format(server=server.server))
    stage.prepare_obs()
    yield stage
    stage.end()


def state(stage: Stage) -> str | None:
    status = stage.status()
    return status["obs"]["stream"]["state"] if status else None


def notices(stage: Stage) -> list[str]:
    return [notice["text"] for notice in stage.get("/api/v1/notices")]


def seconds_of(video: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(video)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_the_stream_goes_with_the_day_comes_back_by_itself_and_the_as_run_says_what_viewers_missed(
    stage, server, clips
):
    start = soon(9)
    videos = {"panjang": clips["panjang"].path, "hijau": clips["hijau"].path}
    stage.write(start, [profile("panjang"), profile("hijau")], videos)
    stage.begin()
    stage.until(lambda: state(stage) == "on", 20)
    assert datetime.now(UTC) < start, "before the first item"
    assert stage.status()["obs"]["streaming"] is True
    stage.until(lambda: stage.current() == "p-panjang" and datetime.now(UTC) > start + timedelta(seconds=3), 20)

    server.kill()
    killed = datetime.now(UTC)
    stage.until(lambda: state(stage) == "down", 3)
    time.sleep(5)
    server.listen()
    stage.until(lambda: state(stage) == "on", 12)
    back = datetime.now(UTC)
    assert stage.eyes.look().name == "panjang", "the show goes on"

    stage.until(lambda: "p-hijau#1" in stage.rows() and stage.rows()["p-panjang#1"]["actual_end"], 20)
    row = stage.rows()["p-panjang#1"]
    assert row["outcome"] == "partial"
    missed = float(row["note"].removeprefix("viewers missed ").removesuffix(" s: the stream was down"))
    assert missed == pytest.approx((back - killed).total_seconds(), abs=1.5)
    stage.until(lambda: stage.status()["playback"] == "ended", 15)
    assert state(stage) == "on", "and some time after the last item"
    stage.until(lambda: state(stage) == "off", 15)
    assert stage.rows()["p-hijau#1"]["outcome"] == "aired"
    told = notices(stage)
    for sentence in ("The stream is on.", "Viewers see nothing", "The stream is back after", "The stream has ended."):
        assert any(text.startswith(sentence) for text in told), told

    recordings = sorted((stage.folder / "recordings").iterdir())
    assert [file.name for file in recordings] == [f"{start.astimezone(WIB).date()} – 01.mkv"]
    assert seconds_of(recordings[0]) > 20
    assert seconds_of(server.wait()) > 1
    assert KEY not in str(stage.status()) + str(told)
    time.sleep(1.5)
    assert [file for file in stage.folder.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()] == []


def test_without_a_server_the_show_goes_on_and_the_operator_is_told(stage, server, clips):
    server.kill()
    stage.write(soon(8), [profile("merah"), profile("hijau")], {n: clips[n].path for n in ("merah", "hijau")})
    stage.begin()
    stage.until(lambda: any(text.startswith("The stream should be on and is not") for text in notices(stage)), 40)
    stage.until(lambda: stage.status()["playback"] == "ended", 30)
    assert [row["outcome"] for row in stage.rows().values()] == ["aired", "aired"]
    assert stage.status()["obs"]["alarms"] in ([], ["stream_off"])
