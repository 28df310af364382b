"""The demo's videos: what is in them, by the real ffmpeg; which are made and which left alone, by a quick one."""

from __future__ import annotations

import itertools
import json
import struct
import subprocess

import pytest

from broadcaster.devices import demo_videos
from broadcaster.devices.demo_videos import BLOCK, LENGTHS, SIZE, DemoVideosError, colour_of, make_videos

CSV = """id,name,products,video
batik,"Batik ""Sekar"": 100% tulis; [asli], it's \\ ok",Kain Rp850.000,profil/batik.mp4
kopi,Kopi Kabut,Biji Rp65.000,profil/kopi.mp4
stan,Stan tanpa video,,
"""
DAY = """date = 2026-11-25
[[item]]
id = "v"
type = "video"
title = "Kota"
media = "kota.mp4"
start = 09:00:00
"""


@pytest.fixture
def show(tmp_path):
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / "expo.toml").write_text('title = "Expo"\nmedia = "media"\nfiller = ["filler/loop.mp4"]\n')
    (folder / "exhibitors.csv").write_text(CSV)
    (folder / "hari-1.toml").write_text(DAY)
    return folder


@pytest.fixture
def small(show):
    """A show with one video."""
    (show / "expo.toml").write_text('title = "Expo"\n')
    (show / "exhibitors.csv").write_text("id;name;video\nkopi;Kopi Kabut;kopi.mp4\n")
    (show / "hari-1.toml").unlink()
    return show


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """An ffmpeg that writes what it was asked for instead of a video."""
    install(tmp_path / "bin", monkeypatch, 'echo "$@" > "${last#file:}"; cat name line >> "${last#file:}"')


