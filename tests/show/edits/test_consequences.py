"""What is told of an edit before it is made; and what is no longer anybody's to edit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from broadcaster.show import playout
from broadcaster.show.edits.consequences import consequences
from broadcaster.show.edits.protection import protect
from broadcaster.show.edits.values import CannotEdit, Change, ChangeExhibitor, Delete, Move, Spot
from broadcaster.show.messages import Act, RundownLoaded
from broadcaster.show.rundown import ExhibitorId, Media
from tests.show.desk import TODAY, Desk, at, day, live, pause, profile, rundown


def told(*before, after, now: float = -60, planned_end: float | None = None) -> list[str]:
    desk = Desk.open(rundown(day(*before, planned_end=planned_end)), at(min(now, -60)))
    desk.play_to(now)
    edited = rundown(day(*after, planned_end=planned_end), revision="2")
    state, _commands = playout.step(desk.state, RundownLoaded(desk.now, edited))
    return [
        each.message % {key: _short(value) for key, value in each.values.items()}
        for each in consequences(desk.state, state, desk.now)
    ]


def _short(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{(value - at(0)).total_seconds():g}" if isinstance(value, datetime) else str(value)


A, B, C = live("a", 600, start=0), profile("b", 60), profile("c", 60)
ISHOMA = pause("ishoma", 600)


def test_an_edit_that_moves_no_time_says_so():
    assert told(A, B, C, after=[A, live("b", 60, exhibitor=ExhibitorId("b")), C]) == ["No times change."]


def test_a_day_that_ends_over_is_told_with_how_much():
    assert told(A, B, after=[A, B, C], planned_end=600) == ["The day ends at 720: 120 s over."]


def test_a_day_that_ends_early_and_one_that_ends_on_time():
    assert told(A, B, C, after=[A, B], planned_end=720)[0] == "The day ends at 660: 60 s early."
    assert told(A, B, C, after=[A, B], planned_end=660)[0] == "The day ends on time, at 660."


def test_without_a_planned_end_it_is_told_how_much_later_or_earlier():
    assert told(A, B, after=[A, B, C]) == ["The day ends at 720, 60 s later."]
    assert told(A, B, C, after=[A, C])[:2] == ["The day ends at 660, 60 s earlier.", "1 item begins 60 s earlier."]


def test_exhibitors_that_move_past_a_break_are_counted():
    """The organizer has promised them a time before the meal."""
    after = [A, ISHOMA, B, C]
    assert "2 exhibitors move past Ishoma." in told(A, B, C, ISHOMA, after=after)
    assert "1 exhibitor moves before Ishoma." in told(A, ISHOMA, B, C, after=[A, B, ISHOMA, C])


def test_what_a_hard_start_leaves_no_time_for_is_named():
    talk = live("talk", 60, start=660)
    longer = live("a", 660, start=0)
    assert told(A, B, talk, after=[longer, B, talk])[-2:] == [
        "No time is left to air: B.",
        "“Talk” has a fixed start at 660: what is before it is 60 s too long.",
    ]
    assert "There is time again for: B." in told(longer, B, talk, after=[A, B, talk])


def test_a_gap_before_a_hard_start_is_told():
    talk = live("talk", 60, start=660)
    assert "A gap of 60 s opens before “Talk”." in told(A, B, talk, after=[A, talk])


def test_an_exhibitor_that_drops_out_is_named():
    assert "No longer in the rundown: C." not in told(A, B, C, after=[A, B])  # gone with its row, here
    skipped = profile("c", 60, skip=True)
    assert "No longer in the rundown: C." in told(A, B, C, after=[A, B, skipped])


def test_another_next_item_is_named():
    assert "Next will be “C”." in told(A, B, C, after=[A, C, B], now=10)


def test_a_video_that_cannot_be_played_is_told():
    broken = profile("c", 60, media=Media("/c.mp4", None, "the file is missing"))
    assert "“C” has no video that can be played: the file is missing." in told(A, B, after=[A, B, broken])


def test_a_video_that_could_not_be_played_before_is_not_told_again():
    """The files may have been read in another language: the fault's words are no news."""
    before = profile("c", 60, media=Media("/c.mp4", None, "filenya tidak ada"))
    after = profile("c", 60, media=Media("/c.mp4", None, "the file is missing"))
    assert not [line for line in told(A, B, before, after=[B, A, after]) if "no video" in line]


# ---------------------------------------------------------------- protection


def allowed(desk: Desk, edited, *edits) -> None:
    after, _commands = playout.step(desk.state, RundownLoaded(desk.now, edited))
    protect(desk.state, after, edits, desk.now)


def playing(now: float, *items) -> Desk:
    desk = Desk.open(rundown(day(*items)), at(-10))
    desk.play_to(now)
    return desk


@pytest.mark.parametrize("edit", [Delete(A.id), Move(A.id, Spot(TODAY)), Change(A.id, {"duration": "1m"})])
def test_what_is_on_air_cannot_be_edited(edit):
    with pytest.raises(CannotEdit) as told:
        allowed(playing(10, A, B), rundown(day(A, B), revision="2"), edit)
    assert told.value.message == "“%(title)s” is on air: it can be changed when it has left."


def test_its_note_and_its_exhibitors_texts_can():
    desk = playing(10, A, B)
    allowed(desk, rundown(day(A, B), revision="2"), Change(A.id, {"note": "x"}))
    allowed(desk, rundown(day(A, B), revision="2"), ChangeExhibitor(ExhibitorId("b"), {"name": "x"}))


@pytest.mark.parametrize(
    "edited",
    [[A, C, B], [A, C], [A, profile("b", 30), C], [A, profile("b", 60, title="Lain"), C], [A, profile("x", 5), B, C]],
    ids=["moved", "deleted", "retimed", "renamed", "pushed back"],
)
def test_what_goes_on_air_within_a_minute_is_fixed(edited):
    with pytest.raises(CannotEdit):
        allowed(playing(550, A, B, C), rundown(day(*edited), revision="2"), Delete(C.id))


def test_a_video_that_was_measured_meanwhile_is_no_edit():
    measured = profile("b", 60, media=Media("/media/b.mp4", B.duration, size=(640, 360), loudness=-20.0, backdrop="/b"))
    allowed(playing(550, A, B, C), rundown(day(A, measured, C), revision="2"), Move(C.id, Spot(TODAY)))


def test_before_that_it_is_free():
    allowed(playing(530, A, B, C), rundown(day(A, C, B), revision="2"), Move(C.id, Spot(TODAY)))


def test_what_follows_that_minute_is_free_all_along():
    d = profile("d", 60)
    allowed(playing(550, A, B, C, d), rundown(day(A, B, d, C), revision="2"), Move(d.id, Spot(TODAY)))


def test_in_hold_nothing_goes_on_air_by_itself_so_all_that_is_to_come_is_free():
    desk = playing(590, A, B, C)
    desk.press(Act.HOLD)
    allowed(desk, rundown(day(A, C, B), revision="2"), Move(C.id, Spot(TODAY)))


def test_after_a_manual_item_that_is_over_its_time_all_is_free():
    """Nothing but a press ends it."""
    speech = live("a", 60, start=0, manual=True)
    desk = playing(100, speech, B, C)
    allowed(desk, rundown(day(speech, C, B), revision="2"), Move(C.id, Spot(TODAY)))


def test_a_rundown_of_items_of_no_length_keeps_nobody_waiting():
    flashes = [live(f"f{number}", 0.001, start=0 if number == 0 else None) for number in range(400)]
    allowed(playing(-5, *flashes), rundown(day(*flashes), revision="2"))
