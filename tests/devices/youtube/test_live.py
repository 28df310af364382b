"""The live channel, with Google's own client over HTTP, against a YouTube that is as strict as the real one."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from broadcaster.devices.youtube import channel_for
from broadcaster.devices.youtube.live import YouTubeChannel
from broadcaster.show.description import CLOSING, OPENING, sha256
from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import MemoryStore, line_one, wish
from tests.emulators.youtube import Kind

OWN = "Siaran langsung pameran UMKM.\r\nAlamat: Jalan Jetayu 1\n"


def line(number: int) -> str:
    return f"🔴 Sedang tayang: Batik Sekar {number} – https://toko.example/umkm-{number}"


def on_youtube(youtube) -> str:
    """Line 1 of the block that stands there."""
    return str(youtube.description()).partition(f"{OPENING}\n")[2].partition("\n")[0]


class TestPublishing:
    def test_the_exhibitor_on_air_stands_on_line_one_with_its_link(self, hand, youtube):
        hand.publish(wish(1))
        assert line(1) == on_youtube(youtube)
        hand.publish(wish(2))
        hand.after(5)
        assert line(2) == on_youtube(youtube)
        assert [("p-1", "sent"), ("p-2", "sent")] == hand.outcomes
        assert [line(1), line(2)] == [line_one(one.text) for one in hand.store.kept]

    def test_everything_else_of_the_video_stays_as_it_was(self, hand, youtube):
        before = dict(youtube.video().snippet)
        privacy = youtube.video().privacy
        hand.publish(wish(1))
        after = dict(youtube.video().snippet)
        assert after.pop("description").endswith(f"\n{CLOSING}\n\n{OWN}")
        before.pop("description")
        assert before == after
        assert privacy == youtube.video().privacy

    def test_an_update_sends_exactly_what_is_writable_and_was_there(self, hand, youtube):
        """What is not sent is deleted; what was absent and is sent empty is refused, or worse, stored."""
        youtube.edit(tags=None, defaultLanguage=None)
        hand.publish(wish(1))
        (update,) = [one for one in youtube.requests if one.method == "videos.update"]
        assert {"id", "snippet"} == set(update.body)
        assert {"title", "description", "categoryId", "defaultAudioLanguage"} == set(update.body["snippet"])
        assert ["snippet"] == update.params["part"]

    def test_an_unchanged_text_is_not_sent_nor_even_read_for(self, hand, youtube):
        hand.publish(wish(1))
        hand.after(60)
        with youtube.watching() as seen:
            hand.publish(wish(1))
        assert [] == seen
        assert [("p-1", "sent"), ("p-1", "unchanged")] == hand.outcomes

    def test_a_restart_does_not_send_what_stands_there_already(self, hand, youtube, settings, clock):
        hand.publish(wish(1))
        again = ByHand(settings, hand.store, clock)
        again.publish(wish(1))
        assert 1 == youtube.count("videos.update")
        assert [("p-1", "sent"), ("p-1", "unchanged")] == again.outcomes
        assert sha256(youtube.description()) == again.channel.health().description_sha256

    def test_updates_keep_their_distance(self, hand, youtube):
        hand.publish(wish(1))
        assert 5.0 == hand.publish(wish(2))
        assert hand.channel.health().pending
        assert 1 == youtube.count("videos.update")
        hand.after(5)
        assert 2 == youtube.count("videos.update")
        assert not hand.channel.health().pending

    def test_of_many_wishes_the_newest_is_sent(self, hand, youtube):
        hand.publish(wish(1))
        for number in range(2, 40):
            hand.channel.publish(wish(number))
        hand.after(5)
        assert line(39) == on_youtube(youtube)
        assert 2 == youtube.count("videos.update")

    def test_a_wish_that_comes_while_youtube_is_being_read_is_the_one_that_is_written(self, hand, youtube):
        hand.run()
        youtube.fault("videos.list", before=lambda: hand.channel.publish(wish(2)))
        hand.publish(wish(1))
        assert line(2) == on_youtube(youtube)
        assert 1 == youtube.count("videos.update")

    def test_a_wish_that_comes_while_another_is_being_written_is_sent_next(self, hand, youtube):
        youtube.fault("videos.update", before=lambda: hand.channel.publish(wish(2)))
        hand.publish(wish(1))
        hand.after(5)
        assert line(2) == on_youtube(youtube)
        assert [("p-1", "sent"), ("p-2", "sent")] == hand.outcomes

    def test_the_shows_own_wording_is_used(self, settings, store, clock, youtube, tmp_path):
        template = tmp_path / "description.txt"
        template.write_text("Tayang: {{ on_air.name }} {{ on_air.link }}", "utf-8")
        ByHand(settings, store, clock, template).publish(wish(1))
        assert "Tayang: Batik Sekar 1 https://toko.example/umkm-1" == on_youtube(youtube)

    def test_a_faulty_wording_is_told_and_the_default_words_are_sent(self, settings, store, clock, youtube, tmp_path):
        template = tmp_path / "description.txt"
        template.write_text("{{ toko }}", "utf-8")
        hand = ByHand(settings, store, clock, template)
        hand.publish(wish(1))
        assert line(1) == on_youtube(youtube)
        assert hand.detail.startswith("description.txt:1: ")

    def test_health_tells_what_stands_on_youtube(self, hand, youtube, clock):
        hand.publish(wish(1))
        health = hand.channel.health()
        assert ("ok", "", False) == (health.state, health.detail, health.pending)
        assert sha256(youtube.description()) == health.description_sha256
        assert clock.now() == health.published_at
        assert 10_000 - youtube.quota_used == health.quota_left


class TestPeople:
    def test_what_people_write_outside_the_block_stays(self, hand, youtube):
        hand.publish(wish(1))
        youtube.edit(description=f"Di atas\n{youtube.description()}Di bawah ♥", title="Hari 1: Pembukaan")
        edited = youtube.description()
        hand.publish(wish(2))
        hand.after(5)
        assert edited.partition(OPENING)[0] == youtube.description().partition(OPENING)[0]
        assert edited.partition(CLOSING)[2] == youtube.description().partition(CLOSING)[2]
        assert "Hari 1: Pembukaan" == youtube.video().snippet["title"]

    def test_a_marker_that_somebody_deleted_comes_back_and_the_block_is_not_doubled(self, hand, youtube):
        hand.publish(wish(1))
        youtube.edit(description=youtube.description().replace(f"{CLOSING}\n", ""))
        hand.publish(wish(2))
        hand.after(5)
        text = youtube.description()
        assert 1 == text.count("Sedang tayang") == text.count(OPENING) == text.count(CLOSING)
        assert text.endswith(OWN)

    def test_a_block_that_somebody_changes_is_left_alone_until_the_next_wish(self, hand, youtube):
        hand.publish(wish(1))
        youtube.edit(description=youtube.description().replace("Batik Sekar 1", "Batik Sekar Satu"))
        edited = youtube.description()
        hand.after(5)
        hand.after(60)
        assert edited == youtube.description()
        assert "by hand" in hand.detail
        hand.publish(wish(2))
        assert (line(2), "") == (on_youtube(youtube), hand.detail)

    def test_a_description_that_people_filled_is_not_cut_and_the_operator_is_told(self, hand, youtube):
        youtube.edit(description="x" * 4990)
        hand.publish(wish(1))
        assert "x" * 4990 == youtube.description()
        assert ("failing", [("p-1", "failed")]) == (hand.state, hand.outcomes)
        assert "4990 of 5000 bytes" in hand.detail
        youtube.edit(description="y" * 4000)
        hand.after(60)
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))

    def test_a_read_that_would_damage_the_video_is_not_built_upon(self, hand, youtube):
        hand.run()
        youtube.fault("videos.list", Kind.BLANK_SNIPPET, times=3)
        hand.publish(wish(1))
        assert 0 == youtube.count("videos.update")
        assert "failing" == hand.state
        hand.after(60)
        hand.after(60)
        hand.after(60)
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))

    def test_tags_that_one_bad_answer_lacks_are_not_erased(self, hand, youtube):
        hand.run()
        youtube.fault("videos.list", Kind.WITHOUT_TAGS)
        hand.publish(wish(1))
        assert ["UMKM", "batik pekalongan"] == youtube.video().snippet["tags"]
        assert "id" == youtube.video().snippet["defaultAudioLanguage"]

    def test_tags_that_a_person_takes_out_stay_out(self, hand, youtube):
        hand.publish(wish(1))
        youtube.edit(tags=None)
        hand.publish(wish(2))
        hand.after(5)
        hand.after(12)  # it could be a bad answer: it is asked again after a pause
        assert line(2) == on_youtube(youtube)
        assert "tags" not in youtube.video().snippet


class TestTrouble:
    @pytest.mark.parametrize(
        "kind",
        [
            Kind.INTERNAL,
            Kind.UNAVAILABLE,
            Kind.BAD_GATEWAY,
            Kind.FORBIDDEN_HTML,
            Kind.TOO_MANY,
            Kind.RATE,
            Kind.USER_RATE,
            Kind.USER_REQUESTS,
            Kind.DROP_BEFORE,
            Kind.GARBLED,
        ],
    )
    @pytest.mark.parametrize("method", ["videos.list", "videos.update"])
    def test_after_a_fault_that_passes_the_text_is_sent_by_itself(self, hand, youtube, kind, method):
        hand.run()
        youtube.fault(method, kind)
        assert 2.0 == hand.publish(wish(1))
        assert ("failing", True) == (hand.state, hand.channel.health().pending)
        hand.after(2)
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))
        assert [("p-1", "failed"), ("p-1", "sent")] == hand.outcomes

    @pytest.mark.parametrize("kind", [pytest.param(Kind.TIMEOUT_AFTER, marks=pytest.mark.silent), Kind.DROP_AFTER])
    def test_an_update_whose_answer_is_lost_is_found_by_reading_and_not_sent_again(self, hand, youtube, kind):
        youtube.fault("videos.update", kind, seconds=1)
        hand.publish(wish(1))
        assert "failing" == hand.state
        hand.after(2)
        assert 1 == youtube.count("videos.update")
        assert [("p-1", "failed"), ("p-1", "sent")] == hand.outcomes
        assert 1 == youtube.description().count(OPENING)
        assert youtube.description().endswith(OWN)

    def test_a_text_that_stood_there_counts_as_sent_even_when_the_next_is_due(self, hand, youtube):
        youtube.fault("videos.update", Kind.DROP_AFTER)
        hand.publish(wish(1))
        hand.publish(wish(2))
        hand.after(2)
        assert [("p-1", "failed"), ("p-1", "sent"), ("p-2", "sent")] == hand.outcomes

    @pytest.mark.silent
    def test_an_update_that_is_lost_altogether_is_sent_again(self, hand, youtube):
        youtube.fault("videos.update", Kind.TIMEOUT_BEFORE, seconds=1)
        hand.publish(wish(1))
        hand.after(2)
        assert line(1) == on_youtube(youtube)

    def test_retries_grow_apart_up_to_a_minute_and_wishes_do_not_hurry_them(self, hand, youtube):
        youtube.fault("videos.update", Kind.UNAVAILABLE, times=None)
        pauses = [hand.publish(wish(1))]
        for number in range(2, 9):
            assert pauses[-1] == hand.publish(wish(number))
            pauses.append(hand.after(pauses[-1]))
        assert [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0] == pauses
        youtube.clear_faults()
        hand.after(60)
        assert line(8) == on_youtube(youtube)

    def test_youtube_is_not_asked_sooner_than_it_wants(self, hand, youtube):
        youtube.fault("videos.update", Kind.TOO_MANY, retry_after="30")
        assert 30.0 == hand.publish(wish(1))

    def test_an_outage_is_logged_once_and_its_end_once(self, hand, youtube, caplog):
        youtube.fault("videos.update", Kind.UNAVAILABLE, times=3)
        hand.publish(wish(1))
        for _ in range(4):
            hand.after(60)
        assert ["YouTube, video expo-video-1", "YouTube is back"] == [
            record.getMessage().partition(": ")[0] for record in caplog.records
        ]

    def test_a_text_that_youtube_refuses_is_not_sent_again_and_the_next_one_is(self, hand, youtube):
        """Somebody's own text has a character that is no longer allowed: the reason is told, the show goes on."""
        youtube.edit(description="Harga < 50 ribu")
        hand.publish(wish(1))
        assert "< or >" in hand.detail
        hand.after(3600)
        assert ("failing", 1) == (hand.state, youtube.count("videos.update"))
        youtube.edit(description="Harga di bawah 50 ribu")
        hand.publish(wish(2))
        assert ("ok", line(2)) == (hand.state, on_youtube(youtube))

    def test_a_broadcast_whose_video_is_not_there_yet_is_waited_for(self, settings, store, clock, youtube):
        video = youtube.state.videos.pop("expo-video-1")
        hand = ByHand(settings, store, clock)
        hand.publish(wish(1))
        assert "failing" == hand.state
        assert "expo-video-1" in hand.detail
        youtube.state.videos["expo-video-1"] = video
        hand.after(60)
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))

    def test_a_stale_answer_after_an_update_is_not_taken_for_a_loss(self, hand, youtube):
        hand.publish(wish(1))
        youtube.fault("videos.list", Kind.STALE, times=2)
        for seconds in (5, 15, 30):
            hand.after(seconds)
        assert 1 == youtube.count("videos.update")

    def test_an_update_that_youtube_forgets_is_sent_again(self, hand, youtube):
        hand.publish(wish(1))
        youtube.edit(description=OWN)
        for seconds in (5, 15, 30, 15):
            hand.after(seconds)
        assert line(1) == on_youtube(youtube)
        assert 2 == youtube.count("videos.update")

    def test_a_store_that_fails_costs_the_record_and_not_the_description(self, settings, youtube, clock, caplog):
        class FullDisk(MemoryStore):
            def add_revision(self, show, revision):
                raise OSError("disk full")

            def spend(self, at, method, units):
                raise OSError("disk full")

            def spent(self, since):
                raise OSError("disk full")

        hand = ByHand(settings, FullDisk(), clock)
        hand.publish(wish(1))
        hand.publish(wish(2))
        hand.after(5)
        assert ("ok", line(2)) == (hand.state, on_youtube(youtube))
        assert "disk full" in caplog.text

    def test_a_mistake_of_our_own_does_not_end_the_worker(self, settings, youtube, store, clock, caplog):
        """A wish that nobody can compose stands for it."""
        hand = ByHand(settings, store, clock)
        hand.publish(wish(1, timezone=None))
        assert "failing" == hand.state
        hand.publish(wish(2))
        hand.after(60)
        assert ("ok", line(2)) == (hand.state, on_youtube(youtube))


