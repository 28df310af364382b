"""Stream and recording on the real OBS, with a real RTMP server that goes away and comes back."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from bench.received import receiver as receiver_module
from bench.received.receiver import Receiver
from broadcaster import config
from broadcaster.devices.obs import monitor as monitor_module
from broadcaster.devices.obs.errors import Offline, Refused
from broadcaster.devices.obs.events import EventFeed, ObsEvent, OutputChanged
from broadcaster.devices.obs.monitor import Monitor
from broadcaster.devices.obs.outputs import Outputs
from broadcaster.show.messages import (
    RecordingStarted,
    RecordingStopped,
    Reported,
    StreamDown,
    StreamStopped,
    StreamUp,
)
from broadcaster.show.outputs import Cause, OutputsWanted
from tests.obs_fixtures import Heard, RealClock

pytestmark = [pytest.mark.obs, pytest.mark.timeout(120)]

KEY = "wxyz-1234-hush"
TODAY = date(2026, 11, 24)
ON = OutputsWanted(stream=True, day=TODAY, name="2026-11-24 Hari 1")
OFF = replace(ON, stream=False)
ALONE = replace(ON, stream=None)


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(receiver_module, "KEY", KEY)
    with Receiver(tmp_path / "received") as server:
        yield server


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def keep(private_obs, viewer, heard, tmp_path, monkeypatch):
    """Makes something that keeps stream and recording of the test's OBS; both are off before and after."""
    monkeypatch.setattr(monitor_module, "EVERY", 0.25)
    made: list[EventFeed | Monitor] = []
    lost: list[Offline] = []

    def make(server="", stuck_after=0.0, **recording):
        stream = config.Stream(server=server, key=KEY if server else None, stuck_after=stuck_after)
        recorded = config.Recording(mode="day", folder=tmp_path / "rekaman", **recording)
        outputs = Outputs(RealClock(), stream, recorded, is_private=True)
        outputs.post = heard

        def hear(event: ObsEvent) -> None:
            if isinstance(event, OutputChanged):
                outputs.heard(event)

        made.append(EventFeed(private_obs.address, RealClock(), hear))
        made.append(Monitor(private_obs.address, lost.append, outputs))
        return outputs

    still(viewer)
    yield make
    for each in made:
        each.close()
    still(viewer)
    assert lost == []


def still(viewer):
    """End what is on; a stream that is being started cannot be ended, only waited for."""
    deadline = time.monotonic() + 30
    while (stream := is_on(viewer, "Stream")) | (record := is_on(viewer, "Record")):
        assert time.monotonic() < deadline
        for kind, on in (("Stream", stream), ("Record", record)):
            if on:
                with suppress(Refused):  # it has just ended by itself
                    viewer.connection.call(f"Stop{kind}")
        time.sleep(0.3)


def is_on(viewer, kind):
    return bool(viewer.connection.call(f"Get{kind}Status")["outputActive"])


def wait_for(condition, within=10.0):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def told(heard):
    return [event.message for event in heard.of(Reported)]


def profile(private_obs):
    return private_obs.home / ".config" / "obs-studio" / "basic" / "profiles" / "Playout"


def test_the_stream_goes_on_and_off_as_it_is_wanted_and_obs_forgets_the_key(
    server, keep, heard, viewer, private_obs, caplog
):
    caplog.set_level("DEBUG")
    outputs = keep(server.server)
    heard.wait_for(StreamStopped, lambda event: event.cause is Cause.UNSEEN)
    outputs.wanted = ON
    up = heard.wait_for(StreamUp)
    assert up.cause is Cause.SERVICE
    wait_for(lambda: outputs.numbers.stream.kbps)
    assert outputs.numbers.stream.state == "on"
    assert json.loads((profile(private_obs) / "service.json").read_text())["settings"]["key"] == KEY
    outputs.wanted = OFF
    assert heard.wait_for(StreamStopped, lambda event: event.cause is not Cause.UNSEEN).cause is Cause.SERVICE
    video = server.wait()
    assert duration(video) > 1
    wait_for(lambda: KEY not in "".join(file.read_text() for file in profile(private_obs).glob("service.json*")))
    assert KEY not in caplog.text
    assert KEY not in repr(heard.events) + repr(outputs.numbers.stream)
    assert KEY not in private_obs.log_file.read_text("utf-8", "replace")
    assert heard.of(StreamDown) == []


def test_a_server_that_is_not_there_is_tried_again_and_told_and_is_found_when_it_comes(server, keep, heard):
    server.kill()
    outputs = keep(server.server)
    outputs.wanted = ON
    reported = heard.wait_for(Reported, within=15)
    assert "should be on and is not" in reported.message
    assert "cannot be reached" in reported.values["why"]
    server.listen()
    heard.wait_for(StreamUp, within=20)
    assert heard.of(StreamDown) == []


def test_a_server_that_is_killed_and_comes_back_is_streamed_to_again_by_obs_itself(server, keep, heard):
    outputs = keep(server.server)
    outputs.wanted = ON
    first = heard.wait_for(StreamUp)
    time.sleep(1.5)
    clock = RealClock()
    killed = clock.now()
    server.kill()
    down = heard.wait_for(StreamDown)
    assert abs((down.at - killed).total_seconds()) < 0.3
    assert outputs.numbers.stream.state == "down"
    time.sleep(3)
    server.listen()
    up = heard.wait_for(StreamUp, lambda event: event is not first, within=15)
    back = clock.now()
    assert up.cause is Cause.SERVICE
    assert down.at < up.at <= back
    assert (back - up.at).total_seconds() < 1.5
    assert heard.of(StreamStopped)[1:] == []


