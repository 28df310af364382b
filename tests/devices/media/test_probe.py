"""The media probe, on real files."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from broadcaster import language
from broadcaster.devices.media import Fault, MediaFile, MediaProbe, ffprobe, pyav
from tests.devices.media.making import CODECS, PICTURE, SOUND, ffmpeg, half

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def videos(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("videos")
    good = folder / "good.mp4"
    ffmpeg(*PICTURE, *SOUND, *CODECS, "-shortest", good)
    ffmpeg("-i", good, "-c", "copy", "-movflags", "+faststart", folder / "faststart.mp4")
    ffmpeg("-i", good, "-c", "copy", folder / "good.mkv")
    ffmpeg("-i", good, "-c", "copy", "-metadata:s:v", "rotate=90", folder / "turned.mp4")
    ffmpeg("-i", good, "-vn", "-c", "copy", folder / "sound.m4a")
    ffmpeg(*PICTURE, "-vf", "setsar=5/4", *CODECS, folder / "anamorphic.mp4")
    tracks = ("-map", 0, "-map", 1, "-map", 1, "-ac:a:1", 2, "-disposition:a:0", 0, "-disposition:a:1", "default")
    ffmpeg(*PICTURE, *SOUND, *tracks, *CODECS, folder / "two-tracks.mp4")
    ffmpeg(*PICTURE, "-vf", "select='lt(n,20)+not(mod(n,7))'", "-fps_mode", "vfr", *CODECS, folder / "vfr.mp4")
    ffmpeg("-i", good, "-an", "-c:v", "libvpx", "-live", "1", "-f", "webm", folder / "no-length.webm")
    ffmpeg("-i", good, "-frames:v", "1", folder / "still.png")
    long = "testsrc2=size=64x36:rate=5:duration=25"
    ffmpeg("-f", "lavfi", "-i", long, "-f", "lavfi", "-i", "sine=duration=29", *CODECS, folder / "long.mp4")
    shutil.copy(good, folder / "Batik “Sekar” – Ünïcode 蠟染.mp4")
    half(good, folder / "broken-off.mp4")
    half(folder / "faststart.mp4", folder / "truncated.mp4")
    half(folder / "good.mkv", folder / "truncated.mkv")
    (folder / "garbage.mp4").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.mp4").touch()
    (folder / "playlist.mp4").write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/video.ts\n")
    (folder / "folder.mp4").mkdir()
    os.mkfifo(folder / "fifo.mp4")
    return folder


@pytest.mark.parametrize(
    "reader",
    [pytest.param(pyav.inspect, id="PyAV"), pytest.param(ffprobe.inspect, id="ffprobe", marks=pytest.mark.slow)],
)
class TestEitherReader:
    def test_tells_everything_about_an_ordinary_video(self, videos, reader):
        file = MediaFile(str(videos / "good.mp4"))
        expected = MediaFile(
            file.path,
            container="mov,mp4,m4a,3gp,3g2,mj2",
            video_codec="h264",
            audio_codec="aac",
            audio_stream=1,
            channels=1,
            width=160,
            height=90,
            fps=25.0,
            duration_s=4.0,
            claimed_s=4.0,
        )
        assert expected == reader(file)

    def test_sees_that_a_phone_was_held_upright(self, videos, reader):
        turned = reader(MediaFile(str(videos / "turned.mp4")))
        assert (160, 90) == (turned.width, turned.height)
        assert turned.rotation in {90, 270}
        assert turned.is_vertical
        assert (90, 160) == turned.picture

    def test_sees_that_pixels_are_not_square(self, videos, reader):
        """Old cameras record 1440×1080 or 720×576 that is meant to be shown wider."""
        wide = reader(MediaFile(str(videos / "anamorphic.mp4")))
        assert (160, 90, 1.25) == (wide.width, wide.height, wide.pixel_aspect)
        assert (200, 90) == wide.picture

    def test_names_the_sound_that_a_player_chooses(self, videos, reader):
        """OBS plays the track that is marked as the default."""
        found = reader(MediaFile(str(videos / "two-tracks.mp4")))
        assert (2, 2) == (found.audio_stream, found.channels)

    def test_measures_a_variable_frame_rate_to_the_end_of_the_last_picture(self, videos, reader):
        assert 3.9 <= reader(MediaFile(str(videos / "vfr.mp4"))).duration_s <= 4.1

    def test_measures_a_recording_whose_container_has_no_length(self, videos, reader):
        found = reader(MediaFile(str(videos / "no-length.webm")))
        assert (None, 4.0) == (found.claimed_s, found.duration_s)

    def test_does_not_count_sound_that_outlasts_the_picture(self, videos, reader):
        found = reader(MediaFile(str(videos / "long.mp4")))
        assert 25.0 == found.duration_s
        assert found.claimed_s > 28

    @pytest.mark.parametrize("name", ["truncated.mp4", "truncated.mkv"])
    def test_notices_that_half_is_missing(self, videos, reader, name):
        found = reader(MediaFile(str(videos / name)))
        assert Fault.TRUNCATED is found.trouble
        assert 1 < found.duration_s < 3

    @pytest.mark.parametrize(
        ("name", "trouble"),
        [
            ("sound.m4a", Fault.NO_PICTURE),
            ("garbage.mp4", Fault.NOT_A_VIDEO),
            ("broken-off.mp4", Fault.NOT_A_VIDEO),
            ("still.png", Fault.STILL),
        ],
    )
    def test_knows_what_cannot_be_played(self, videos, reader, name, trouble):
        assert trouble is reader(MediaFile(str(videos / name))).trouble


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("absent.mp4", Fault.MISSING),
        ("nul\0.mp4", Fault.MISSING),
        ("empty.mp4", Fault.EMPTY),
        ("folder.mp4", Fault.NOT_A_FILE),
        ("fifo.mp4", Fault.NOT_A_FILE),
        ("playlist.mp4", Fault.NOT_A_VIDEO),
        ("broken-off.mp4", Fault.DAMAGED),
    ],
)
def test_a_file_that_is_no_video_is_a_fault_and_never_an_exception(videos, name, trouble):
    assert trouble is MediaProbe().describe(str(videos / name)).trouble


def test_every_fault_has_words_for_people():
    words = {MediaFile("x", trouble=trouble).fault for trouble in Fault}
    assert len(Fault) == len(words)
    assert not any("_" in text for text in words)


def test_the_rundown_gets_the_true_duration_and_no_fault(videos):
    media = MediaProbe().media(str(videos / "Batik “Sekar” – Ünïcode 蠟染.mp4"))
    assert (timedelta(seconds=4), "") == (media.duration, media.fault)


def test_the_rundown_gets_the_fault_and_no_duration(videos):
    media = MediaProbe().media(str(videos / "truncated.mp4"))
    assert media.duration is None
    assert "2 of 4 seconds" in media.fault


def test_the_rundown_gets_the_size_that_viewers_see(videos):
    sizes = {name: MediaProbe().media(str(videos / f"{name}.mp4")).size for name in ("good", "turned", "anamorphic")}
    assert {"good": (160, 90), "turned": (90, 160), "anamorphic": (200, 90)} == sizes


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        (MediaFile("x", width=1920, height=1080), (1920, 1080)),
        (MediaFile("x", width=1440, height=1080, pixel_aspect=4 / 3), (1920, 1080)),
        (MediaFile("x", width=1440, height=1080, pixel_aspect=4 / 3, rotation=90), (1080, 1920)),
        (MediaFile("x", width=1920, height=1080, rotation=180), (1920, 1080)),
        (MediaFile("x", width=1280, height=720, pixel_aspect=65535.0), (1280, 720)),
        (MediaFile("x", width=1280, height=720, pixel_aspect=0.0), (1280, 720)),
        (MediaFile("x"), None),
    ],
)
def test_a_picture_is_as_wide_and_as_high_as_viewers_see_it(file, seen):
    """A shape that no camera makes is a mistake in the file."""
    assert seen == file.picture


def test_what_an_older_version_has_seen_is_looked_at_again(video, tmp_path, reader):
    """It knew nothing of rotation, or of sound tracks."""
    cache = tmp_path / "media.json"
    MediaProbe(cache).describe(str(video))
    cache.write_text(cache.read_text().replace('"version": 3', '"version": 2'))
    MediaProbe(cache).describe(str(video))
    assert 2 == len(reader.paths)


class CountingReader:
    def __init__(self, monkeypatch) -> None:
        self.paths: list[str] = []
        self.when_opened: Callable[[], None] = lambda: None
        self._real = pyav.inspect
        monkeypatch.setattr(pyav, "inspect", self)

    def __call__(self, file: MediaFile) -> MediaFile:
        self.paths.append(file.path)
        self.when_opened()
        return self._real(file)


@pytest.fixture
def reader(monkeypatch) -> CountingReader:
    return CountingReader(monkeypatch)


@pytest.fixture
def video(videos: Path, tmp_path: Path) -> Path:
    shutil.copy(videos / "good.mp4", tmp_path / "video.mp4")
    return tmp_path / "video.mp4"


def test_a_file_is_opened_once(video, reader):
    probe = MediaProbe()
    assert probe.describe(str(video)) == probe.describe(str(video))
    assert [str(video)] == reader.paths


def test_a_file_is_opened_once_even_by_the_next_process(video, tmp_path, reader):
    first = MediaProbe(tmp_path / "cache" / "media.json").describe(str(video))
    assert first == MediaProbe(tmp_path / "cache" / "media.json").describe(str(video))
    assert 1 == len(reader.paths)


def test_a_file_that_was_replaced_is_opened_again(video, videos, reader):
    probe = MediaProbe()
    probe.describe(str(video))
    shutil.copy(videos / "long.mp4", video)
    assert 25.0 == probe.describe(str(video)).duration_s


def test_a_file_of_the_same_size_and_another_time_is_opened_again(video, reader):
    probe = MediaProbe()
    probe.describe(str(video))
    os.utime(video, ns=(1, 1))
    probe.describe(str(video))
    assert 2 == len(reader.paths)


def test_a_fault_is_remembered_in_no_language(videos, tmp_path):
    """The cache outlives a change of the service's language."""
    cache = tmp_path / "media.json"
    MediaProbe(cache).describe(str(videos / "sound.m4a"))
    stored = json.loads(cache.read_text())
    assert ["no_picture"] == [file["trouble"] for file in stored["files"]]
    language.use("en")
    assert "it has no picture, only sound" == MediaProbe(cache).media(str(videos / "sound.m4a")).fault


