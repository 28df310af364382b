"""After the broadcast: chapters, and every exhibitor that aired, once, for good."""

from __future__ import annotations

import pytest

from broadcaster.show.description import OPENING
from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import wish
from tests.emulators.youtube import Kind
from tests.entries import NINE, entry
from tests.show.test_last_word import row

OWN = "Siaran langsung pameran UMKM.\r\nAlamat: Jalan Jetayu 1\n"


def over(**changes):
    """Nothing is on air any more, and nothing will be."""
    return wish(None, following=(), others=(entry(1), entry(2)), **changes)


@pytest.fixture
def youtube(youtube, store):
    """On air from nine to a quarter past; two exhibitors have had their turn."""
    youtube.add_broadcast(NINE)
    youtube.set_status("expo-video-1", "live")
    youtube.broadcast().actual_start = NINE
    store.rows = [row(1, 60, 600), row(2, 600, 900)]
    return youtube


def complete(youtube) -> None:
    youtube.set_status("expo-video-1", "complete")
    youtube.broadcast().actual_end = NINE.replace(minute=15)


def block(youtube) -> list[str]:
    return str(youtube.description()).partition(f"{OPENING}\n")[2].split("\n")


def test_once_the_broadcast_is_complete_chapters_are_written_and_peoples_text_stays(hand, youtube):
    hand.publish(over())
    hand.after(120)
    assert "Daftar tayangan:" not in block(youtube)
    complete(youtube)
    hand.after(240)
    assert ["0:00 Pembukaan", "1:00 Batik Sekar 1", "10:00 Batik Sekar 2"] == block(youtube)[3:6]
    assert "• Batik Sekar 2 – https://toko.example/umkm-2" in block(youtube)
    assert youtube.description().endswith(OWN)
    assert ("ok", "sent") == (hand.state, hand.store.kept[-1].state)


def test_it_is_written_once(hand, youtube, settings, clock):
    complete(youtube)
    hand.publish(over())
    hand.after(1)
    assert "Daftar tayangan:" in block(youtube)
    updates = youtube.count("videos.update")
    youtube.edit(description="Terima kasih!")
    for _ in range(5):
        hand.after(120)
    again = ByHand(settings, hand.store, clock)
    again.publish(wish(2))
    again.after(120)
    assert ("Terima kasih!", updates) == (youtube.description(), youtube.count("videos.update"))
    assert not again.channel.health().pending


def test_links_of_the_day_are_known_even_when_the_show_speaks_of_the_next_one(hand, youtube):
    hand.publish(over())
    hand.publish(wish(None, following=(), others=(entry(71),)))
    complete(youtube)
    hand.after(120)
    assert "• Batik Sekar 2 – https://toko.example/umkm-2" in block(youtube)


def test_a_last_word_that_was_lost_is_written_again(hand, youtube):
    """YouTube confirmed it, and goes on showing the text before it."""
    hand.publish(over())
    for seconds in (5, 15, 30):
        hand.after(seconds)
    before = youtube.description()
    complete(youtube)
    hand.after(120)
    youtube.edit(description=before)
    for seconds in (5, 15, 30, 1, 240, 2):
        hand.after(seconds)
    assert "Daftar tayangan:" in block(youtube)


def test_nothing_is_asked_while_somebody_is_on_air_or_soon_will_be(hand, youtube):
    hand.publish(wish(1))
    for seconds in (5, 15, 30):
        hand.after(seconds)
    hand.publish(wish(None, changes=(NINE.replace(minute=20),)))
    hand.after(5)
    for _ in range(4):
        hand.after(60)
    assert all(
        "liveStreamingDetails" not in one.params["part"] for one in youtube.requests if one.method == "videos.list"
    )


def test_a_broadcast_that_is_left_live_overnight_costs_little(hand, youtube):
    hand.publish(over())
    for seconds in (5, 15, 30):
        hand.after(seconds)
    before = youtube.quota_used
    for _ in range(16 * 60):
        hand.after(60)
    assert youtube.quota_used - before < 50


def test_who_knows_that_it_is_over_need_not_wait(hand, youtube):
    hand.publish(wish(1))
    complete(youtube)
    hand.channel.finish()
    hand.after(5)
    assert "Daftar tayangan:" in block(youtube)


def test_by_command_only_when_the_settings_say_so(settings, store, clock, youtube):
    hand = ByHand(settings.model_copy(update={"finish": "manual"}), store, clock)
    complete(youtube)
    hand.publish(over())
    hand.channel.finish()
    hand.after(120)
    assert "Daftar tayangan:" not in block(youtube)


@pytest.mark.parametrize(
    "kind", [pytest.param(Kind.TIMEOUT_AFTER, marks=pytest.mark.silent), Kind.DROP_BEFORE, Kind.UNAVAILABLE, Kind.RATE]
)
@pytest.mark.parametrize("method", ["videos.list", "videos.update"])
def test_a_fault_on_the_way_only_delays_it(hand, youtube, kind, method):
    hand.publish(over())
    for seconds in (5, 15, 30):
        hand.after(seconds)
    complete(youtube)
    youtube.fault(method, kind, seconds=1)
    for _ in range(6):
        hand.after(60)
    assert ["0:00 Pembukaan", "1:00 Batik Sekar 1", "10:00 Batik Sekar 2"] == block(youtube)[3:6]
    assert youtube.description().endswith(OWN)


def test_it_is_written_from_the_reserve(settings, store, clock, youtube):
    hand = ByHand(settings.model_copy(update={"daily_quota": 1000, "reserve": 400}), store, clock)
    hand.publish(over())
    store.spend(clock.now(), "videos.update", 1000 - 300 - store.spent(NINE))
    complete(youtube)
    hand.after(120)
    assert "Daftar tayangan:" in block(youtube)
