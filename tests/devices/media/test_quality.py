"""What `check` says of how videos will look and sound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster import language
from broadcaster.devices.media import Analysis, MediaFile, remarks
from broadcaster.devices.media.edges import Edges
from broadcaster.devices.media.sound import Sound

FILE = MediaFile("/videos/x.mp4", width=1920, height=1080, fps=30.0, duration_s=60.0)
SOUND = Sound(-18.0, -6.0)
GOOD = Analysis(SOUND, Edges())


def said(file: MediaFile = FILE, found: Analysis = GOOD) -> list[str]:
    return [remark.message.removeprefix("Video “x.mp4” ") for remark in remarks("x.mp4", file, found)]


def looks(**changes) -> list[str]:
    return said(replace(FILE, **changes))


def begins_and_ends(**edges) -> list[str]:
    return said(found=Analysis(SOUND, Edges(**edges)))


def sounds(**sound) -> list[str]:
    return said(found=Analysis(replace(SOUND, **sound), Edges()))


def test_a_good_video_is_passed_over_in_silence():
    assert [] == said()


@pytest.mark.parametrize(
    ("width", "height", "soft"),
    [
        (640, 360, True),
        (960, 540, True),
        (1280, 720, False),
        (1280, 544, False),  # as wide as the canvas
        (720, 1280, False),  # upright, and higher than the canvas
        (480, 848, False),
        (360, 640, True),
        (960, 720, False),
    ],
)
def test_a_video_that_must_be_enlarged_will_look_soft(width, height, soft):
    assert ([f"is only {width}×{height}: it will look soft."] if soft else []) == looks(width=width, height=height)


def test_the_size_that_counts_is_the_one_that_viewers_see():
    assert [] == looks(width=960, height=720, pixel_aspect=4 / 3)
    assert [] == looks(width=1280, height=720, rotation=90)


def test_an_upright_video_is_no_loss():
    assert [] == looks(width=1080, height=1920)


@pytest.mark.parametrize(
    ("fps", "words"), [(12.0, "12 pictures a second: movements"), (120.0, "120 pictures a second")]
)
def test_too_few_or_too_many_pictures_a_second_are_told(fps, words):
    (message,) = looks(fps=fps)
    assert words in message


@pytest.mark.parametrize("fps", [20.0, 23.976, 29.97, 59.94, 60.0, 60.02, None])
def test_the_frame_rates_of_cameras_are_fine(fps):
    assert [] == looks(fps=fps)


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ({"black_start_s": 0.7}, None),
        ({"black_start_s": 1.52}, "begins with 1.5 s of black."),
        ({"black_tail_s": 2.0}, None),
        ({"black_tail_s": 4.0}, "ends with 4 s of black."),
        ({"black_start_s": 60.0, "black_tail_s": 60.0}, "shows nothing but black."),
    ],
)
def test_black_at_either_end_is_told_when_viewers_would_take_it_for_a_fault(edges, message):
    assert ([message] if message else []) == begins_and_ends(**edges)


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ({"silent_start_s": 2.0}, None),
        ({"silent_start_s": 2.5}, "is silent for its first 2.5 s."),
        ({"silent_tail_s": 5.0}, None),
        ({"silent_tail_s": 6.0}, "is silent for its last 6 s."),
        ({"clipped": True}, "has distorted sound: it was recorded too loud."),
        ({"loudness": -41.0, "true_peak": -25.0}, "can hardly be heard (-41 LUFS)."),
        ({"loudness": -30.0, "true_peak": -14.5}, None),  # 16 LU too quiet, of which 13.5 can be made up
        ({"loudness": -24.0, "true_peak": -3.0}, "will sound 8 dB quieter than the others."),
        ({"loudness": -6.0, "true_peak": 0.5}, None),  # turning down always works
    ],
)
def test_sound_that_will_disappoint_is_told(sound, message):
    assert ([message] if message else []) == sounds(**sound)


@pytest.mark.parametrize("sound", [None, Sound(silent_start_s=60, silent_tail_s=60)])
def test_no_sound_is_told_once_whether_the_track_is_silent_or_missing(sound):
    assert ["has no sound."] == said(found=Analysis(sound, Edges()))


def test_a_codec_that_cannot_be_played_is_all_that_is_told():
    assert ["has a codec that OBS on this machine cannot play."] == said(
        replace(FILE, width=640, height=360), Analysis(None, Edges(decodes=False))
    )


@given(
    st.floats(-69, 10),
    st.floats(-60, 10),
    st.floats(0, 60),
    st.floats(0, 60),
    st.booleans(),
    st.sampled_from(["id", "en"]),
)
def test_everything_that_is_told_comes_with_what_to_do(loudness, peak, start, tail, clipped, spoken):
    language.use(spoken)
    sound = Sound(loudness, peak, start, tail, clipped)
    for remark in remarks("100 % batik {x}.mp4", FILE, Analysis(sound, Edges(start, tail))):
        assert "100 % batik {x}.mp4" in remark.message
        assert remark.hint.endswith(".")
    language.use("en")


def test_a_filler_may_be_silent_and_the_demos_own_videos_may_be_small():
    small = replace(FILE, width=640, height=360)
    told = remarks("x.mp4", small, Analysis(None, Edges()), may_be_small=True, may_be_silent=True)
    assert [] == list(told)
