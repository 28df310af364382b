"""Gaps, leaks and clicks are found where two tones meet, and put a number to."""

from __future__ import annotations

import numpy as np
import pytest

from bench.received.audio import RATE, Loudness, Sound, hear, longest_gap, loudness, measure, splice, spread
from bench.received.clips import Clip
from bench.received.switches import Passage


def clip(number: int, tone: float | None, level: float = -20) -> Clip:
    return Clip(number, "", "", (640, 360), (0.0,), 3.0, tone, level)


LOW, HIGH, MUTE = clip(1, 700), clip(2, 1900), clip(3, None)


def tone(of: Clip, begin: float, end: float, seconds: float = 6.0):
    """Silence with the clip's tone in it, from `begin` to `end`."""
    times = np.arange(round(seconds * RATE)) / RATE
    return np.where(
        (begin <= times) & (times < end), 10 ** (of.level / 20) * np.sin(2 * np.pi * (of.tone or 0) * times), 0
    )


def heard(*parts) -> Sound:
    return Sound(np.sum(parts, axis=0), start=10.0)


def ms(seconds: float, within: float = 5):
    return pytest.approx(seconds / 1000, abs=within / 1000)


def test_two_tones_end_to_end_leave_no_gap_and_no_leak():
    found = splice(heard(tone(LOW, 0, 3), tone(HIGH, 3, 6)), 13.0, LOW, HIGH)
    assert (0, ms(0), ms(0)) == (found.gap, found.leak, found.late)


@pytest.mark.parametrize("gap", [10, 40, 200])
def test_silence_between_two_tones_is_a_gap_of_its_length(gap):
    found = splice(heard(tone(LOW, 0, 3), tone(HIGH, 3 + gap / 1000, 6)), 13.0, LOW, HIGH)
    assert (ms(gap), ms(gap)) == (found.gap, found.late)


def test_a_hole_beside_the_switch_counts_too():
    found = splice(heard(tone(LOW, 0, 2.7), tone(LOW, 2.8, 3), tone(HIGH, 3, 6)), 13.0, LOW, HIGH)
    assert ms(100) == found.gap


def test_a_long_hole_before_the_switch_is_a_gap_and_no_leak():
    found = splice(heard(tone(LOW, 0, 2.2), tone(LOW, 2.9, 3), tone(HIGH, 3, 6)), 13.0, LOW, HIGH)
    assert (ms(700), ms(0)) == (found.gap, found.leak)


def test_of_a_tone_that_is_not_heard_nothing_is_said():
    found = splice(heard(tone(HIGH, 3, 6)), 13.0, LOW, HIGH)
    assert (None, None, ms(0)) == (found.gap, found.leak, found.late)


def test_a_faint_clip_is_no_gap():
    faint = clip(4, 1900, -47)
    assert 0 == splice(heard(tone(LOW, 0, 3), tone(faint, 3, 6)), 13.0, LOW, faint).gap


def test_both_tones_at_once_are_a_leak():
    found = splice(heard(tone(LOW, 0, 3.12), tone(HIGH, 3, 6)), 13.0, LOW, HIGH)
    assert (ms(120), 0) == (found.leak, found.gap)


def test_the_old_tone_coming_back_is_a_leak():
    found = splice(heard(tone(LOW, 0, 3), tone(HIGH, 3, 6), tone(LOW, 3.4, 3.5)), 13.0, LOW, HIGH)
    assert ms(100) == found.leak


def test_where_the_next_clip_has_no_sound_its_picture_is_what_the_old_tone_leaks_into():
    found = splice(heard(tone(LOW, 0, 3.08)), 13.0, LOW, MUTE)
    assert (ms(80), None, None) == (found.leak, found.gap, found.late)


def test_of_a_clip_without_sound_nothing_leaks():
    found = splice(heard(tone(HIGH, 3.05, 6)), 13.0, MUTE, HIGH)
    assert (None, ms(50)) == (found.leak, found.late)


def test_a_click_is_a_jump_that_neither_tone_can_make():
    smooth = splice(heard(tone(LOW, 0, 6)), 13.0, LOW, clip(5, 700))
    click = np.zeros(6 * RATE)
    click[3 * RATE] = 0.5
    clicked = splice(heard(tone(LOW, 0, 3), tone(HIGH, 3, 6), click), 13.0, LOW, HIGH)
    assert smooth.jump is not None
    assert smooth.jump < 1.1
    assert clicked.jump is not None
    assert clicked.jump > 10


def test_a_recording_that_ends_early_is_silent_there():
    sound = Sound(np.ones(RATE), start=2.0)
    assert [RATE, RATE, 2 * RATE] == [len(sound.between(*each)) for each in ((2, 3), (9, 10), (1.5, 3.5))]
    assert RATE == sound.between(1.5, 3.5).sum()
    assert 0.5 == longest_gap(sound.between(1.5, 3))


def test_a_tone_of_1_khz_has_the_loudness_that_ebu_tech_3341_gives_it(tmp_path):
    """Tech 3341, test signal 1: a stereo sine of 1000 Hz with peaks of −23 dBFS has −23 LUFS."""
    file = _written(tmp_path, clip(1, 1000, -23))
    assert (pytest.approx(-23, abs=0.2), pytest.approx(-23, abs=0.3)) == measure(file, 0.5, 3)


def test_silence_has_no_loudness(tmp_path):
    assert -70 == measure(_written(tmp_path, MUTE), 0, 2)[0]


def test_the_loudness_of_each_clip_is_of_its_own_time_on_air(tmp_path):
    loud, quiet = clip(1, 1000, -20), clip(2, 1000, -32)
    file = _written(tmp_path, loud, tone(loud, 0, 3) + tone(quiet, 3, 6))
    passages = [Passage(1, 0, 3, 0), Passage(2, 3, 6, 0), Passage(3, 3, 6, 0)]
    found = loudness(file, hear(file), passages, [loud, quiet, MUTE])
    assert [(1, pytest.approx(-20, abs=0.3)), (2, pytest.approx(-32, abs=0.3))] == [
        (each.clip, each.lufs) for each in found
    ]
    assert [0, 0] == [each.dropout for each in found]
    assert pytest.approx(12, abs=0.4) == spread(found)


def test_no_clips_have_no_spread():
    assert 0 == spread([])
    assert 0 == spread([Loudness(1, -14, -3, 0)])


def _written(folder, of: Clip, samples=None):
    """A WAV file of the clip's tone, stereo."""
    import wave

    samples = tone(of, 0, 6) if samples is None else samples
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.stack([samples, samples], axis=1) * 32767).astype("<i2").tobytes())
    return path
