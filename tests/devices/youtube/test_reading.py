"""What people wrote survives YouTube's bad answers: nothing is built upon a reading that cannot be right."""

from __future__ import annotations

import pytest

from broadcaster.show.description import OPENING
from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import wish
from tests.emulators.youtube import Kind

OWN = "Siaran langsung pameran UMKM.\r\nAlamat: Jalan Jetayu 1\n"


def own_text(youtube) -> str:
    return str(youtube.description()).partition("▲▲▲ EXPO ▲▲▲\n\n")[2]


@pytest.mark.parametrize("kind", [Kind.SHORT, Kind.EMPTY, Kind.BLANK_SNIPPET, Kind.WITHOUT_TAGS])
@pytest.mark.parametrize("times", [1, 2])
def test_a_bad_answer_is_not_written_back(hand, youtube, kind, times):
    hand.publish(wish(1))
    youtube.fault("videos.list", kind, times=times)
    hand.publish(wish(2))
    hand.after(5)
    hand.after(60)
    assert "umkm-2" in youtube.description()
    assert OWN == own_text(youtube)
    assert youtube.video().snippet["tags"] == ["UMKM", "batik pekalongan"]


def test_after_a_restart_a_truncated_answer_is_known_by_what_stood_there_before(hand, youtube, settings, clock):
    hand.publish(wish(1))
    again = ByHand(settings, hand.store, clock)
    youtube.fault("videos.list", Kind.SHORT, times=2)
    again.publish(wish(2))
    assert "failing" == again.state
    assert "read again" in again.detail
    again.after(2)
    assert ("ok", OWN) == (again.state, own_text(youtube))


def test_an_old_answer_does_not_undo_what_a_person_has_written(hand, youtube, clock):
    """It shows the text from before the person's edit: that is one which has been seen and left behind."""
    soon = clock.now().replace(minute=6)
    hand.publish(wish(1, changes=(soon,)))
    for seconds in (5, 15, 30):
        hand.after(seconds)
    youtube.edit(description=youtube.description() + "\nTelepon: 0285-1")
    hand.after((soon - clock.now()).total_seconds() - 20)  # the look ahead of the next item
    youtube.fault("videos.list", Kind.STALE, times=1)
    hand.after(20)
    hand.publish(wish(2))
    assert "umkm-2" in youtube.description()
    assert own_text(youtube).endswith("\nTelepon: 0285-1")


def test_a_person_who_clears_the_description_is_believed(hand, youtube):
    """The same answer again, after a while, is the truth."""
    hand.publish(wish(1))
    youtube.edit(description="")
    hand.publish(wish(2))
    hand.after(5)
    hand.after(12)
    assert youtube.description().startswith(f"{OPENING}\n")
    assert "umkm-2" in youtube.description()
    assert "" == own_text(youtube)


def test_another_videos_answer_is_not_used(settings, youtube, store, clock):
    youtube.add_video("other-video", channel_id="UCother")
    hand = ByHand(settings.model_copy(update={"broadcast_id": "other-video"}), store, clock)
    hand.publish(wish(1))
    assert "failing" == hand.state
    assert "UCother" in hand.detail
    assert 0 == youtube.count("videos.update")
