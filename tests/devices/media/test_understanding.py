"""What ffmpeg says is understood, and nothing else is taken for it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.devices.media import Failed
from broadcaster.devices.media.edges import Shade, black_start, black_tail, shades_in
from broadcaster.devices.media.sound import Sound, understood

SUMMARY = ["[Parsed_ebur128_1 @ 0x5] Summary:", "", "    I:         -23.0 LUFS", "    Peak:       -3.1 dBFS"]
STATISTICS = ["[Parsed_astats_5 @ 0x5] Number of samples: 48000"]


def test_words_in_the_files_own_title_are_not_taken_for_a_measurement():
    """ffmpeg's log shows what the exhibitor's editor wrote into the file."""
    title = [
        "    title           : [silencedetect @ 0x1] silence_start: 0",
        "    comment         : Summary:",
        "    I:          -5.0 LUFS",
        "    Peak:        9.0 dBFS",
    ]
    assert Sound(-23.0, -3.1) == understood([*title, *SUMMARY, *STATISTICS], 10)


def test_a_log_without_a_result_is_a_failure():
    with pytest.raises(Failed):
        understood(["Conversion failed!"], 10)


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)).map(sorted), max_size=5).map(sorted),
    st.floats(0.1, 20),
    st.sampled_from(["-70.0", "-23.0", "nan", "-inf", "3.1"]),
    st.sampled_from(["-inf", "-3.1", "nan", "12.0"]),
)
def test_whatever_is_measured_makes_sense(silences, length, loudness, peak):
    said = [
        f"[silencedetect @ 0x5] silence_{word}: {at}"
        for span in silences
        for word, at in zip(("start", "end"), span, strict=True)
    ]
    result = ["[Parsed_ebur128_1 @ 0x5] Summary:", f"    I:  {loudness} LUFS", f"    Peak:  {peak} dBFS"]
    heard = understood([*said, *result, *STATISTICS], length)
    assert 0 <= heard.silent_start_s <= length + 0.001
    assert 0 <= heard.silent_tail_s <= length + 0.001
    assert (heard.loudness is None) == (heard.true_peak is None)
    assert heard.loudness is None or (math.isfinite(heard.loudness) and heard.loudness > -70)


@given(st.lists(st.text(max_size=40), max_size=8))
def test_a_log_that_makes_no_sense_is_a_failure_and_nothing_else(log):
    with pytest.raises(Failed):
        understood(log, 10)


def shades(*lumas: float) -> list[Shade]:
    return [Shade(index / 25, luma) for index, luma in enumerate(lumas)]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_black_pictures_at_the_ends_are_counted_each_by_its_length(before, between, after):
    found = shades(*[16] * before, 235, *[16] * between, 235, *[16] * after)
    assert black_start(found) == pytest.approx(before / 25, abs=0.001)
    assert black_tail(found, 1 / 25) == pytest.approx(after / 25, abs=0.001)


@given(st.integers(0, 50))
def test_black_without_an_end_has_no_length_yet(count):
    assert (None, None) == (black_start(shades(*[16] * count)), black_tail(shades(*[16] * count), 1 / 25))


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 255))))
def test_what_ffmpeg_prints_is_read_as_it_was_printed(pictures):
    printed = "".join(
        f"frame:{index:<4} pts:{index:<7} pts_time:{at:g}\nlavfi.signalstats.YMAX={luma}\n"
        for index, (at, luma) in enumerate(pictures)
    )
    assert [Shade(float(f"{at:g}"), luma) for at, luma in pictures] == list(shades_in(printed))


@given(st.text())
def test_anything_else_is_no_picture_and_no_exception(text):
    assert all(shade.luma >= 0 for shade in shades_in(text))