def install(folder, monkeypatch, script: str) -> None:
    folder.mkdir()
    ffmpeg = folder / "ffmpeg"
    ffmpeg.write_text(f"#!/bin/sh\nfor last; do :; done\n{script}\n")
    ffmpeg.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def pixels(video, frame: int) -> bytes:
    """One frame of SIZE, three bytes a pixel."""
    choose = f"select=eq(n\\,{frame}),scale=in_color_matrix=bt709,format=rgb24"
    command = ["ffmpeg", "-v", "error", "-i", video, "-vf", choose, "-frames:v", "1", "-f", "rawvideo", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def pixel(frame: bytes, x: int, y: int) -> tuple[int, ...]:
    return tuple(frame[(y * SIZE[0] + x) * 3 :][:3])


def test_every_video_that_the_show_names_is_made_and_told(show):
    """Names with quotes, percent signs, colons and backslashes are text like any other."""
    told = []
    videos = make_videos(show, lambda *progress: told.append(progress), seconds=1)

    names = ["profil/batik.mp4", "profil/kopi.mp4", "kota.mp4", "filler/loop.mp4"]
    assert [show / "media" / name for name in names] == videos
    assert ("", 0, 4) == told[0]
    assert [(done, 4) for done in range(5)] == [(done, of) for _, done, of in told]
    assert {"Kopi Kabut", "Kota", "Expo"} < {name for name, _, _ in told}
    assert {*names, ".generated.json"} == {
        path.relative_to(show / "media").as_posix() for path in (show / "media").rglob("*") if path.is_file()
    }


@pytest.mark.slow
def test_a_video_has_its_colour_a_moving_picture_soft_sound_and_its_exact_length(small):
    [video] = make_videos(small, seconds=2)

    about = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,duration,nb_frames", "-of", "json", video],
        capture_output=True,
        check=True,
    )
    picture, sound = json.loads(about.stdout)["streams"]
    assert ("h264", "2.000000", "60") == (picture["codec_name"], picture["duration"], picture["nb_frames"])
    assert ("aac", "2.000000") == (sound["codec_name"], sound["duration"])
    first, later = pixels(video, 0), pixels(video, 45)
    width, height = BLOCK
    for x, y in itertools.product((0, width // 2, width - 1), (0, height // 2, height - 1)):
        for frame in (first, later):
            assert all(
                abs(seen - wanted) <= 8 for seen, wanted in zip(pixel(frame, x, y), colour_of("kopi"), strict=True)
            )
    below = slice(SIZE[0] * 230 * 3, None)
    moved = sum(abs(a - b) > 24 for a, b in zip(first[below][::97], later[below][::97], strict=True))
    assert moved > len(first[below][::97]) / 20
    samples = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", video, "-f", "s16le", "-ac", "1", "-"], capture_output=True, check=True
    ).stdout
    loudest = max(abs(sample) for (sample,) in struct.iter_unpack("<h", samples)) / 32768
    assert 0.03 < loudest < 0.25


def test_videos_that_are_there_are_not_made_again(small, quick, monkeypatch):
    """Not even ffmpeg is needed then."""
    [video] = make_videos(small, seconds=1)
    made = video.stat().st_mtime_ns
    monkeypatch.setenv("PATH", "")
    told = []
    assert [video] == make_videos(small, lambda *progress: told.append(progress), seconds=1)
    assert ([("", 1, 1)], made) == (told, video.stat().st_mtime_ns)


def test_a_video_whose_text_has_changed_is_made_anew(small, quick):
    [video] = make_videos(small, seconds=1)
    before = video.read_bytes()
    exhibitors = small / "exhibitors.csv"
    exhibitors.write_text(exhibitors.read_text().replace("Kabut", "Fajar"))
    make_videos(small, seconds=1)
    assert before != video.read_bytes()


def test_a_video_of_somebodys_own_is_never_touched(small, quick):
    own = small / "media" / "kopi.mp4"
    own.parent.mkdir()
    own.write_bytes(b"the exhibitor's own film")
    make_videos(small, seconds=1)
    assert b"the exhibitor's own film" == own.read_bytes()


def test_a_made_video_that_somebody_has_replaced_is_never_touched(small, quick):
    [video] = make_videos(small, seconds=1)
    video.write_bytes(b"the exhibitor's own film")
    make_videos(small, seconds=2)
    assert b"the exhibitor's own film" == video.read_bytes()


def test_without_ffmpeg_the_error_says_how_to_get_it(small, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DemoVideosError, match=r"ffmpeg is missing.*apt-get install ffmpeg"):
        make_videos(small)


def test_without_its_font_the_error_says_how_to_get_it(small, monkeypatch, tmp_path):
    monkeypatch.setattr(demo_videos, "_FONTS", (tmp_path,))
    with pytest.raises(DemoVideosError, match="apt-get install fonts-dejavu-core"):
        make_videos(small)


def test_when_ffmpeg_fails_its_reason_is_told_and_no_half_video_stays(small, monkeypatch, tmp_path):
    failing = """echo half > "${last#file:}"; echo 'No such filter: drawtext' >&2; exit 1"""
    install(tmp_path / "bin", monkeypatch, failing)
    with pytest.raises(DemoVideosError, match=r"kopi\.mp4: No such filter: drawtext"):
        make_videos(small)
    assert [] == list((small / "media").iterdir())


def test_nothing_is_made_outside_the_media_folder(small):
    (small / "exhibitors.csv").write_text("id,name,video\nkopi,Kopi,../../kopi.mp4\n")
    with pytest.raises(DemoVideosError, match="outside the media folder"):
        make_videos(small)


def test_a_show_that_cannot_be_read_is_named(small):
    (small / "expo.toml").write_text("title = ")
    with pytest.raises(DemoVideosError, match=r"expo\.toml: "):
        make_videos(small)


def test_the_demos_colours_can_be_told_apart():
    """Also after encoding and scaling: no two are nearer than 50 of 255 in their farthest channel."""
    for one, other in itertools.combinations(LENGTHS, 2):
        assert max(abs(a - b) for a, b in zip(colour_of(one), colour_of(other), strict=True)) >= 50, (one, other)


def test_an_exhibitors_colour_follows_from_its_id_alone():
    """People and tests know it by its colour, today and tomorrow."""
    assert (19, 191, 57) == colour_of("kopi")
