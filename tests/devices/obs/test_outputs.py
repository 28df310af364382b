"""Stream and recording on an OBS that is played: what is asked of it, what is told of it, and what never leaves."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

import pytest

from broadcaster import config
from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.outputs import Outputs
from broadcaster.ports import Ingestion
from broadcaster.show.messages import RecordingStarted, RecordingStopped, Reported, StreamUp
from broadcaster.show.outputs import OutputsWanted
from tests.show.desk import at

SERVER, KEY = "rtmp://live.example/app", "wxyz-1234-hush"
ON = OutputsWanted(stream=True, recording=True, day=date(2026, 11, 24), name="2026-11-24 Hari 1")
OFF = replace(ON, stream=False, recording=False)

THEIRS = {
    ("Output", "Mode"): "Simple",
    ("Output", "FilenameFormatting"): "%CCYY",
    ("SimpleOutput", "FilePath"): "/home/ani",
    ("SimpleOutput", "RecFormat"): "mp4",
    ("SimpleOutput", "VBitrate"): "4000",
    ("SimpleOutput", "ABitrate"): "160",
    ("AdvOut", "RecFilePath"): "/home/ani/adv",
    ("AdvOut", "FFFilePath"): "/home/ani/ff",
}


class PlayedObs:
    """The few requests that are made of OBS; `asked` are those that change something."""

    def __init__(self, **profile):
        self.profile = dict(THEIRS) | profile.get("profile", {})
        self.service = {"streamServiceType": "rtmp_common", "streamServiceSettings": {"server": "auto"}}
        self.asked: list[str] = []
        self.refuses: set[str] = set()
        self.streaming = self.recording = False
        self.recorded_as: list[tuple[str | None, ...]] = []
        self.bytes = self.frames = 0

    def call(self, request_type, /, **data):
        answer = self.batch([Request(request_type, data)])[0]
        if isinstance(answer, Refused):
            raise answer
        return answer

    def batch(self, requests, *, halt=False):
        return [self._do(request.type, **request.data) for request in requests]

    def _do(self, kind, **data):
        if kind in self.refuses:
            return Refused(kind, 500)
        match kind:
            case "GetProfileParameter":
                key = (data["parameterCategory"], data["parameterName"])
                return {"parameterValue": self.profile.get(key)}
            case "SetProfileParameter":
                key = (data["parameterCategory"], data["parameterName"])
                self.profile[key] = data["parameterValue"]
            case "GetStreamServiceSettings":
                return self.service
            case "SetStreamServiceSettings":
                self.service = data
                self.asked.append(f"key {data['streamServiceSettings']['key']!r}")
            case "StartRecord":
                names = [("Output", "FilenameFormatting"), ("SimpleOutput", "FilePath"), ("SimpleOutput", "RecFormat")]
                self.recorded_as.append(tuple(self.profile.get(name) for name in names))
                self.recording = True
            case "StopRecord":
                self.recording = False
            case "StartStream" | "StopStream":
                self.streaming = kind == "StartStream"
        if kind.startswith(("Start", "Stop")):
            self.asked.append(kind)
        return {}

    def poll(self, outputs, clock, seconds=1):
        for _ in range(seconds):
            clock.move(1)
            if self.streaming:
                self.bytes, self.frames = self.bytes + 500_000, self.frames + 30
            outputs.look(self, self.stats(clock), self.stream(), self.record())
            outputs.act(self)

    def stats(self, clock):
        frames = int(clock.seconds * 30)
        return {
            "renderTotalFrames": frames,
            "renderSkippedFrames": 0,
            "outputTotalFrames": frames,
            "outputSkippedFrames": 0,
            "availableDiskSpace": 20_000.0,
        }

    def stream(self):
        return {
            "outputActive": self.streaming,
            "outputReconnecting": False,
            "outputBytes": self.bytes,
            "outputTotalFrames": self.frames,
            "outputSkippedFrames": 0,
            "outputCongestion": 0.0,
            "outputDuration": self.frames * 1000 / 30,
        }

    def record(self):
        return {"outputActive": self.recording, "outputBytes": self.bytes, "outputDuration": 0}


class Clock:
    """Both clocks at once: it is what the outputs see of time."""

    def __init__(self):
        self.seconds = 1000.0

    def move(self, seconds):
        self.seconds += seconds

    def now(self):
        return at(self.seconds)

    def jump(self):
        return None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keep(clock, tmp_path):
    def make(*, mode="day", key=True, stuck_after=0, keep_free=0.001, folder=tmp_path / "rekaman", **options):
        stream = config.Stream(server=SERVER if key else "", key=KEY if key else None, stuck_after=stuck_after)
        recording = config.Recording(mode=mode, folder=folder, keep_free=keep_free)
        outputs = Outputs(clock, stream, recording, steady=lambda: clock.seconds, **options)
        outputs.told = []  # type: ignore[attr-defined]
        outputs.post = outputs.told.append  # type: ignore[attr-defined]
        return outputs

    return make


def told(outputs, kind):
    return [event for event in outputs.told if isinstance(event, kind)]


def test_server_and_key_are_given_to_obs_before_the_stream_begins_and_only_when_it_has_others(keep, clock):
    obs, outputs = PlayedObs(), keep()
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 3)
    obs.poll(outputs, clock, 3)
    assert obs.asked == [f"key {KEY!r}", "StartStream"]
    outputs.wanted = replace(OFF, recording=None)
    obs.poll(outputs, clock, 5)
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 5)
    assert obs.asked[2:] == ["StopStream", "StartStream"]


def test_where_youtube_sends_it_is_asked_at_each_start_and_waited_for(keep, clock):
    """Another day's broadcast may have another key; at the start of the service none is known yet."""
    there: list[Ingestion | None] = [None]
    obs, outputs = PlayedObs(), keep(key=False, is_private=True, destination=lambda: there[0])
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 5)
    assert obs.asked == []
    there[0] = Ingestion(SERVER, KEY)
    obs.poll(outputs, clock, 8)
    assert obs.asked == [f"key {KEY!r}", "StartStream"]
    outputs.wanted = replace(OFF, recording=None)
    obs.poll(outputs, clock, 8)
    assert obs.asked[2:] == ["StopStream", "key ''", "key ''"]