class TestQuota:
    def test_every_call_is_written_into_the_ledger_at_its_price(self, hand, youtube):
        hand.publish(wish(1))
        assert ["channels.list", "videos.list", "videos.list", "videos.update"] == [
            method for _, method, _ in hand.store.ledger
        ]
        assert youtube.quota_used == hand.store.spent(hand.clock.now())

    def test_when_it_is_gone_nothing_is_asked_until_midnight_in_los_angeles(self, hand, youtube):
        """09.00 in Pekalongan is six hours before the reset."""
        hand.run()
        youtube.fault("videos.list", Kind.QUOTA)
        hand.publish(wish(1))
        assert ("quota", 0) == (hand.state, hand.channel.health().quota_left)
        assert "quota" in hand.detail
        assert "15.00 WIB" in hand.detail
        with youtube.watching() as seen:
            hand.publish(wish(2))
            hand.after(6 * 3600 - 1)
        assert [] == seen
        hand.after(1)
        assert ("ok", line(2)) == (hand.state, on_youtube(youtube))

    def test_a_refusal_right_after_the_reset_does_not_cost_the_new_day(self, hand, youtube):
        """Our clock may run ahead of Google's."""
        hand.run()
        hand.clock.advance(6 * 3600 + 5)
        youtube.fault("videos.list", Kind.QUOTA)
        assert 60.0 == hand.publish(wish(1))
        hand.after(60)
        assert line(1) == on_youtube(youtube)

    def test_the_limit_in_the_settings_is_kept_without_asking(self, settings, store, clock, youtube):
        hand = ByHand(settings.model_copy(update={"daily_quota": 60, "reserve": 0}), store, clock)
        hand.publish(wish(1))
        hand.publish(wish(2))
        hand.after(5)
        assert ("quota", 1) == (hand.state, youtube.count("videos.update"))
        assert "daily_quota" in hand.detail


