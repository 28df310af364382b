"""Laws of playout: whatever the rundown, whatever is pressed, edited, lost or late."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.show import playout, snapshot
from broadcaster.show.messages import (
    Act,
    CueFailed,
    Pressed,
    RundownLoaded,
    SceneTakenByHand,
    SetStudio,
    StudioConnected,
    StudioFailed,
    StudioLost,
    StudioReached,
    Ticked,
)
from broadcaster.show.rundown import (
    HardStart,
    Item,
    ItemId,
    ItemType,
    Media,
    MissedStart,
    MissingMedia,
    Rundown,
)
from broadcaster.show.state import Mode, initial
from broadcaster.show.studio import OnDeck
from tests.show.desk import Desk, at, day, item, live, pause, profile, rundown, s

if TYPE_CHECKING:
    from broadcaster.show.messages import Event

DAY = 86_400


@st.composite
def items(draw: st.DrawFn, first: float, prefix: str, *, automatic: bool = False) -> tuple[Item, ...]:
    """A day of items whose hard starts ascend, as `check` demands."""
    made: list[Item] = []
    clock = first
    for index in range(draw(st.integers(1, 8))):
        seconds = draw(st.sampled_from([5, 10, 20.04, 30, 45]))
        hard = index == 0 or draw(st.integers(0, 3)) == 0
        if hard and index:
            clock += draw(st.sampled_from([0.04, 1, 5, 15, 60]))
        start = clock if hard else None
        name = f"{prefix}{index}"
        kind = draw(st.sampled_from(["profile", "profile", "broken", "live", "break", "slate"]))
        skip = draw(st.integers(0, 7)) == 0 and index > 0
        match kind:
            case "profile":
                made.append(profile(name, seconds, start=start, skip=skip))
            case "broken":
                media = Media(f"/media/{name}.mp4", None, "file is missing")
                made.append(profile(name, seconds, start=start, skip=skip, media=media))
            case "live":
                manual = not automatic and draw(st.booleans())
                made.append(live(name, seconds, start=start, manual=manual, skip=skip))
            case "break":
                made.append(pause(name, seconds, start=start, skip=skip))
            case _:
                made.append(item(name, ItemType.SLATE, seconds, start=start, skip=skip))
        clock += draw(st.sampled_from([0, seconds, seconds]))
    return tuple(made)


@st.composite
def shows(draw: st.DrawFn, /, *, automatic: bool = False, revision: str = "1", **policy: object) -> Rundown:
    first = day(*draw(items(0, "a", automatic=automatic)))
    days = [first]
    if draw(st.booleans()):
        days.append(day(*draw(items(DAY, "b", automatic=automatic)), on=at(DAY).date()))
    fillers = draw(st.sampled_from([(), (Media("/f1.mp4", s(7)),), (Media("/f1.mp4", s(7)), Media("/f2.mp4", s(9)))]))
    chosen = {
        "hard_start": draw(st.sampled_from(HardStart)),
        "missed_start": draw(st.sampled_from(MissedStart)),
        "missing_media": draw(st.sampled_from(MissingMedia)),
        **policy,
    }
    return rundown(*days, fillers=fillers, revision=revision, **chosen)


@st.composite
def doings(draw: st.DrawFn) -> list[tuple[float, str, object]]:
    """What people and machines do, each so many seconds after the one before."""
    count = draw(st.integers(0, 14))
    kinds = st.sampled_from(
        ["wake", "late", "press", "press", "press", "edit", "hand", "fail", "cue", "lost", "back", "confirm"]
    )
    return [
        (draw(st.sampled_from([0, 0.04, 0.5, 1.5, 3, 11, 40])), draw(kinds), draw(st.integers(0, 1_000_000)))
        for _ in range(count)
    ]


ALL_IDS = [ItemId(f"{prefix}{index}") for prefix in "ab" for index in range(8)]


def event_for(desk: Desk, kind: str, number: int, edits: list[Rundown]) -> Event | None:
    now = desk.now
    match kind:
        case "press":
            act = list(Act)[number % len(Act)]
            which = ALL_IDS[number // 7 % len(ALL_IDS)]
            length = s((-30, -5, 5, 30)[number % 4]) if act is Act.EXTEND else s(0)
            return Pressed(now, act, which if act is Act.JUMP else None, "somebody", length)
        case "edit":
            return RundownLoaded(now, edits[number % len(edits)])
        case "hand":
            scene_item = ALL_IDS[number % len(ALL_IDS)] if number % 3 == 0 else None
            return SceneTakenByHand(now, "Kamera", scene_item, is_standby=number % 3 == 1)
        case "fail":
            return StudioFailed(now, desk.state.place, "broken")
        case "cue":
            path = f"/media/{ALL_IDS[number % len(ALL_IDS)]}.mp4"
            playing = desk.state.target and desk.state.target.picture
            return (
                None if isinstance(playing, OnDeck) and playing.clip.path == path else CueFailed(now, path, "garbage")
            )
        case "lost":
            return StudioLost(now, "gone")
        case "back":
            return StudioConnected(now, "29")
        case _:
            return None


def play(desk: Desk, story: list[tuple[float, str, object]], edits: list[Rundown]) -> None:
    seconds = (desk.now - at(0)).total_seconds()
    for pause_before, kind, number in story:
        seconds += pause_before
        if kind == "late":
            desk.sleep_to(seconds + 20)
            seconds += 20
        else:
            desk.play_to(seconds)
        assert isinstance(number, int)
        event = event_for(desk, kind, number, edits)
        if event is not None:
            desk.send(event)
        check_picture(desk)


def check_picture(desk: Desk) -> None:
    """Never dark: the studio is asked for something, and for nothing that is known not to play."""
    state = desk.state
    if state.mode is Mode.YIELDED or state.released:
        return
    assert state.target is not None
    assert desk.target == state.target
    picture = state.target.picture
    if isinstance(picture, OnDeck):
        assert picture.clip.path not in state.faults
        known = [i.media for d in state.rundown.days for i in d.items if i.media and i.media.path == picture.clip.path]
        on_air_now = state.on_air is not None and state.on_air.item.media is not None
        assert on_air_now or all(not media.fault for media in known)


def finish(desk: Desk, *, by_hand: bool = False) -> None:
    """Give the show back to automation and let it run out; `by_hand` also takes what waits for a hand."""
    if desk.state.mode is not Mode.AUTO:
        desk.press(Act.RESUME)
    for _ in range(60):
        seconds = (desk.now - at(0)).total_seconds()
        desk.play_to(max(seconds, 0) + DAY / 20)
        if desk.state.ended:
            return
        if by_hand:
            desk.press(Act.TAKE)


STORIES = settings(max_examples=60, deadline=None)


@STORIES
@given(shows(), st.lists(shows(revision="2"), min_size=1, max_size=2), doings(), st.sampled_from([-30.0, 0.0, 12.0]))
def test_something_good_is_always_on_program_and_every_item_ends_with_exactly_one_outcome(show, edits, story, begin):
    desk = Desk.open(show, at(begin))
    check_picture(desk)
    play(desk, story, [show, *edits])
    finish(desk, by_hand=True)
    assert desk.state.ended
    final = desk.state.rundown
    of_the_end = {item.id for item in final.days[desk.state.day].items}
    assert {item for item in of_the_end if item not in desk.state.outcomes} == set()
    assert [row for row in desk.rows.values() if row.outcome is None] == []
    for row in desk.rows.values():
        assert row.actual_start is None or row.actual_end is not None
        assert row.actual_start is None or row.actual_end is None or row.actual_start <= row.actual_end


@STORIES
@given(shows(automatic=True), st.lists(st.floats(0.01, 90), min_size=1, max_size=40))
def test_a_late_wake_up_skips_nothing_silently_and_nothing_twice(show, naps):
    desk = Desk.open(show, at(-10))
    seconds = -10.0
    for nap in naps:
        seconds += nap
        desk.sleep_to(seconds)
    finish(desk)
    ids = [item.id for d in show.days for item in d.items]
    assert sorted(desk.rows) == sorted((item, 1) for item in ids)


@STORIES
@given(shows(automatic=True, hard_start=HardStart.CUT))
def test_a_hard_start_is_kept(show):
    desk = Desk.open(show, at(-10))
    finish(desk)
    starts = {(d.date, i.start) for d in show.days for i in d.items if i.start and not i.skip}
    for row in desk.rows.values():
        planned = show.find(row.item)
        assert planned is not None
        if planned.start is None or planned.skip:
            continue
        if row.outcome == "failed" and row.expected_start is None:
            continue  # unplayable, and the policy says skip
        twins = sum(1 for d in show.days for i in d.items if i.start == planned.start and not i.skip)
        assert row.expected_start == planned.start or twins > 1, (row, starts)


@STORIES
@given(shows(), st.lists(shows(revision="2"), min_size=1, max_size=2), doings())
def test_the_same_events_give_the_same_commands(show, edits, story):
    desks = [Desk.open(show, at(-5)) for _ in range(2)]
    for desk in desks:
        play(desk, story, [show, *edits])
    assert desks[0].commands == desks[1].commands
    assert desks[0].state == desks[1].state


@STORIES
@given(shows(), shows(revision="2"), doings(), st.floats(0, 200))
def test_no_edit_moves_what_is_on_air(show, edited, story, when):
    desk = Desk.open(show, at(-5))
    play(desk, story, [show])
    desk.play_to((desk.now - at(0)).total_seconds() + when)
    before, place = desk.state.on_air, desk.state.place
    if before is None:
        return
    desk.edit(edited)
    assert desk.state.on_air == before
    assert desk.state.place == place


@STORIES
@given(shows(automatic=True), st.floats(-5, 200))
def test_it_does_not_matter_how_often_one_looks(show, when):
    """Waking exactly when due, or also in between, gives the same as-run."""
    sparse, dense = Desk.open(show, at(-5)), Desk.open(show, at(-5))
    sparse.play_to(when)
    for n in range(int((when + 5) * 2)):
        dense.play_to(-5 + n / 2)
    dense.play_to(when)
    assert sparse.rows == dense.rows


@STORIES
@given(shows(), st.lists(shows(revision="2"), min_size=1, max_size=2), doings())
def test_a_crash_at_any_moment_loses_nothing(show, edits, before):
    """What a snapshot brings back is the state itself, but for what the studio has to be asked again."""
    desk = Desk.open(show, at(-5))
    play(desk, before, [show, *edits])
    text = json.dumps(snapshot.dump(desk.state, desk.now))
    restored = snapshot.load(json.loads(text), desk.state.rundown)
    between_us_and_the_devices = {
        name: getattr(desk.state, name)
        for name in ("target", "leaving", "described", "released", "faults", "gone", "outputs")
    }
    if desk.state.fill is None or desk.state.fill.media in desk.state.rundown.filler:
        assert replace(restored, **between_us_and_the_devices) == desk.state


@pytest.mark.slow
def test_starts_do_not_drift_over_two_thousand_items_with_a_slow_studio():
    """40 ms of OBS a switch would be 80 s by the end of such a day."""
    count, length = 2_000, timedelta(seconds=10)
    day_items = [
        item(f"p{n}", ItemType.VIDEO, 10, start=0 if n == 0 else None, media=Media(f"/{n}.mp4", length))
        for n in range(count)
    ]
    state = initial(rundown(day(*day_items)))
    state, _ = playout.start(state, at(-1))
    lateness = timedelta(milliseconds=40)
    decided = []
    for _ in range(count):
        wake = playout.next_wake(state)
        assert wake is not None
        state, commands = playout.step(state, Ticked(wake + timedelta(milliseconds=7)))  # and a sluggish clock
        wish = next(command for command in commands if isinstance(command, SetStudio))
        assert state.on_air is not None
        decided.append(state.on_air.began)
        state, _ = playout.step(state, StudioReached(wake + lateness, wish.target.id))
    assert decided == [at(0) + n * length for n in range(count)]
