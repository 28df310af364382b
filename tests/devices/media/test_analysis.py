"""Videos are analysed once, one by one, and nothing that goes wrong with one costs more than its own result."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.devices.media import Failed, MediaFile, MediaProbe, NoProgram, Stopped, analysis, ffmpeg
from broadcaster.devices.media.analysis import Analyses, Analysis
from broadcaster.devices.media.edges import Edges
from broadcaster.devices.media.sound import Sound
from broadcaster.show.loudness import gain
from broadcaster.show.rundown import Media
from tests.devices.media.making import pattern, tone, video

GO_ON = threading.Event()
"""Never set."""
FOUND = Analysis(Sound(-23.0, -3.0, 0.5, 1.5, clipped=True), Edges(1.0, 2.0))


class Ffmpeg:
    """Another program in ffmpeg's place."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self._program = folder / "bin" / "ffmpeg"
        self._real = shutil.which("ffmpeg")
        self._program.parent.mkdir()
        monkeypatch.setenv("PATH", f"{self._program.parent}:/usr/bin:/bin")

    def does(self, what: str) -> None:
        self._program.write_text(f"#!/bin/sh\n{what}\n")
        self._program.chmod(0o755)

    def counts_in(self, log: Path) -> None:
        self.does(f'echo x >>"{log}"; exec "{self._real}" "$@"')


@pytest.fixture
def program(tmp_path, monkeypatch) -> Ffmpeg:
    return Ffmpeg(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("videos")
    video(folder / "wide.mp4", pattern(3), tone(3, -20))
    video(folder / "upright.mp4", pattern(3, "90x160"), tone(3, -20))
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.mark.slow
def test_what_is_found_out_reaches_the_rundown(made, state):
    probe, path = MediaProbe.kept_in(state), str(made / "upright.mp4")
    before = probe.media(path)
    assert ((90, 160), None, None, "") == (before.size, before.loudness, before.true_peak, before.backdrop)
    probe.analyse(path, GO_ON)
    after = probe.media(path)
    assert after.loudness == pytest.approx(-20, abs=0.2)
    assert after.true_peak == pytest.approx(-20, abs=1)
    assert gain(after) == pytest.approx(6, abs=0.2)
    assert Path(after.backdrop).parent == state / "backdrops"
    assert before.duration == after.duration


@pytest.mark.slow
def test_a_video_that_fills_the_canvas_gets_no_backdrop(made, state):
    probe = MediaProbe.kept_in(state)
    probe.analyse(str(made / "wide.mp4"), GO_ON)
    assert "" == probe.media(str(made / "wide.mp4")).backdrop
    assert not (state / "backdrops").exists()


@pytest.mark.slow
def test_a_video_is_analysed_once_even_by_the_next_process(made, state, program, tmp_path):
    program.counts_in(tmp_path / "calls")
    path = str(made / "upright.mp4")
    first = MediaProbe.kept_in(state)
    assert not first.is_analysed(path)
    first.analyse(path, GO_ON)
    assert first.is_analysed(path)
    calls = (tmp_path / "calls").read_text()

    second = MediaProbe.kept_in(state)
    assert second.is_analysed(path)
    second.analyse(path, GO_ON)

    assert calls == (tmp_path / "calls").read_text()
    assert first.media(path) == second.media(path)


@pytest.mark.slow
def test_a_video_that_was_replaced_is_analysed_again(made, state, tmp_path):
    probe, path = MediaProbe.kept_in(state), tmp_path / "video.mp4"
    shutil.copy(made / "wide.mp4", path)
    probe.analyse(str(path), GO_ON)
    video(path, pattern(3), tone(3, -30))
    assert not probe.is_analysed(str(path))
    assert probe.media(str(path)).loudness is None
    probe.analyse(str(path), GO_ON)
    assert probe.media(str(path)).loudness == pytest.approx(-30, abs=0.2)


@pytest.mark.slow
def test_a_backdrop_that_somebody_deleted_is_made_again(made, state):
    probe, path = MediaProbe.kept_in(state), str(made / "upright.mp4")
    probe.analyse(path, GO_ON)
    Path(probe.media(path).backdrop).unlink()
    assert "" == probe.media(path).backdrop
    assert not probe.is_analysed(path)
    probe.analyse(path, GO_ON)
    assert Path(probe.media(path).backdrop).exists()


def test_a_file_that_cannot_be_played_is_not_analysed(state, tmp_path, program):
    program.does("exit 1")
    (tmp_path / "empty.mp4").touch()
    probe = MediaProbe.kept_in(state)
    assert probe.is_analysed(str(tmp_path / "empty.mp4"))
    probe.analyse(str(tmp_path / "empty.mp4"), GO_ON)
    assert probe.findings(str(tmp_path / "empty.mp4")) is None


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("kill -SEGV $$", "signal 11"),
        ("exec sleep 60", "too long"),
        ("echo 'Input/output error' >&2; exit 1", "Input/o"),
    ],
)
def test_a_file_that_crashes_or_hangs_ffmpeg_costs_its_own_result_only(made, state, program, monkeypatch, trouble, why):
    monkeypatch.setattr(analysis, "limit_of", lambda file: 0.5)
    probe, path = MediaProbe.kept_in(state), str(made / "wide.mp4")
    program.does(trouble)
    with pytest.raises(Failed, match=why):
        probe.analyse(path, GO_ON)
    assert probe.media(path).fault == ""
    assert 0.0 == gain(probe.media(path))
    assert probe.is_analysed(path), "it is not tried over and over"
    probe.analyse(path, GO_ON)
    assert not MediaProbe.kept_in(state).is_analysed(path), "but at the next start"


