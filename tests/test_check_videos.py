"""`check` looks into the videos: what will look or sound bad is told at the line that names the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadcaster.commands import app
from broadcaster.devices import demo_videos
from tests.devices.media.making import pattern, tone, video

EXPO = 'title = "Expo"\ntimezone = "Asia/Jakarta"\nfiller = ["loop.mp4"]\n'
EXHIBITORS = "id,name,video\nbatik,Batik Uji,batik.mp4\nkopi,Kopi Uji,kopi.mp4\n"
DAY = """\
date = 2026-11-25

[[item]]
id = "a"
type = "profile"
exhibitor = "batik"
start = 09:00:00

[[item]]
id = "b"
type = "profile"
exhibitor = "kopi"

[[item]]
id = "c"
type = "video"
title = "Iklan"
media = "kopi.mp4"
"""


@pytest.fixture
def media(tmp_path: Path, monkeypatch) -> Path:
    """The media folder of a show that is checked in English; each test puts the videos there."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "expo" / "media"
    folder.mkdir(parents=True)
    for name, text in (("expo.toml", EXPO), ("exhibitors.csv", EXHIBITORS), ("hari-1.toml", DAY)):
        (folder.parent / name).write_text(text)
    (tmp_path / "config.toml").write_text('show = "expo"\nlanguage = "en"\n[obs]\nport = 1\n')
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> bytes:
    """A video that can be played; where it is in the show, the others are missing."""
    return video(tmp_path_factory.mktemp("tiny") / "tiny.mp4", pattern(1, "64x36"), None).read_bytes()


def good(path: Path) -> None:
    video(path, pattern(1, "1280x720"), tone(1, -20))


def check(*arguments: str):
    result = CliRunner().invoke(app, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def problems() -> list[str]:
    """Each as "severity file:line message"."""
    told = json.loads(check("--json").stdout)["problems"]
    assert all(problem["hint"] for problem in told)
    return [f"{p['severity']} {p['file']}:{p['line']} {p['message']}" for p in told]


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch) -> Path:
    """Where ffmpeg is looked for, and no other place; a test puts a program there, or none."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin" / "ffmpeg"


def put(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.slow
def test_what_will_look_or_sound_bad_is_told_where_the_video_is_named_first(media):
    video(media / "batik.mp4", f"{pattern(3, '640x360')},drawbox=t=fill:color=black:enable='lt(t,1)'", None)
    video(media / "kopi.mp4", pattern(1, "1280x720"), tone(1, -50))
    good(media / "loop.mp4")
    assert [
        "warning expo/exhibitors.csv:2 Video “batik.mp4” is only 640×360: it will look soft.",
        "warning expo/exhibitors.csv:2 Video “batik.mp4” begins with 1 s of black.",
        "warning expo/exhibitors.csv:2 Video “batik.mp4” has no sound.",
        "warning expo/exhibitors.csv:3 Video “kopi.mp4” can hardly be heard (-50 LUFS).",
    ] == [line.replace("-49.9", "-50") for line in problems()]
    assert 1 == check().exit_code


@pytest.mark.slow
def test_good_videos_are_no_problem_and_upright_ones_are_only_noted(media):
    good(media / "kopi.mp4")
    video(media / "batik.mp4", pattern(1, "720x1280"), tone(1, -20))
    video(media / "loop.mp4", pattern(1, "1280x720"), None)  # a filler may be silent
    assert [] == problems()
    result = check()
    assert 0 == result.exit_code
    assert "1 video has another shape than the stream" in result.stdout


@pytest.mark.slow
def test_what_has_been_measured_once_needs_no_ffmpeg(media, monkeypatch, tmp_path):
    for name in ("batik", "kopi", "loop"):
        good(media / f"{name}.mp4")
    assert [] == problems()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [] == problems()


def test_a_machine_without_ffmpeg_is_told_once(media, fake_ffmpeg, tiny):
    for name in ("batik", "kopi", "loop"):
        (media / f"{name}.mp4").write_bytes(tiny)
    assert ["warning ffmpeg:0 The videos cannot be measured: ffmpeg is missing."] == problems()


def test_a_video_that_ffmpeg_fails_on_is_named_with_the_reason(media, fake_ffmpeg, tiny):
    put(fake_ffmpeg, "echo 'Cannot allocate memory' >&2; exit 1")
    (media / "batik.mp4").write_bytes(tiny)
    told = [line for line in problems() if "missing" not in line]
    assert [
        (
            "warning expo/exhibitors.csv:2 Video “batik.mp4” cannot be measured (Cannot allocate memory): "
            "it plays as loud as it is."
        )
    ] == told


class TestACodecThatOnlyOthersCanPlay:
    UNKNOWN = "echo 'Decoder (codec vvc) not found for input stream #0:0' >&2; exit 1"

    def test_is_an_error_where_obs_is_this_machines_own(self, media, fake_ffmpeg, tiny, tmp_path):
        put(fake_ffmpeg, self.UNKNOWN)
        config = (tmp_path / "config.toml").read_text()
        (tmp_path / "config.toml").write_text(config + "launch = true\n")
        (media / "batik.mp4").write_bytes(tiny)
        told = [line for line in problems() if "missing" not in line]
        assert [
            (
                "error expo/exhibitors.csv:2 Video “batik.mp4” cannot be played: OBS on this machine cannot play its "
                "codec (h264). The show goes on without it."
            )
        ] == told
        assert 2 == check().exit_code

    def test_is_a_warning_where_obs_may_know_it(self, media, fake_ffmpeg, tiny):
        put(fake_ffmpeg, self.UNKNOWN)
        (media / "batik.mp4").write_bytes(tiny)
        told = [line for line in problems() if "missing" not in line]
        assert [
            "warning expo/exhibitors.csv:2 Video “batik.mp4” has a codec that OBS on this machine cannot play."
        ] == told


def test_a_program_gets_json_and_nothing_else(media, fake_ffmpeg, tiny):
    (media / "batik.mp4").write_bytes(tiny)
    result = check("--json")
    assert {"problems"} == set(json.loads(result.stdout))
    assert "" == result.stderr


def test_the_demos_own_videos_are_known_until_somebody_replaces_them(tmp_path):
    """They are small on purpose, and nobody can send better ones."""
    (tmp_path / "profil").mkdir()
    mine = tmp_path / "profil" / "x.mp4"
    mine.write_bytes(b"12345")
    assert not demo_videos.is_made_here(mine)
    (tmp_path / demo_videos.RECORD).write_text(json.dumps({"profil/x.mp4": ["recipe", 5]}))
    assert demo_videos.is_made_here(mine)
    mine.write_bytes(b"123456")
    assert not demo_videos.is_made_here(mine)
    assert not demo_videos.is_made_here(tmp_path / "profil" / "y.mp4")
