"""A title per segment: the exhibitor's while it is on air, and people's own before and after."""

from __future__ import annotations

import pytest

from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import HASTY, wish
from tests.emulators.youtube import Kind

OWN = "Pekalongan Hybrid Expo UMKM"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"segment_title": "{name} | {title}"})


def title(youtube) -> str:
    return str(youtube.video().snippet["title"])


def test_it_changes_with_the_exhibitor_in_the_same_update_and_ends_as_people_wrote_it(hand, youtube):
    hand.publish(wish(1))
    assert f"Batik Sekar 1 | {OWN}" == title(youtube)
    hand.publish(wish(2))
    hand.after(5)
    assert f"Batik Sekar 2 | {OWN}" == title(youtube)
    hand.publish(wish(None))
    hand.after(5)
    assert (OWN, 3) == (title(youtube), youtube.count("videos.update"))


def test_a_title_that_a_person_changes_during_the_show_is_the_new_own_one(hand, youtube):
    hand.publish(wish(1))
    youtube.edit(title="Hari 1: Pembukaan")
    hand.publish(wish(2))
    hand.after(5)
    assert "Batik Sekar 2 | Hari 1: Pembukaan" == title(youtube)


@pytest.mark.parametrize("kind", [Kind.TIMEOUT_AFTER, Kind.TIMEOUT_BEFORE])
def test_a_restart_after_a_lost_answer_does_not_take_the_services_title_for_peoples_own(
    settings, store, clock, youtube, kind
):
    hand = ByHand(settings, store, clock, timeout=HASTY)
    hand.run()
    youtube.fault("videos.update", kind, seconds=1)
    hand.publish(wish(1))
    again = ByHand(settings, store, clock)
    again.publish(wish(2))
    again.after(5)
    assert f"Batik Sekar 2 | {OWN}" == title(youtube)


def test_once_titles_are_left_alone_again_peoples_own_comes_back(settings, store, clock, youtube):
    ByHand(settings, store, clock).publish(wish(1))
    hand = ByHand(settings.model_copy(update={"segment_title": ""}), store, clock)
    hand.publish(wish(2))
    assert OWN == title(youtube)