class TestLogin:
    def test_an_expired_access_token_is_refreshed_and_written_back(self, hand, youtube, token_file):
        hand.publish(wish(1))
        before = token_file.read_text()
        youtube.expire_access()
        hand.publish(wish(2))
        hand.after(5)
        assert line(2) == on_youtube(youtube)
        assert before != token_file.read_text()
        assert 0o600 == token_file.stat().st_mode & 0o777

    def test_a_withdrawn_consent_is_told_and_a_new_login_is_taken_up(self, hand, youtube, token_file):
        hand.publish(wish(1))
        youtube.revoke()
        hand.publish(wish(2))
        hand.after(5)
        assert "failing" == hand.state
        assert "broadcaster youtube login" in hand.detail
        assert "invalid_grant" in hand.detail
        youtube.write_token_file(token_file)
        hand.after(5)
        assert ("ok", line(2)) == (hand.state, on_youtube(youtube))

    def test_a_login_that_is_not_accepted_is_rarely_tried_again(self, hand, youtube):
        """Each try of a login of the wrong channel costs a unit."""
        youtube.revoke()
        hand.publish(wish(1))
        tries = youtube.count("token")
        hand.after(299)
        assert tries == youtube.count("token")
        hand.after(1)
        assert tries < youtube.count("token")

    def test_a_token_that_is_never_accepted_is_told(self, hand, youtube):
        hand.run()
        youtube.fault("videos.list", Kind.UNAUTHORIZED, times=None)
        hand.publish(wish(1))
        assert "failing" == hand.state
        assert "broadcaster youtube login" in hand.detail

    def test_a_token_that_is_refused_once_is_refreshed(self, hand, youtube):
        hand.run()
        youtube.fault("videos.update", Kind.UNAUTHORIZED)
        hand.publish(wish(1))
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))

    def test_a_login_of_too_little_scope_is_told(self, settings, store, clock, youtube, token_file):
        login = youtube.login(scopes={"https://www.googleapis.com/auth/youtube.readonly"})
        youtube.write_token_file(token_file, login)
        hand = ByHand(settings, store, clock)
        hand.run()
        assert "failing" == hand.state
        assert "broadcaster youtube login" in hand.detail

    def test_trouble_of_the_login_service_passes(self, hand, youtube):
        youtube.fault("token", Kind.BAD_GATEWAY)
        hand.publish(wish(1))
        hand.after(60)
        assert ("ok", line(1)) == (hand.state, on_youtube(youtube))

    def test_a_login_of_another_channel_writes_nothing(self, settings, store, clock, youtube, token_file):
        """Without care the Brand Account's owner logs in with the personal channel."""
        youtube.state.channels["UCperson"] = "Ani"
        youtube.write_token_file(token_file, youtube.login("UCperson"))
        hand = ByHand(settings, store, clock)
        hand.publish(wish(1))
        assert "failing" == hand.state
        assert "UCperson" in hand.detail
        assert 0 == youtube.count("videos.update")

    def test_a_video_of_another_channel_is_not_touched(self, settings, store, clock, youtube):
        youtube.add_video("strange", channel_id="UCother")
        hand = ByHand(settings.model_copy(update={"broadcast_id": "strange"}), store, clock)
        hand.publish(wish(1))
        assert "UCother" in hand.detail
        assert 0 == youtube.count("videos.update")

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ({"broadcast_id": ""}, "broadcast_id"),
            ({"api_root": "http://youtube.example/"}, "https"),
        ],
    )
    def test_settings_that_cannot_work_are_told_before_the_show(self, settings, store, clock, change, word):
        hand = ByHand(settings.model_copy(update=change), store, clock)
        hand.run()
        assert "failing" == hand.state
        assert word in hand.detail

    def test_secrets_are_never_logged_nor_told(self, hand, youtube, token_file, caplog):
        caplog.set_level(logging.DEBUG)
        hand.publish(wish(1))
        youtube.fault("videos.update", Kind.FORBIDDEN_HTML)
        hand.publish(wish(2))
        for _ in range(3):
            hand.after(60)
        youtube.revoke()
        hand.publish(wish(3))
        told = hand.detail + caplog.text + repr(hand.store.kept) + repr(hand.channel.health())
        secrets = [youtube.state.client_secret, "ya29.", "1//"]
        assert [] == [secret for secret in secrets if secret in told]