def test_a_stream_that_goes_on_reconnecting_is_stopped_and_started_anew(server, keep, heard, viewer):
    """OBS waits longer and longer between its tries; somebody has to shake it."""
    outputs = keep(server.server, stuck_after=3)
    outputs.wanted = ON
    first = heard.wait_for(StreamUp)
    server.kill()
    heard.wait_for(StreamDown)
    wait_for(lambda: not is_on(viewer, "Stream"), 8)  # OBS alone would go on reconnecting
    server.listen()
    heard.wait_for(StreamUp, lambda event: event is not first, within=15)
    assert heard.of(StreamStopped)[1:] == [], "to the show it is one outage"
    assert len(heard.of(StreamDown)) == 1


def test_a_server_that_hangs_is_noticed_and_the_outage_counted_from_the_last_byte(server, keep, heard, viewer):
    """What the network's buffers have swallowed until then nobody can know: about 4 MB on loopback."""
    outputs = keep(server.server, stuck_after=2)
    outputs.wanted = ON
    first = heard.wait_for(StreamUp)
    process = server._ffmpeg
    process.send_signal(signal.SIGSTOP)
    try:
        down = heard.wait_for(StreamDown, within=40)
        noticed = RealClock().now()
        assert (noticed - down.at).total_seconds() > 2
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
    wait_for(lambda: not is_on(viewer, "Stream"))  # this server takes one connection, and OBS itself tries as well
    server.kill()
    server.listen()
    heard.wait_for(StreamUp, lambda event: event is not first, within=30)


def test_a_hand_that_stops_the_stream_is_a_hand_also_while_it_is_reconnecting(server, keep, heard, viewer):
    outputs = keep(server.server)
    outputs.wanted = ON
    heard.wait_for(StreamUp)
    outputs.wanted = ALONE
    viewer.connection.call("StopStream")
    stopped = heard.wait_for(StreamStopped, lambda event: event.cause is Cause.HAND)
    viewer.connection.call(
        "SetStreamServiceSettings",
        streamServiceType="rtmp_custom",
        streamServiceSettings={"server": server.server, "key": KEY},
    )
    server.listen()
    viewer.connection.call("StartStream")
    heard.wait_for(StreamUp, lambda event: event.cause is Cause.HAND)
    server.kill()
    heard.wait_for(StreamDown)
    viewer.connection.call("StopStream")
    heard.wait_for(StreamStopped, lambda event: event.cause is Cause.HAND and event is not stopped)


def duration(video):
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(video)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def settings_of(viewer):
    names = [("Output", "FilenameFormatting"), ("SimpleOutput", "FilePath"), ("SimpleOutput", "RecFormat")]
    return [
        viewer.connection.call("GetProfileParameter", parameterCategory=c, parameterName=n)["parameterValue"]
        for c, n in names
    ]


def test_recordings_have_the_days_name_and_the_operators_own_settings_stay(keep, heard, viewer, tmp_path):
    before = settings_of(viewer)
    outputs = keep()
    outputs.wanted = replace(ON, stream=None, recording=True)
    started = heard.wait_for(RecordingStarted)
    folder = tmp_path / "rekaman"
    assert (started.file, started.cause) == (str(folder / "2026-11-24 Hari 1 – 01.mkv"), Cause.SERVICE)
    assert settings_of(viewer) == before
    wait_for(lambda: outputs.numbers.recorded.hours_left)
    outputs.wanted = replace(ON, stream=None, recording=False)
    heard.wait_for(RecordingStopped, lambda event: event.cause is Cause.SERVICE)
    outputs.wanted = replace(ON, stream=None, recording=True)
    heard.wait_for(RecordingStarted, lambda event: event is not started)
    time.sleep(1.5)
    viewer.connection.call("StopRecord")
    assert heard.wait_for(RecordingStopped, lambda event: event.cause is Cause.HAND)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["2026-11-24 Hari 1 – 01.mkv", "2026-11-24 Hari 1 – 02.mkv"]
    assert all(duration(file) > 1 for file in files)


def test_recording_stops_when_the_disk_is_full_and_not_before(keep, heard, tmp_path, monkeypatch):
    outputs = keep(keep_free=10)
    free = [50.0]
    monkeypatch.setattr(outputs, "_free_gb", lambda _stats: free[0])
    outputs.wanted = replace(ON, stream=None, recording=True)
    first = heard.wait_for(RecordingStarted)
    free[0] = 19
    heard.wait_for(Reported, lambda event: "at %(keep)s GB the recording is stopped" in event.message)
    assert heard.of(RecordingStopped)[1:] == []
    free[0] = 9
    heard.wait_for(RecordingStopped, lambda event: event.cause is Cause.SERVICE)
    heard.wait_for(Reported, lambda event: "The recording is stopped" in event.message)
    free[0] = 15
    time.sleep(1)
    assert len(heard.of(RecordingStarted)) == 1
    free[0] = 21
    heard.wait_for(RecordingStarted, lambda event: event is not first)
    assert len(list((tmp_path / "rekaman").iterdir())) == 2, "nothing is ever deleted"


def test_no_start_or_stop_of_a_stream_delays_a_switch(server, keep, heard, viewer):
    """Also while the server hangs: it is measured what a switch of the program scene takes."""
    outputs = keep(server.server, stuck_after=1)
    slowest = 0.0
    scenes = ("Kamera 2", "Panggung Utama")
    server._ffmpeg.send_signal(signal.SIGSTOP)
    try:
        for number in range(120):
            outputs.wanted = ON if number % 40 < 30 else OFF
            began = time.monotonic()
            viewer.click(scenes[number % 2])
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
    finally:
        server._ffmpeg.send_signal(signal.SIGCONT)
        server.kill()
        outputs.wanted = OFF
    assert slowest < 1, "with 16 ms on a quiet machine there is room for a busy one"