def test_a_machine_without_ffmpeg_says_so_and_gives_no_video_up(made, state, monkeypatch, tmp_path):
    probe, path = MediaProbe.kept_in(state), str(made / "wide.mp4")
    probe.describe(path)
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        with pytest.raises(NoProgram):
            probe.analyse(path, GO_ON)
    assert not probe.is_analysed(path)


def test_an_analysis_stops_within_a_second_and_leaves_no_process(made, state, program, tmp_path):
    program.does(f'echo $$ >"{tmp_path}/pid"; exec sleep 60')
    probe, stop = MediaProbe.kept_in(state), threading.Event()
    ended: list[BaseException] = []

    def work() -> None:
        try:
            probe.analyse(str(made / "wide.mp4"), stop)
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.01)
    asked = time.monotonic()
    stop.set()
    thread.join(5)
    assert time.monotonic() - asked < 1
    assert [Stopped] == [type(error) for error in ended]
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert not probe.is_analysed(str(made / "wide.mp4"))


def test_ffmpeg_gives_way_to_everything_else(program):
    """Linux divides the cores among sessions before it looks at niceness: it must be the last in both."""
    program.does("nice; cat /proc/self/autogroup 2>/dev/null || echo 'nice 19'; sleep 0.2; cat /proc/self/autogroup")
    answer = ffmpeg.ask([], 5, GO_ON)
    said = answer.out.decode().splitlines()
    assert "19" == said[0]
    assert said[-1].endswith("nice 19")


class TestACodecThatObsCannotPlay:
    """Debian's OBS decodes with the libraries of Debian's ffmpeg, which are older than the probe's own."""

    def analysed(self, made: Path, state: Path, program: Ffmpeg, *, own_obs: bool) -> Media:
        program.does("echo 'Decoder (codec vvc) not found for input stream #0:0' >&2; exit 1")
        probe = MediaProbe.kept_in(state, own_obs=own_obs)
        probe.analyse(str(made / "upright.mp4"), GO_ON)
        return probe.media(str(made / "upright.mp4"))

    def test_is_a_fault_where_obs_is_this_machines_own(self, made, state, program):
        media = self.analysed(made, state, program, own_obs=True)
        assert "OBS on this machine cannot play its codec (h264)" == media.fault
        assert media.duration is None

    def test_is_none_where_obs_may_be_another(self, made, state, program):
        media = self.analysed(made, state, program, own_obs=False)
        assert "" == media.fault
        assert media.duration is not None

    def test_is_looked_at_again_at_the_next_start(self, made, state, program):
        """The system may have been brought up to date."""
        self.analysed(made, state, program, own_obs=True)
        assert not MediaProbe.kept_in(state).is_analysed(str(made / "upright.mp4"))


FILE = MediaFile("/videos/Batik “Sekar” 蠟染.mp4", 1000, 5)


def kept(folder: Path) -> Path:
    Analyses(folder).put(FILE, FOUND)
    (path,) = folder.iterdir()
    return path


def test_a_result_comes_back_as_it_was(tmp_path):
    path = kept(tmp_path)
    assert FOUND == Analyses(tmp_path).get(FILE)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "other", [MediaFile(FILE.path, 1001, 5), MediaFile(FILE.path, 1000, 6), MediaFile("/x", 1000, 5)]
)
def test_a_result_is_of_one_version_of_one_file(tmp_path, other):
    kept(tmp_path)
    assert Analyses(tmp_path).get(other) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"version": 1}'])
def test_a_damaged_result_is_found_out_anew(tmp_path, content):
    kept(tmp_path).write_bytes(content)
    assert Analyses(tmp_path).get(FILE) is None
    kept(tmp_path)
    assert FOUND == Analyses(tmp_path).get(FILE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["loudness", "true_peak", "silent_start_s", "clipped"]),
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.lists(st.integers())),
)
def test_what_is_read_back_can_be_reckoned_with_whatever_stands_in_the_file(tmp_path, field, value):
    """A loudness that is a text would end the reading of the whole show."""
    path = kept(tmp_path)
    content = json.loads(path.read_bytes())
    content["analysis"]["sound"][field] = value
    path.write_text(json.dumps(content))
    found = Analyses(tmp_path).get(FILE)
    if found is not None:
        assert found.sound is not None
        media = Media("x", loudness=found.sound.loudness, true_peak=found.sound.true_peak)
        assert -40 <= gain(media) <= 20


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path):
    (tmp_path / "in-the-way").touch()
    analyses = Analyses(tmp_path / "in-the-way")
    analyses.put(FILE, FOUND)
    assert FOUND == analyses.get(FILE)


def test_results_that_have_not_been_used_for_long_go(tmp_path):
    path = kept(tmp_path)
    Analyses(tmp_path).prune()
    assert path.exists()
    long_ago = time.time() - analysis.KEPT - 100
    os.utime(path, (long_ago, long_ago))
    Analyses(tmp_path).prune()
    assert not path.exists()
