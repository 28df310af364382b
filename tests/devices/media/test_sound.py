"""How loud a video is, as viewers hear it; where it is silent; whether it is distorted. On real files."""

from __future__ import annotations

import re
import subprocess
import threading
from pathlib import Path

import pytest

from broadcaster.devices.media import MediaProbe
from broadcaster.devices.media.sound import Sound, listen
from tests.devices.media.making import CODECS, ffmpeg, pattern, tone, video

pytestmark = pytest.mark.slow

SPEECH = (
    "0.25*(sin(2*PI*140*t+sin(2*PI*3*t))+0.6*sin(2*PI*420*t)+0.5*sin(2*PI*840*t)+0.3*sin(2*PI*1680*t))"
    "*sin(2*PI*1.7*t)*sin(2*PI*1.7*t)"
)
"""Syllables of a voice; their peaks lie at -5 dBFS."""


def hear(path: Path) -> Sound:
    return listen(MediaProbe().describe(str(path)), 30, threading.Event())


def by_ffmpeg(path: Path, *filters: str) -> float:
    """What ffmpeg's own filter says, in LUFS."""
    chain = ",".join([*filters, "ebur128=peak=true:framelog=verbose"])
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-vn", "-af", chain, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.search(r"I: +(\S+) LUFS", said.rpartition("Summary:")[2])
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("decibels", [-6, -20, -33])
def test_a_tone_of_known_level_has_its_loudness_and_its_peak(tmp_path, decibels):
    """BS.1770 is made so that a stereo sine of 1 kHz measures as many LUFS as its peaks have dBFS."""
    heard = hear(video(tmp_path / "tone.mkv", pattern(4), tone(4, decibels), "-c:a", "flac"))
    assert heard.loudness == pytest.approx(decibels, abs=0.15)
    assert heard.true_peak == pytest.approx(decibels, abs=0.1)


def test_a_voice_measures_as_ffmpeg_measures_it(tmp_path):
    path = video(tmp_path / "voice.mp4", pattern(6), f"aevalsrc=exprs={SPEECH}|{SPEECH}:s=48000:d=6")
    assert hear(path).loudness == pytest.approx(by_ffmpeg(path), abs=0.1)


def test_one_channel_is_measured_as_obs_plays_it_on_both_sides(tmp_path):
    """OBS gives both sides the full level, where BS.1770 reckons a single loudspeaker: 3 LU less."""
    path = video(tmp_path / "mono.mp4", pattern(4), tone(4, -20, layout="mono"))
    assert hear(path).loudness == pytest.approx(-20, abs=0.15)
    assert by_ffmpeg(path) == pytest.approx(-23, abs=0.15)


@pytest.mark.parametrize("codec", ["aac", "flac"])
def test_more_than_two_channels_are_measured_as_they_are_mixed_down(tmp_path, codec):
    path = video(tmp_path / "surround.mkv", pattern(4), tone(4, -30, layout="5.1"), "-c:a", codec)
    stereo = by_ffmpeg(path, "aformat=sample_fmts=fltp:channel_layouts=stereo")
    assert hear(path).loudness == pytest.approx(stereo, abs=0.1)


def test_44100_samples_a_second_measure_the_same(tmp_path):
    path = video(tmp_path / "cd.mp4", pattern(4), tone(4, -20), "-ar", 44100)
    assert hear(path).loudness == pytest.approx(-20, abs=0.15)


def test_of_several_tracks_the_default_one_counts(tmp_path):
    path = tmp_path / "tracks.mp4"
    sources = [argument for sound in (tone(4, -40), tone(4, -12)) for argument in ("-f", "lavfi", "-i", sound)]
    maps = ["-map", "0", "-map", "1", "-map", "2", "-disposition:a:0", "0", "-disposition:a:1", "default"]
    ffmpeg("-f", "lavfi", "-i", pattern(4), *sources, *maps, *CODECS, path)
    assert hear(path).loudness == pytest.approx(-12, abs=0.15)


def test_sound_beyond_the_last_picture_does_not_count(tmp_path):
    """It is not aired."""
    louder_later = "aevalsrc=exprs='0.01*sin(2*PI*1000*t)*(1+50*gt(t,3))':s=48000:d=6"
    path = video(tmp_path / "long.mp4", pattern(3), louder_later)
    heard = hear(path)
    assert heard.loudness == pytest.approx(-43 + 3, abs=0.2)
    assert heard.true_peak == pytest.approx(-40, abs=1)


def test_a_track_of_silence_has_no_loudness_and_no_peak(tmp_path):
    path = video(tmp_path / "silent.mp4", pattern(3), "anullsrc=duration=3")
    assert Sound(None, None, 3.0, 3.0, clipped=False) == hear(path)


def test_silence_at_either_end_is_timed(tmp_path):
    path = video(tmp_path / "late.mp4", pattern(9), f"{tone(9, -20)},volume=0:enable='not(between(t,2.5,6))'")
    heard = hear(path)
    assert heard.silent_start_s == pytest.approx(2.5, abs=0.1)
    assert heard.silent_tail_s == pytest.approx(3.0, abs=0.1)
    assert heard.loudness == pytest.approx(-20, abs=0.6), "silence does not make it quieter"


def test_a_sound_that_ends_before_the_picture_leaves_silence(tmp_path):
    heard = hear(video(tmp_path / "short.mp4", pattern(6), tone(2, -20)))
    assert heard.silent_start_s == 0
    assert heard.silent_tail_s == pytest.approx(4, abs=0.1)


def test_a_sound_that_begins_after_the_picture_leaves_silence(tmp_path):
    path = tmp_path / "delayed.mkv"
    ffmpeg("-f", "lavfi", "-i", pattern(5), "-itsoffset", 3, "-f", "lavfi", "-i", tone(2, -20), *CODECS, path)
    heard = hear(path)
    assert heard.silent_start_s == pytest.approx(3, abs=0.1)
    assert heard.silent_tail_s == 0


def test_the_pauses_of_a_speech_are_no_silent_ends(tmp_path):
    path = video(tmp_path / "pause.mp4", pattern(6), f"{tone(6, -20)},volume=0:enable='between(t,2,4)'")
    heard = hear(path)
    assert (0, 0) == (heard.silent_start_s, heard.silent_tail_s)


class TestDistortion:
    def voice(self, tmp_path: Path, treatment: str) -> Sound:
        source = f"aevalsrc=exprs={SPEECH}:s=48000:d=8,{treatment}"
        return hear(video(tmp_path / "voice.mp4", pattern(8), source, "-b:a", "128k"))

    @pytest.mark.parametrize("too_loud", [9, 12])
    def test_a_voice_that_was_recorded_too_loud_is_told_also_after_encoding(self, tmp_path, too_loud):
        assert self.voice(tmp_path, f"volume={too_loud}dB,aformat=sample_fmts=s16").clipped

    @pytest.mark.parametrize("treatment", ["anull", "volume=4.5dB", "volume=12dB,alimiter=limit=0.97"])
    def test_a_voice_that_is_loud_by_skill_is_not(self, tmp_path, treatment):
        assert not self.voice(tmp_path, treatment).clipped
