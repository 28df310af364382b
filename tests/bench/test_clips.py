"""The clips are what they say, on disk and in every frame."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from bench.received import frames, switches
from bench.received.audio import hear, splice
from bench.received.clips import KINDS, Kind, make_clips
from bench.received.frames import What

SHORT = (
    Kind("plain", "plain.mp4", frames=45),
    Kind("uneven", "uneven.mp4", frames=30, uneven=True),
    Kind("50", "50 – ☕.mov", frames=75, rate=Fraction(50), channels=1),
)
ON_ITS_SIDE = Kind("rotated", "rotated.mp4", (360, 640), frames=15, rotated=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_clips(tmp_path_factory.mktemp("clips"), SHORT)


def test_each_frame_carries_the_clips_number_and_its_own(made):
    for number, clip in enumerate(made, 1):
        seen = frames.watch(Path(clip.path), made)
        assert [(What.CLIP, number, n) for n in range(len(clip.times))] == [(s.what, s.clip, s.frame) for s in seen]


def test_a_rotated_clip_is_stored_lying_and_stands_for_a_player_that_obeys_its_matrix(tmp_path):
    clips = make_clips(tmp_path, [ON_ITS_SIDE])
    upright = tmp_path / "upright.mp4"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        clips[0].path,
        "-vf",
        "scale=-2:360,pad=640:360:-1:-1",
        "-an",
        str(upright),
    ]
    subprocess.run(command, check=True)
    for path, lies in ((clips[0].path, True), (upright, False)):
        seen = frames.watch(Path(path), clips)
        assert [(1, n, lies) for n in range(15)] == [(s.clip, s.frame, s.on_its_side) for s in seen]


def test_the_times_are_those_of_the_file(made):
    plain, uneven, fifty = made
    assert [45, 30, 75] == [len(clip.times) for clip in made]
    assert [pytest.approx(1.5, abs=0.01)] * 3 == [clip.duration for clip in made]
    assert [0, pytest.approx(2 / 30), pytest.approx(3 / 30)] == list(uneven.times[:3])
    assert [pytest.approx(1 / 50)] * 2 == [fifty.lasts(0), fifty.lasts(74)]
    assert pytest.approx(1 / 30) == plain.lasts(44)


def test_a_clip_played_by_itself_has_no_flaw(made):
    plain = made[0]
    found = switches.report(frames.watch(Path(plain.path), made), [switches.Planned(plain, plain.duration)])
    assert switches.Flaws() == found.passages[0].flaws
    assert 45 == found.passages[0].shown


def test_its_tone_is_heard_from_beginning_to_end(made):
    plain, _, fifty = made
    sound = hear(Path(plain.path))
    assert sound.start == pytest.approx(0, abs=0.03)
    found = splice(sound, 0.0, fifty, plain)
    assert found.late is not None
    assert abs(found.late) < 0.03


def test_what_was_made_is_taken_again_as_it_is(made):
    before = [Path(clip.path).stat().st_mtime_ns for clip in made]
    again = make_clips(Path(made[0].path).parent, SHORT)
    assert made == again
    assert before == [Path(clip.path).stat().st_mtime_ns for clip in again]


@pytest.mark.slow
def test_another_recipe_is_made_anew(made):
    longer = (Kind("plain", "plain.mp4", frames=60), *SHORT[1:])
    assert 60 == len(make_clips(Path(made[0].path).parent / "longer", longer)[0].times)


def test_the_bench_has_at_least_twenty_kinds_each_with_a_file_and_a_tone_of_its_own():
    assert len(KINDS) > 20
    assert len(KINDS) == len({kind.file for kind in KINDS}) == len({kind.name for kind in KINDS})


@pytest.mark.slow
def test_all_kinds_can_be_made_and_are_read_back(tmp_path):
    clips = make_clips(tmp_path)
    assert len(clips) == len({clip.tone for clip in clips if clip.tone}) + sum(clip.tone is None for clip in clips)
    for clip in clips:
        seen = frames.watch(Path(clip.path), clips)
        assert [(clip.number, n) for n in range(len(clip.times))] == [(s.clip, s.frame) for s in seen]
        # A display matrix is for players: the frames themselves lie on their side.
        assert {clip.rotated} == {s.on_its_side for s in seen}