def test_an_obs_of_the_services_own_forgets_the_key_twice_as_it_keeps_the_version_before(keep, clock):
    obs, outputs = PlayedObs(), keep(is_private=True)
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 3)
    outputs.wanted = replace(OFF, recording=None)
    obs.poll(outputs, clock, 8)
    assert obs.asked == [f"key {KEY!r}", "StartStream", "StopStream", "key ''", "key ''"]


def test_a_key_that_a_killed_service_left_in_its_own_obs_is_taken_back_at_the_next_start(keep, clock):
    obs, outputs = PlayedObs(), keep(is_private=True)
    obs.service = {"streamServiceType": "rtmp_custom", "streamServiceSettings": {"server": SERVER, "key": KEY}}
    obs.poll(outputs, clock, 2)
    assert obs.asked == ["key ''", "key ''"]


def test_a_key_for_another_server_is_somebodys_own(keep, clock):
    obs, outputs = PlayedObs(), keep(is_private=True)
    theirs = {"server": "rtmp://other.example/app", "key": "theirs"}
    obs.service = {"streamServiceType": "rtmp_custom", "streamServiceSettings": theirs}
    obs.poll(outputs, clock, 5)
    assert obs.asked == []


def test_without_a_server_obs_streams_to_where_it_is_set_to(keep, clock):
    obs, outputs = PlayedObs(), keep(key=False)
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 3)
    assert obs.asked == ["StartStream"]


def test_the_key_is_in_no_log_no_event_and_no_number(keep, clock, caplog):
    caplog.set_level(logging.DEBUG)
    obs, outputs = PlayedObs(), keep()
    obs.refuses = {"StartStream"}
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 20)
    obs.refuses = {"SetStreamServiceSettings"}
    obs.poll(outputs, clock, 20)
    obs.refuses = set()
    obs.poll(outputs, clock, 20)
    assert told(outputs, StreamUp)
    assert KEY not in caplog.text + repr(outputs.told) + repr(outputs.numbers)


def test_a_start_that_obs_refuses_is_told_with_its_reason(keep, clock):
    obs, outputs = PlayedObs(), keep()
    obs.refuses = {"StartStream"}
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 15)
    (report,) = told(outputs, Reported)
    assert "should be on and is not" in report.message
    assert report.values["why"] == "StartStream: 500"
    assert outputs.alarms.raised == ("stream_off",)
    obs.refuses = set()
    obs.poll(outputs, clock, 20)
    assert outputs.alarms.raised == ()