def test_the_cache_is_for_its_owner_only(video, tmp_path):
    MediaProbe(tmp_path / "media.json").describe(str(video))
    assert 0o600 == stat.S_IMODE((tmp_path / "media.json").stat().st_mode)
    assert ["media.json", "video.mp4"] == sorted(os.listdir(tmp_path))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"version": 3}', b'{"version":3,"files":[{"x":1}],"opened":[]}', b"\xff\xfe"]
)
def test_a_cache_that_makes_no_sense_is_started_afresh(video, tmp_path, content):
    cache = tmp_path / "media.json"
    cache.write_bytes(content)
    assert MediaProbe(cache).describe(str(video)).trouble is None
    assert 1 == len(json.loads(cache.read_text())["files"])


def test_a_cache_that_cannot_be_written_costs_time_only(video, tmp_path):
    (tmp_path / "in-the-way").write_text("a file, not a folder")
    assert 4.0 == MediaProbe(tmp_path / "in-the-way" / "media.json").describe(str(video)).duration_s


def test_a_file_that_killed_the_service_is_not_opened_in_it_again(video, tmp_path, reader):
    """A decoder that crashes takes the process with it: the second start must not meet the same end."""
    cache = tmp_path / "media.json"
    probe = MediaProbe(cache)
    left_behind: list[bytes] = []
    reader.when_opened = lambda: left_behind.append(cache.read_bytes())
    probe.describe(str(video))
    cache.write_bytes(left_behind[0])
    reader.paths.clear()

    after_the_crash = MediaProbe(cache).describe(str(video))

    assert [] == reader.paths
    assert (4.0, None) == (after_the_crash.duration_s, after_the_crash.trouble)


