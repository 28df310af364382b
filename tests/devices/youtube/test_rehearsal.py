"""Rehearsal writes down what live would have sent."""

from __future__ import annotations

import pytest

from broadcaster.devices.youtube.rehearsal import OffChannel, RehearsalChannel
from broadcaster.show.description import sha256
from tests.devices.youtube.doubles import HandClock, MemoryStore, line_one, wish
from tests.entries import NINE


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def channel(store, clock):
    return RehearsalChannel(store, "demo", clock, daily_quota=10_000)


def test_every_new_text_is_a_revision_with_its_link_on_line_one(channel, store):
    for number in (1, 2, None):
        channel.publish(wish(number))
    assert [
        ("p-1", "rehearsed", "🔴 Sedang tayang: Batik Sekar 1 – https://toko.example/umkm-1"),
        ("p-2", "rehearsed", "🔴 Sedang tayang: Batik Sekar 2 – https://toko.example/umkm-2"),
        (None, "rehearsed", "📺 Pekalongan Hybrid Expo UMKM – https://www.pekalonganvirtualexpo.com"),
    ] == [(one.item, one.state, line_one(one.text)) for one in store.kept]


def test_an_unchanged_text_is_no_revision_and_costs_nothing(channel, store):
    channel.publish(wish(1))
    channel.publish(wish(1))
    assert 1 == len(store.kept)
    assert 51 == channel.units


def test_health_tells_what_was_rehearsed_and_what_live_would_have_left(channel, store):
    channel.publish(wish(1))
    health = channel.health()
    assert ("rehearsal", 9949, NINE, False) == (
        health.state,
        health.quota_left,
        health.published_at,
        health.pending,
    )
    assert sha256(store.kept[-1].text) == health.description_sha256


def test_a_rehearsal_leaves_the_real_ledger_alone(channel, store):
    channel.publish(wish(1))
    assert [] == store.ledger


def test_the_quota_is_whole_again_after_midnight_in_los_angeles(channel, clock):
    """15.00 in Pekalongan: during the show."""
    channel.publish(wish(1))
    clock.advance(6 * 3600)
    channel.publish(wish(2))
    assert 9949 == channel.health().quota_left
    assert 102 == channel.units


def test_a_faulty_template_shows_in_health_and_the_text_is_there_all_the_same(store, clock, tmp_path):
    (tmp_path / "description.txt").write_text("Halo\n{{ toko }}")
    channel = RehearsalChannel(store, "demo", clock, tmp_path / "description.txt")
    channel.publish(wish(1))
    assert channel.health().detail.startswith("description.txt:2: ")
    assert "Batik Sekar 1" in line_one(store.kept[-1].text)


def test_an_off_channel_is_off():
    channel = OffChannel()
    channel.start()
    channel.publish(wish(1))
    channel.stop()
    assert "off" == channel.health().state
