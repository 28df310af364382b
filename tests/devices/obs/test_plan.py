"""The difference between what OBS shows and what is wanted, as requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.devices.obs.names import Names
from broadcaster.devices.obs.observed import PLAYING, Deck, Layer, Observed
from broadcaster.devices.obs.plan import SILENCE, Video, Wanted, off_by, spare, switch

NAMES = Names("Expo · ")
A, B = NAMES.decks
FOUR = timedelta(seconds=4)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def observed(scene="Expo · 1 Merah", on=A, a="merah.mp4", b="hijau.mp4", cursor=1.0, top=B, state=PLAYING):
    """Deck `on` is shown and plays; `top` covers the other. Each lies on its backdrop, all above the slate (0)."""

    def deck(name, item, file):
        shown = name == on
        index = 4 if name == top else 2
        under = Layer(f"{name} · Backdrop", item + 10, index - 1, enabled=False)
        return Deck(name, item, index, shown, under, file, state if shown else "", seconds(cursor) if shown else None)

    return Observed(scene, (deck(A, 11, a), deck(B, 12, b)), NAMES.nests_program(scene))


def wanted(path="hijau.mp4", scene="Expo · 2 Hijau", position=0.0, *, backdrop=False):
    return Wanted(scene, Video(path, seconds(position), FOUR, has_backdrop=backdrop))


def words(plan):
    """What is done one frame ahead, on the frame, and afterwards: requests as short words."""
    return [[word(request) for request in phase] for phase in (plan.ready, plan.show, plan.clear)]


def word(request):
    data = request.data
    layer = {11: "A", 12: "B", 21: "under A", 22: "under B"}.get(data.get("sceneItemId"), "")
    match request.type:
        case "SetCurrentProgramScene":
            return f"scene {data['sceneName'].removeprefix('Expo · ')}"
        case "SetSceneItemIndex":
            return f"{layer} to {data['sceneItemIndex']}"
        case "SetSceneItemEnabled":
            return f"{'show' if data['sceneItemEnabled'] else 'hide'} {layer}"
        case "SetInputVolume":
            assert data["inputVolumeDb"] == SILENCE
            return f"silence {'A' if data['inputName'] == A else 'B'}"


LOWER_B = ["under B to 0", "B to 1"]
RAISE_B = ["under B to 4", "B to 4"]


def test_the_next_video_starts_unseen_a_frame_ahead_and_then_covers_the_old_one_before_that_goes():
    plan = switch(observed(), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == [[*LOWER_B, "show B", "silence A"], [*RAISE_B, "scene 2 Hijau"], ["hide A"]]
    assert (plan.deck, plan.load, plan.seek, plan.leaves) == (B, False, False, (A,))


def test_a_deck_that_lies_at_the_bottom_already_is_only_shown():
    seen = observed(top=A)
    a, b = seen.decks
    low = replace(b, index=1, backdrop=replace(b.backdrop, index=0))
    plan = switch(replace(seen, decks=(a, low)), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan)[0] == ["show B", "silence A"]


def test_a_video_that_leaves_a_part_of_the_canvas_empty_comes_with_its_backdrop():
    plan = switch(observed(), wanted(backdrop=True), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan)[0] == [*LOWER_B, "show under B", "show B", "silence A"]


def test_the_backdrop_of_the_video_before_goes_with_it():
    seen = observed()
    a, b = seen.decks
    seen = replace(seen, decks=(replace(a, backdrop=replace(a.backdrop, enabled=True)), b))
    assert words(switch(seen, wanted(), NAMES, ready=(B, "hijau.mp4")))[2] == ["hide A", "hide under A"]


def test_a_video_that_is_not_ready_is_loaded_first():
    """A file that lies on the deck from before has been played already: it has to be loaded anew."""
    assert switch(observed(), wanted(), NAMES, ready=None).load


def test_within_one_scene_only_the_decks_change():
    plan = switch(observed(), wanted(scene="Expo · 1 Merah"), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == [[*LOWER_B, "show B", "silence A"], RAISE_B, ["hide A"]]
    assert not plan.scene_changes


def test_what_is_as_wanted_stays_untouched():
    plan = switch(observed(), wanted("merah.mp4", "Expo · 1 Merah", position=1.2), NAMES)
    assert words(plan) == [[], [], []]
    assert (plan.deck, plan.load, plan.seek, plan.starts) == (A, False, False, False)


def test_a_running_video_far_from_its_place_is_sought_where_it_is():
    plan = switch(observed(cursor=1.0), wanted("merah.mp4", "Expo · 1 Merah", position=3.0), NAMES)
    assert words(plan) == [[], [], []]
    assert plan.seek


def test_the_same_file_for_another_target_goes_to_the_other_deck():
    plan = switch(observed(), wanted("merah.mp4"), NAMES, adopt=False)
    assert words(plan) == [[*LOWER_B, "show B", "silence A"], [*RAISE_B, "scene 2 Hijau"], ["hide A"]]
    assert plan.load


def test_a_deck_that_does_not_play_is_not_taken_for_one_that_does():
    plan = switch(observed(state="OBS_MEDIA_STATE_ENDED"), wanted("merah.mp4"), NAMES)
    assert plan.deck == B


def test_a_video_joined_in_progress_is_sought():
    assert switch(observed(), wanted(position=2.0), NAMES, ready=(B, "hijau.mp4")).seek
    assert not switch(observed(), wanted(position=0.2), NAMES, ready=(B, "hijau.mp4")).seek


def test_over_the_slate_there_is_nothing_to_silence_or_to_hide():
    plan = switch(observed(on=None), wanted(), NAMES, ready=(B, "hijau.mp4"))
    assert words(plan) == [[*LOWER_B, "show B"], [*RAISE_B, "scene 2 Hijau"], []]


def test_before_a_standby_scene_the_video_is_silent_and_then_out_of_sight():
    assert words(switch(observed(), Wanted("Expo · Standby"), NAMES)) == [
        [],
        ["silence A", "scene Standby"],
        ["hide A"],
    ]


def test_for_the_slate_the_decks_that_cover_it_go_on_the_frame():
    plan = switch(observed(), Wanted("Expo · 3 Kartu", shows_slate=True), NAMES)
    assert words(plan) == [[], ["hide A", "scene 3 Kartu"], []]


def test_in_a_scene_of_the_operator_s_the_decks_are_left_alone():
    """They are inactive there, and OBS would carry it out only when they are on air again."""
    assert words(switch(observed(), Wanted("Jeda"), NAMES)) == [[], ["scene Jeda"], []]


def test_coming_from_the_operator_s_scene_the_deck_that_is_enabled_is_used():
    """Nothing is done ahead: OBS would do it in its own time."""
    plan = switch(observed(scene="Jeda", a="hijau.mp4"), wanted(), NAMES, ready=(A, "hijau.mp4"))
    assert words(plan) == [[], ["under A to 4", "A to 4", "scene 2 Hijau"], []]
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