def test_without_pyav_ffprobe_answers(video, monkeypatch):
    def absent(file):
        raise ImportError("No module named 'av'")

    monkeypatch.setattr(pyav, "inspect", absent)
    assert 4.0 == MediaProbe().describe(str(video)).duration_s


def test_without_either_the_file_is_a_fault(video, monkeypatch, tmp_path):
    def absent(file):
        raise ImportError("No module named 'av'")

    monkeypatch.setattr(pyav, "inspect", absent)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Fault.UNREADABLE is MediaProbe().describe(str(video)).trouble


def test_an_ffprobe_that_hangs_is_given_up(video, monkeypatch, tmp_path):
    program = tmp_path / "bin" / "ffprobe"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(ffprobe, "TIMEOUT", 0.2)
    with pytest.raises(ffprobe.NoAnswer, match="timed out"):
        ffprobe.inspect(MediaFile(str(video)))


class NoFfprobe:
    """ffprobe in trouble: it takes too long, is killed, or cannot be started."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self._program = folder / "bin" / "ffprobe"
        self._program.parent.mkdir()
        monkeypatch.setenv("PATH", str(self._program.parent))
        monkeypatch.setattr(ffprobe, "TIMEOUT", 0.2)

    def does(self, what: str) -> None:
        self._program.write_text(f"#!/bin/sh\n{what}\n" if what != "not start" else "no program")
        self._program.chmod(0o755)


@pytest.mark.parametrize("trouble", ["exec /bin/sleep 60", "kill -9 $$", "echo '{'", "not start"])
def test_what_comes_of_ffprobes_own_trouble_is_forgotten_at_the_next_start(video, tmp_path, monkeypatch, trouble):
    """A good video that was being read when the machine lost power must not be out of the show for good."""
    cache = tmp_path / "media.json"
    cache.write_text(json.dumps({"version": 3, "files": [], "opened": [str(video)]}))
    NoFfprobe(tmp_path, monkeypatch).does(trouble)

    during = MediaProbe(cache)
    assert Fault.UNREADABLE is during.describe(str(video)).trouble
    assert Fault.UNREADABLE is during.describe(str(video)).trouble

    assert MediaProbe(cache).describe(str(video)).trouble is None


def test_a_fault_that_only_one_reader_has_seen_is_looked_at_again_at_the_next_start(videos, tmp_path, monkeypatch):
    cache = tmp_path / "media.json"
    garbage = str(videos / "garbage.mp4")
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        assert Fault.NOT_A_VIDEO is MediaProbe(cache).describe(garbage).trouble
    assert [] == json.loads(cache.read_text())["files"]
    MediaProbe(cache).describe(garbage)
    assert ["not_a_video"] == [file["trouble"] for file in json.loads(cache.read_text())["files"]]


def test_a_disk_that_fails_in_the_middle_of_a_video_is_no_fault_of_the_video(videos, tmp_path, monkeypatch):
    class Failing:
        """A file whose second half cannot be read."""

        def __init__(self, container) -> None:
            self._container = container

        def __enter__(self):
            self._container.__enter__()
            return self

        def __exit__(self, *error):
            return self._container.__exit__(*error)

        def __getattr__(self, name):
            return getattr(self._container, name)

        def demux(self, *streams):
            for count, packet in enumerate(self._container.demux(*streams)):
                if count == 20:
                    raise av.error.OSError(errno.EIO, "Input/output error")
                yield packet

    cache, video, opened = tmp_path / "media.json", str(videos / "good.mp4"), pyav._open
    with monkeypatch.context() as failure:
        failure.setenv("PATH", str(tmp_path))
        failure.setattr(pyav, "_open", lambda path: Failing(opened(path)))
        assert Fault.UNREADABLE is MediaProbe(cache).describe(video).trouble
    assert MediaProbe(cache).describe(video).trouble is None


def test_threads_may_ask_at_once(videos, tmp_path):
    names = ["good.mp4", "vfr.mp4", "turned.mp4", "truncated.mp4"]
    probe = MediaProbe(tmp_path / "media.json")
    expected = {name: MediaProbe().describe(str(videos / name)) for name in names}
    found: list[tuple[str, MediaFile]] = []

    def ask(name: str) -> None:
        found.append((name, probe.describe(str(videos / name))))

    threads = [threading.Thread(target=ask, args=(name,)) for name in names * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert expected == dict(found)
    assert 12 == len(found)