class TestThread:
    @pytest.fixture
    def channel(self, settings, store, clock):
        quick = settings.model_copy(update={"minimum_interval": 0.0})
        channel = YouTubeChannel(quick, store, "demo", clock, timeout=5)
        yield channel
        channel.stop()

    def test_publishing_and_health_return_at_once_however_slow_youtube_is(self, channel, youtube):
        youtube.fault("videos.list", Kind.SLOW, times=None, seconds=0.5)
        channel.start()
        began = time.perf_counter()
        for number in range(200):
            channel.publish(wish(number))
            channel.health()
        assert time.perf_counter() - began < 5, "200 calls that waited for YouTube would take 100 s"
        assert youtube.wait_for(lambda: line(199) == on_youtube(youtube))
        assert youtube.count("videos.update") <= 2

    def test_a_wish_wakes_the_worker(self, channel, youtube):
        channel.start()
        assert youtube.wait_for(lambda: youtube.count("videos.list") == 1)
        channel.publish(wish(1))
        assert youtube.wait_for(lambda: line(1) == on_youtube(youtube), timeout=2)

    def test_stopping_sends_what_still_waits(self, settings, store, clock, youtube):
        channel = YouTubeChannel(settings, store, "demo", clock, timeout=5)
        channel.start()
        channel.publish(wish(1))
        assert youtube.wait_for(lambda: line(1) == on_youtube(youtube))
        channel.publish(wish(None))
        channel.stop()
        assert on_youtube(youtube).startswith("📺 Pekalongan Hybrid Expo UMKM")

    # monkeypatch comes first, so that the channel's fixture, too, stops it before it is undone.
    def test_stopping_does_not_wait_for_a_stuck_call(self, monkeypatch, channel, youtube):
        monkeypatch.setattr("broadcaster.devices.youtube.live.STOPPING", 0.2)
        youtube.fault("videos.list", Kind.SLOW, times=None, seconds=4)
        channel.start()
        began = time.perf_counter()
        channel.stop()
        assert time.perf_counter() - began < 3

    def test_the_worker_is_one_daemon_thread(self, channel):
        before = set(threading.enumerate())
        channel.start()
        (worker,) = [one for one in set(threading.enumerate()) - before if one.name == "youtube"]
        assert worker.daemon


def test_the_mode_in_the_settings_chooses_the_channel(settings, store, clock):
    states = [
        channel_for(settings.model_copy(update={"mode": mode}), store, "demo", clock).health().state
        for mode in ("off", "rehearsal", "live")
    ]
    assert ["off", "rehearsal", "waiting"] == states
