"""Own scene changes and a person's are told apart."""

from __future__ import annotations

from broadcaster.devices.obs.hands import Hands


def test_an_expected_change_is_ours():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    assert not hands.changed("Satu")
    assert hands.scene == "Satu"


def test_an_unexpected_change_is_a_person_s():
    assert Hands("Kamera").changed("Jeda")


def test_an_event_that_says_what_is_known_is_nobody_s():
    """OBS repeats itself while it starts."""
    assert not Hands("Kamera").changed("Kamera")


def test_changes_in_flight_are_all_ours():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.expect("Dua", now=0.1)
    assert [hands.changed("Satu"), hands.changed("Dua")] == [False, False]


def test_a_person_between_two_changes_in_flight_is_noticed():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.expect("Dua", now=0.1)
    assert [hands.changed("Satu"), hands.changed("Jeda"), hands.changed("Dua")] == [False, True, False]


def test_a_change_that_was_overtaken_is_not_awaited_any_more():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.expect("Dua", now=0.1)
    assert not hands.changed("Dua")
    assert hands.changed("Satu")


def test_a_change_that_never_came_does_not_excuse_a_person_for_ever():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.forget(now=11)
    assert hands.changed("Satu")


def test_a_change_that_was_sent_twice_and_told_once_is_not_awaited_any_more():
    """The operator goes elsewhere, and then clicks on the very same item."""
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.expect("Satu", now=0.5)
    assert [hands.changed("Satu"), hands.changed("Jeda"), hands.changed("Satu")] == [False, True, True]


def test_the_same_scene_twice_with_another_between_is_ours_all_three_times():
    hands = Hands("Kamera")
    for now, scene in enumerate(("Satu", "Dua", "Satu")):
        hands.expect(scene, now)
    assert [hands.changed("Satu"), hands.changed("Dua"), hands.changed("Satu")] == [False, False, False]


def test_a_change_that_obs_was_asked_about_needs_no_event_any_more():
    hands = Hands("Kamera")
    hands.expect("Satu", now=0)
    hands.asked("Satu")
    assert [hands.changed("Satu"), hands.changed("Jeda"), hands.changed("Satu")] == [False, True, True]
