"""The difference between what OBS shows and what is wanted, as requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.devices.obs.names import Names
from broadcaster.devices.obs.observed import PLAYING, Deck, Observed
from broadcaster.devices.obs.plan import Video, Wanted, off_by, spare, switch

NAMES = Names("Expo · ")
A, B = NAMES.decks
FOUR = timedelta(seconds=4)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def observed(scene="Expo · 1 Merah", on=A, a="merah.mp4", b="hijau.mp4", cursor=1.0, top=B, state=PLAYING):
    """Deck `on` is shown and plays; `top` covers the other."""

    def deck(name, item, file):
        shown = name == on
        index = 2 if name == top else 1
        return Deck(name, item, index, shown, file, state if shown else "", seconds(cursor) if shown else None)

    return Observed(scene, (deck(A, 11, a), deck(B, 12, b)), NAMES.nests_program(scene))


def wanted(path="hijau.mp4", scene="Expo · 2 Hijau", position=0.0):
    return Wanted(scene, Video(path, seconds(position), FOUR))


def words(plan):
    """Requests as short words."""
    said = []
    for request in plan.requests:
        data = request.data
        deck = {11: "A", 12: "B"}.get(data.get("sceneItemId"), "")
        match request.type:
            case "SetCurrentProgramScene":
                said.append(f"scene {data['sceneName'].removeprefix('Expo · ')}")
            case "SetSceneItemIndex":
                said.append(f"raise {deck} to {data['sceneItemIndex']}")
            case "SetSceneItemEnabled":
                said.append(f"{'show' if data['sceneItemEnabled'] else 'hide'} {deck}")
            case "Sleep":
                said.append(f"wait {data['sleepMillis']}")
    return said


def test_the_next_video_covers_the_old_one_before_that_goes():
    plan = switch(observed(), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == ["show B", "scene 2 Hijau", "wait 120", "hide A"]
    assert (plan.deck, plan.load, plan.seek) == (B, False, False)


def test_a_deck_that_lies_below_is_raised_first():
    plan = switch(observed(top=A), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == ["raise B to 2", "show B", "scene 2 Hijau", "wait 120", "hide A"]


def test_a_video_that_is_not_ready_is_loaded_first():
    """A file that lies on the deck from before has been played already: it has to be loaded anew."""
    assert switch(observed(), wanted(), NAMES, ready=None).load


def test_within_one_scene_only_the_decks_change():
    plan = switch(observed(), wanted(scene="Expo · 1 Merah"), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == ["show B", "wait 120", "hide A"]
    assert not plan.scene_changes


def test_what_is_as_wanted_stays_untouched():
    plan = switch(observed(), wanted("merah.mp4", "Expo · 1 Merah", position=1.2), NAMES)
    assert plan.requests == ()
    assert (plan.deck, plan.load, plan.seek) == (A, False, False)


def test_a_running_video_far_from_its_place_is_sought_where_it_is():
    plan = switch(observed(cursor=1.0), wanted("merah.mp4", "Expo · 1 Merah", position=3.0), NAMES)
    assert plan.requests == ()
    assert plan.seek


def test_the_same_file_for_another_target_goes_to_the_other_deck():
    plan = switch(observed(), wanted("merah.mp4"), NAMES, adopt=False)
    assert words(plan) == ["show B", "scene 2 Hijau", "wait 120", "hide A"]
    assert plan.load


def test_a_deck_that_does_not_play_is_not_taken_for_one_that_does():
    plan = switch(observed(state="OBS_MEDIA_STATE_ENDED"), wanted("merah.mp4"), NAMES)
    assert plan.deck == B


def test_a_video_joined_in_progress_is_sought():
    assert switch(observed(), wanted(position=2.0), NAMES, ready=(B, "hijau.mp4")).seek
    assert not switch(observed(), wanted(position=0.2), NAMES, ready=(B, "hijau.mp4")).seek


def test_over_the_slate_there_is_nothing_to_wait_for():
    plan = switch(observed(on=None), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == ["show B", "scene 2 Hijau"]


def test_without_a_video_the_decks_go_once_the_scene_has_changed():
    assert words(switch(observed(), Wanted("Expo · Standby"), NAMES)) == ["scene Standby", "hide A"]


def test_in_a_scene_of_the_operator_s_the_decks_are_left_alone():
    """They are inactive there, and OBS would carry it out only when they are on air again."""
    assert words(switch(observed(), Wanted("Jeda"), NAMES)) == ["scene Jeda"]


def test_coming_from_the_operator_s_scene_the_deck_that_is_enabled_is_used():
    plan = switch(observed(scene="Jeda", a="hijau.mp4"), wanted(), NAMES, ready=(A, "hijau.mp4"))
    assert words(plan) == ["raise A to 2", "scene 2 Hijau"]
    assert (plan.deck, plan.load) == (A, False)


@pytest.mark.parametrize(
    ("seen", "preferred", "expected"),
    [
        (observed(on=A), None, B),
        (observed(on=B), None, A),
        (observed(on=None), None, A),
        (observed(on=None), B, B),
        (observed(scene="Jeda", on=B), None, B),
        (observed(scene="Jeda", on=None), B, B),
    ],
)
def test_the_spare_deck_is_the_one_that_viewers_do_not_see(seen, preferred, expected):
    assert spare(seen, preferred).name == expected


@pytest.mark.parametrize(
    ("cursor", "position", "duration", "expected"),
    [
        (1.0, 1.5, 4.0, 0.5),
        (3.9, 0.1, 4.0, 0.2),
        (0.1, 3.9, 4.0, 0.2),
        (3.9, 0.1, None, 3.8),
    ],
)
def test_places_in_a_loop_are_compared_the_shorter_way_round(cursor, position, duration, expected):
    video = Video("x", seconds(position), seconds(duration) if duration else None)
    assert off_by(seconds(cursor), video) == seconds(expected)


def test_a_deck_without_a_place_is_as_far_off_as_can_be():
    assert off_by(None, Video("x", FOUR, FOUR)) == timedelta.max
