"""The exhibitor's link in the live chat: once, whatever happens."""

from __future__ import annotations

import pytest

from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import MemoryStore, wish
from tests.emulators.youtube import Kind
from tests.entries import NINE

INSERT = "liveChatMessages.insert"


def said(number: int) -> str:
    return f"🔴 Batik Sekar {number} – https://toko.example/umkm-{number}"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"chat": True})


@pytest.fixture
def youtube(youtube):
    youtube.add_broadcast(NINE)
    youtube.set_status("expo-video-1", "live")
    return youtube


def test_each_exhibitor_has_its_message_after_line_one(hand, youtube):
    hand.publish(wish(1))
    methods = [one.method for one in youtube.requests]
    assert methods.index("videos.update") < methods.index(INSERT)
    hand.publish(wish(2))
    hand.after(5)
    assert [said(1), said(2)] == youtube.messages()
    assert "" == hand.channel.health().chat


def test_the_same_exhibitor_is_not_announced_twice(hand, youtube, settings, clock):
    """Not when it comes on air again, nor after a restart, nor when a wish is repeated."""
    hand.publish(wish(1))
    hand.publish(wish(2))
    hand.after(5)
    hand.publish(wish(1))
    hand.after(5)
    again = ByHand(settings, hand.store, clock)
    again.publish(wish(1))
    assert [said(1), said(2)] == youtube.messages()


def test_without_the_setting_nothing_is_said(settings, store, clock, youtube):
    ByHand(settings.model_copy(update={"chat": False}), store, clock).publish(wish(1))
    assert [] == youtube.messages()


@pytest.mark.parametrize(
    "kind", [pytest.param(Kind.TIMEOUT_AFTER, marks=pytest.mark.silent), Kind.DROP_AFTER, Kind.RESET_AFTER, Kind.CUT]
)
def test_a_message_whose_answer_was_lost_is_looked_for_and_not_repeated(hand, youtube, kind):
    youtube.fault(INSERT, kind, seconds=1)
    hand.publish(wish(1))
    for _ in range(4):
        hand.after(15)
    assert [said(1)] == youtube.messages()
    assert (1, 1, "sent") == (youtube.count(INSERT), youtube.count("liveChatMessages.list"), state(hand))


@pytest.mark.parametrize(
    "kind",
    [pytest.param(Kind.TIMEOUT_BEFORE, marks=pytest.mark.silent), Kind.DROP_BEFORE, Kind.UNAVAILABLE, Kind.BAD_GATEWAY],
)
def test_a_message_of_which_nobody_knows_is_given_up(hand, youtube, kind):
    """Missing is better than twice."""
    youtube.fault(INSERT, kind, seconds=1)
    hand.publish(wish(1))
    for _ in range(4):
        hand.after(15)
    assert ([], 1, "lost") == (youtube.messages(), youtube.count(INSERT), state(hand))


@pytest.mark.parametrize("kind", [Kind.RATE, Kind.TOO_MANY, Kind.USER_REQUESTS])
def test_a_message_that_youtube_put_off_is_sent_later(hand, youtube, kind):
    youtube.fault(INSERT, kind)
    hand.publish(wish(1))
    assert "unsent" == state(hand)
    assert hand.channel.health().chat
    hand.after(15)
    assert ([said(1)], "") == (youtube.messages(), hand.channel.health().chat)


@pytest.mark.silent
def test_a_service_that_dies_while_it_sends_does_not_send_again(hand, youtube, settings, clock):
    youtube.fault(INSERT, Kind.TIMEOUT_AFTER, seconds=1)
    hand.publish(wish(1))
    again = ByHand(settings, hand.store, clock)
    again.publish(wish(1))
    for _ in range(4):
        again.after(15)
    assert [said(1)] == youtube.messages()


def test_without_a_record_nothing_is_sent(settings, youtube, clock):
    """A store that does not keep what was sent could not keep it from being sent twice."""

    class FullDisk(MemoryStore):
        def keep_chat_post(self, post):
            raise OSError("disk full")

    hand = ByHand(settings, FullDisk(), clock)
    hand.publish(wish(1))
    assert [] == youtube.messages()
    assert "disk full" in hand.channel.health().chat
    assert "umkm-1" in youtube.description()


@pytest.mark.parametrize("reason", ["liveChatEnded", "liveChatDisabled"])
def test_a_chat_that_is_closed_is_left_alone(hand, youtube, reason):
    youtube.refuse(INSERT, reason)
    hand.publish(wish(1))
    hand.publish(wish(2))
    hand.after(5)
    hand.after(60)
    assert 1 == youtube.count(INSERT)
    assert hand.channel.health().chat.startswith("Chat: ")
    assert ("ok", "") == (hand.state, hand.detail)


def test_a_message_that_youtube_refuses_does_not_keep_the_next_one_from_being_sent(hand, youtube):
    youtube.refuse(INSERT, "messageTextInvalid")
    hand.publish(wish(1))
    hand.publish(wish(2))
    hand.after(5)
    assert [said(2)] == youtube.messages()


def test_who_has_left_the_air_meanwhile_is_not_announced(hand, youtube):
    youtube.fault(INSERT, Kind.RATE)
    hand.publish(wish(1))
    hand.publish(wish(2))
    hand.after(15)
    assert [said(2)] == youtube.messages()


def test_messages_are_not_sent_from_units_that_line_one_will_need(settings, store, clock, youtube):
    """Ten changes to come need 510 units; there are 540 beside the reserve."""
    hand = ByHand(settings.model_copy(update={"daily_quota": 1300, "reserve": 650}), store, clock)
    store.spend(clock.now(), "videos.update", 650 - 540 - 1)
    changes = tuple(NINE.replace(minute=minute) for minute in range(5, 55, 5))
    hand.publish(wish(1, changes=changes))
    assert "umkm-1" in youtube.description()
    assert [] == youtube.messages()


def test_people_who_filled_the_description_still_have_the_chat(hand, youtube):
    youtube.edit(description="x" * 4990)
    hand.publish(wish(1))
    hand.run()
    assert ("failing", [said(1)]) == (hand.state, youtube.messages())


def state(hand) -> str:
    (post,) = hand.store.posts.values()
    return str(post.state)