@pytest.mark.parametrize(
    ("mode", "kind", "changes"),
    [
        ("Simple", "Standard", ("SimpleOutput", "FilePath")),
        ("Advanced", "Standard", ("AdvOut", "RecFilePath")),
        ("Advanced", "FFmpeg", ("AdvOut", "FFFilePath")),
    ],
)
def test_a_recording_has_the_days_name_and_the_profile_is_the_operators_again(
    keep, clock, tmp_path, mode, kind, changes, monkeypatch
):
    obs = PlayedObs(profile={("Output", "Mode"): mode, ("AdvOut", "RecType"): kind})
    written: dict[tuple[str, str], str] = {}
    do = obs._do

    def watch(request, **data):
        if request == "SetProfileParameter" and not obs.recording:
            written[data["parameterCategory"], data["parameterName"]] = data["parameterValue"]
        return do(request, **data)

    monkeypatch.setattr(obs, "_do", watch)
    before, outputs = dict(obs.profile), keep()
    outputs.wanted = replace(ON, stream=None)
    obs.poll(outputs, clock, 3)
    assert written["Output", "FilenameFormatting"] == "2026-11-24 Hari 1 – 01"
    assert written[changes] == str(tmp_path / "rekaman")
    assert {key: value for key, value in obs.profile.items() if value is not None} == before
    assert told(outputs, RecordingStarted)


def test_parts_count_up_by_what_is_in_the_folder(keep, clock, tmp_path):
    folder = tmp_path / "rekaman"
    folder.mkdir()
    (folder / "2026-11-24 Hari 1 – 07.mkv").touch()
    obs, outputs = PlayedObs(), keep()
    outputs.wanted = replace(ON, stream=None)
    obs.poll(outputs, clock, 3)
    assert obs.recorded_as == [("2026-11-24 Hari 1 – 08", str(folder), "mkv")]


def test_a_recording_that_breaks_off_is_begun_anew_and_not_ever_faster(keep, clock):
    obs, outputs = PlayedObs(), keep()
    outputs.wanted = replace(ON, stream=None)
    for _ in range(30):
        obs.poll(outputs, clock, 2)
        obs.recording = False
    assert 3 < len(obs.recorded_as) < 16
    assert {event.cause for event in told(outputs, RecordingStopped)} == {"unseen", "broke"}


def test_a_folder_that_cannot_be_made_is_told_and_tried_again(keep, clock, tmp_path):
    (tmp_path / "rekaman").write_text("in the way")
    obs, outputs = PlayedObs(), keep()
    outputs.wanted = replace(ON, stream=None)
    obs.poll(outputs, clock, 15)
    (report,) = told(outputs, Reported)
    assert "should be on and is not" in report.message
    assert "File exists" in report.values["why"]
    (tmp_path / "rekaman").unlink()
    obs.poll(outputs, clock, 20)
    assert told(outputs, RecordingStarted)


def test_the_disk_of_an_obs_elsewhere_is_what_that_obs_says(keep, clock):
    obs, outputs = PlayedObs(), keep(is_local=False, keep_free=12)
    obs.poll(outputs, clock, 3)
    assert outputs.numbers.recorded.free_gb == pytest.approx(20.97, abs=0.01)
    (report,) = told(outputs, Reported)
    assert report.values["free"] == "21.0"


def test_the_numbers_say_how_the_stream_is_now(keep, clock):
    obs, outputs = PlayedObs(), keep()
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 20)
    stream = outputs.numbers.stream
    assert (stream.state, stream.kbps, stream.dropped_percent) == ("on", 4000, 0)
    assert stream.uptime_s == pytest.approx(18, abs=1.1)
    assert outputs.alarms.raised == ()


def test_a_stream_at_a_fraction_of_its_bitrate_is_told_with_both(keep, clock):
    obs, outputs = PlayedObs(profile={("SimpleOutput", "VBitrate"): "12000"}), keep()
    outputs.wanted = replace(ON, recording=None)
    obs.poll(outputs, clock, 40)
    (report,) = told(outputs, Reported)
    assert report.values == {"kbps": "4000", "wanted": "12160"}
