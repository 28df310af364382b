"""Broadcasts, looked after on a YouTube that is as strict as the real one, with Google's own client over HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from broadcaster.ports import Refused
from broadcaster.show.messages import Level
from tests.devices.youtube.doubles import HASTY, PATIENT, HandClock
from tests.devices.youtube.keeping import TITLE, TODAY, Kept
from tests.emulators.youtube import Kind, YouTubeEmulator
from tests.show.desk import NINE

EVE = NINE - timedelta(minutes=30)


@pytest.fixture
def clock():
    return HandClock(EVE)


@pytest.fixture
def youtube(clock):
    with YouTubeEmulator(clock=clock.now) as emulator:
        yield emulator


@pytest.fixture
def keep(request, youtube, clock, tmp_path):
    timeout = HASTY if request.node.get_closest_marker("silent") else PATIENT
    return lambda **settings: Kept(youtube, clock, tmp_path, timeout=timeout, **settings)


def inserts(youtube) -> int:
    return int(youtube.count("liveBroadcasts.insert"))


def transitions(youtube) -> list[str]:
    """Those that YouTube carried out."""
    return [
        one.params["broadcastStatus"][0]
        for one in youtube.requests
        if one.method == "liveBroadcasts.transition" and one.status in {200, 0}
    ]


class TestPreparing:
    def test_the_days_broadcast_is_made_bound_and_described_as_configured(self, keep, youtube):
        kept = keep(privacy="public", category="27", latency="low", dvr=False)
        video = kept.prepare()
        made = youtube.broadcast(video)
        assert (TITLE, "ready", NINE) == (youtube.video(video).snippet["title"], made.status, made.scheduled_start)
        assert "public" == youtube.video(video).status["privacyStatus"]
        assert (False, False, False) == tuple(
            made.content[key] for key in ("enableAutoStart", "enableAutoStop", "enableDvr")
        )
        assert "low" == made.content["latencyPreference"]
        assert not made.content["monitorStream"]["enableMonitorStream"]
        snippet = youtube.video(video).snippet
        assert ("27", "id", "id") == tuple(
            snippet[key] for key in ("categoryId", "defaultLanguage", "defaultAudioLanguage")
        )
        assert "https://" in snippet["description"]
        assert ["The broadcast “" + TITLE + "” is prepared."] == kept.told(Level.INFO)

    def test_nothing_is_made_unless_somebody_asks(self, keep, youtube):
        kept = keep(go_live="day")
        kept.keeper.want_day(TODAY)
        kept.run(600)
        assert 0 == inserts(youtube)
        assert "the day has begun" in kept.alarms[0]
        assert 1 == len(kept.alarms)

    def test_preparing_twice_changes_nothing_the_second_time(self, keep, youtube):
        kept = keep()
        kept.prepare()
        with youtube.watching() as seen:
            kept.ask("prepare")
            kept.run(60)
        assert not [one.method for one in seen if not one.method.endswith(".list")]

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "method", ["liveStreams.insert", "liveBroadcasts.insert", "liveBroadcasts.bind", "videos.update"]
    )
    @pytest.mark.parametrize(
        "kind",
        [
            pytest.param(Kind.TIMEOUT_AFTER, marks=pytest.mark.silent),
            Kind.DROP_AFTER,
            Kind.BAD_GATEWAY_AFTER,
            Kind.DROP_BEFORE,
        ],
    )
    def test_a_step_whose_answer_is_lost_is_looked_for_before_it_is_done_again(self, keep, youtube, method, kind):
        kept = keep()
        youtube.fault(method, kind)
        kept.run(1)
        kept.ask("prepare")
        kept.run(300)
        assert not kept.keeper.is_busy()
        assert 1 == len(youtube.state.broadcasts)
        assert 1 == len(youtube.state.streams)
        assert "ready" == kept.status

    def test_a_crash_between_making_and_remembering_makes_no_second_broadcast(self, keep, youtube):
        kept = keep()
        kept.run(1)
        kept.ask("prepare")
        youtube.fault("liveBroadcasts.insert", Kind.DROP_AFTER)
        kept.run(8)
        assert 1 == inserts(youtube)
        kept.start()
        kept.run(120)
        assert 1 == inserts(youtube)
        assert "ready" == kept.status

    def test_a_broadcast_that_youtube_does_not_show_for_a_while_is_not_made_again(self, keep, youtube):
        kept = keep()
        video = kept.prepare()
        for method in ("liveBroadcasts.list", "videos.list"):
            youtube.fault(method, Kind.EMPTY, times=None)
        kept.ask("prepare")
        kept.run(40)
        youtube.clear_faults()
        kept.run(120)
        assert (video, 1) == (kept.keeper.health().id, inserts(youtube))

    def test_one_that_people_have_removed_is_made_again_when_somebody_asks(self, keep, youtube):
        kept = keep()
        video = kept.prepare()
        del youtube.state.broadcasts[video]
        kept.ask("prepare")
        kept.run(300)
        assert "ready" == kept.status
        assert kept.keeper.health().id not in {"", video}

    def test_a_refusal_is_told_in_words_and_waits_for_a_person(self, keep, youtube):
        youtube.state.live_enabled = False
        kept = keep()
        kept.run(1)
        kept.ask("prepare")
        kept.run(120)
        assert "not enabled for live streaming" in kept.alarms[0]
        assert not kept.keeper.is_busy()

    def test_a_thumbnail_is_set_once(self, keep, youtube, tmp_path):
        picture = tmp_path / "sampul.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n and so on")
        kept = keep(thumbnail=picture)
        video = kept.prepare()
        assert picture.read_bytes() == youtube.video(video).thumbnail
        kept.ask("prepare")
        kept.run(30)
        assert 1 == youtube.count("thumbnails.set")


class TestFinding:
    def test_a_broadcast_of_the_same_title_and_day_is_taken_whoever_made_it(self, keep, youtube):
        youtube.add_video("theirs", title=f"  {TITLE.upper()}")
        youtube.add_broadcast(NINE + timedelta(hours=2), "theirs")
        kept = keep()
        kept.run(1)
        assert "theirs" == kept.keeper.health().id
        assert ["theirs"] == kept.videos

    @pytest.mark.parametrize(
        ("title", "start"),
        [("Bazar lain", NINE), (TITLE, NINE + timedelta(days=2)), (TITLE, NINE + timedelta(hours=15, minutes=1))],
        ids=["another title", "another day", "after local midnight"],
    )
    def test_the_next_one_is_not_taken_for_being_the_next(self, keep, youtube, title, start):
        youtube.add_video("other", title=title)
        youtube.add_broadcast(start, "other")
        kept = keep()
        kept.run(1)
        assert "" == kept.keeper.health().id
        assert [] == kept.videos

    def test_of_several_a_person_must_say_which(self, keep, youtube):
        for name in ("one", "two"):
            youtube.add_video(name, title=TITLE)
            youtube.add_broadcast(NINE, name)
        kept = keep()
        kept.keeper.want_day(TODAY)
        kept.run(10)
        assert "" == kept.keeper.health().id
        assert "one, two" in kept.alarms[0]

    def test_the_configured_one_is_taken_whatever_it_is_called(self, keep, youtube):
        for name, title in (("right", "Bazar"), ("decoy", TITLE)):
            youtube.add_video(name, title=title)
            youtube.add_broadcast(NINE, name)
        kept = keep(broadcasts={TODAY: "right"})
        kept.run(1)
        assert "right" == kept.keeper.health().id

    def test_what_youtubes_own_page_switches_on_is_switched_off_and_the_rest_is_left(self, keep, youtube):
        youtube.add_video("theirs", title=TITLE, categoryId="10", description="Milik panitia.")
        made = youtube.add_broadcast(NINE, "theirs")
        made.content |= {"enableAutoStart": True, "enableAutoStop": True, "enableDvr": False}
        keep().prepare()
        made = youtube.broadcast("theirs")
        assert (False, False, False) == tuple(
            made.content[key] for key in ("enableAutoStart", "enableAutoStop", "enableDvr")
        )
        assert "10" == youtube.video("theirs").snippet["categoryId"]
        assert "Milik panitia." == youtube.description("theirs")


class TestGoingLive:
    def test_it_goes_live_once_video_arrives_and_not_before(self, keep, youtube, clock):
        kept = keep(go_live="day")
        video = kept.prepare()
        kept.keeper.want_day(TODAY)
        kept.run(30)
        assert ("ready", "no_video") == (kept.status, kept.stage)
        assert [] == transitions(youtube)
        kept.sends(video)
        kept.run(20)
        assert ("live", "reached") == (kept.status, kept.stage)
        assert ["live"] == transitions(youtube)
        assert f"“{TITLE}” is live on YouTube: https://www.youtube.com/watch?v={video}" in kept.told(Level.INFO)
        assert [] == kept.alarms

    def test_with_the_monitor_stream_it_is_tested_first(self, keep, youtube):
        kept = keep(go_live="day", monitor=True)
        video = kept.prepare()
        kept.sends(video)
        kept.keeper.want_day(TODAY)
        kept.run(40)
        assert "live" == kept.status
        assert ["testing", "live"] == transitions(youtube)

    def test_by_itself_nothing_goes_live(self, keep, youtube):
        kept = keep()
        kept.sends(kept.prepare())
        kept.keeper.want_day(TODAY)
        kept.run(600)
        assert "ready" == kept.status
        kept.ask("live")
        kept.run(20)
        assert "live" == kept.status

    def test_video_that_is_missing_for_long_is_told_once(self, keep, youtube):
        kept = keep(go_live="day")
        kept.prepare()
        kept.keeper.want_day(TODAY)
        kept.run(900)
        assert 1 == len([text for text in kept.told(Level.WARNING) if "gets no video" in text])

    @pytest.mark.parametrize(
        "kind",
        [
            pytest.param(Kind.TIMEOUT_AFTER, marks=pytest.mark.silent),
            Kind.DROP_AFTER,
            Kind.BAD_GATEWAY_AFTER,
            Kind.INTERNAL,
        ],
    )
    def test_an_answer_that_is_lost_makes_no_second_start(self, keep, youtube, kind):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        youtube.fault("liveBroadcasts.transition", kind)
        kept.keeper.want_day(TODAY)
        kept.run(120)
        assert "live" == kept.status
        assert 1 == len(
            [one for one in youtube.requests if one.method.endswith("transition") and one.status == 200]
        ) + (kind is not Kind.INTERNAL)

    @pytest.mark.slow
    @pytest.mark.parametrize("seconds", range(0, 14, 2))
    def test_a_crash_at_any_moment_of_going_live_is_made_good(self, keep, youtube, seconds):
        kept = keep(go_live="day", monitor=True)
        kept.sends(kept.prepare())
        kept.keeper.want_day(TODAY)
        kept.run(seconds)
        kept.start()
        kept.keeper.want_day(TODAY)
        kept.run(60)
        assert "live" == kept.status
        assert ["testing", "live"] == transitions(youtube)

    def test_a_persons_start_on_youtube_itself_is_as_good(self, keep, youtube):
        kept = keep(go_live="day")
        video = kept.prepare()
        kept.sends(video)
        youtube.set_status(video, "live")
        kept.keeper.want_day(TODAY)
        kept.run(60)
        assert ("live", "reached") == (kept.status, kept.stage)
        assert [] == transitions(youtube)

    def test_a_broadcast_that_somebody_ended_is_an_alarm_and_not_fought_over(self, keep, youtube):
        kept = keep(go_live="day")
        video = kept.prepare()
        kept.sends(video)
        kept.keeper.want_day(TODAY)
        kept.run(30)
        youtube.set_status(video, "complete")
        kept.run(300)
        assert ["has ended on YouTube, though the show is on" in alarm for alarm in kept.alarms] == [True]
        assert ["live"] == transitions(youtube)


class TestTheEnd:
    def live(self, keep, **settings):
        kept = keep(go_live="day", **settings)
        video = kept.prepare()
        kept.sends(video)
        kept.keeper.want_day(TODAY)
        kept.run(30)
        assert "live" == kept.status
        return kept, video

    def test_the_broadcast_is_ended_with_the_day_when_the_policy_says_so(self, keep, youtube):
        kept, video = self.live(keep, complete="day")
        kept.keeper.want_day(None)
        kept.run(30)
        assert "complete" == youtube.broadcast(video).status

    def test_else_it_is_left_to_people(self, keep, youtube):
        kept, video = self.live(keep)
        kept.keeper.want_day(None)
        kept.run(3600)
        assert "live" == youtube.broadcast(video).status
        with pytest.raises(Refused, match=video):
            kept.ask("complete", "another")
        kept.ask("complete", video)
        kept.run(30)
        assert "complete" == youtube.broadcast(video).status

    def test_a_broadcast_that_the_operator_has_ended_is_no_alarm(self, keep, youtube):
        kept, video = self.live(keep)
        kept.ask("complete", video)
        kept.run(300)
        assert ("complete", []) == (youtube.broadcast(video).status, kept.alarms)

    def test_yesterdays_broadcast_that_is_gone_keeps_nobody_from_todays(self, keep, youtube):
        kept, video = self.live(keep, complete="day")
        youtube.fault("liveBroadcasts.transition", Kind.DROP_BEFORE, times=None)
        kept.clock.advance(22 * 3600)
        kept.keeper.want_day(date(2026, 11, 25))
        del youtube.state.broadcasts[video]
        youtube.clear_faults()
        kept.run(120)
        assert "2026-11-25" in kept.alarms[0]
        kept.ask("prepare")
        kept.run(60)
        assert "live" == kept.status

    def test_a_crash_before_the_end_is_made_good(self, keep, youtube):
        kept, video = self.live(keep, complete="day")
        youtube.fault("liveBroadcasts.transition", Kind.DROP_BEFORE, times=None)
        kept.keeper.want_day(None)
        kept.run(30)
        youtube.clear_faults()
        kept.clock.advance(2 * 3600)
        kept.start()
        kept.keeper.want_day(None)
        kept.run(60)
        assert "complete" == youtube.broadcast(video).status

    def test_the_next_days_broadcast_follows(self, keep, youtube):
        kept, video = self.live(keep, complete="day")
        kept.keeper.want_day(None)
        kept.run(30)
        kept.clock.advance(22 * 3600)
        kept.keeper.want_day(date(2026, 11, 25))
        kept.run(5)
        kept.ask("prepare")
        kept.run(60)
        second = kept.keeper.health().id
        assert second not in {"", video}
        assert [video, second] == kept.videos
        assert youtube.broadcast(video).stream_id == youtube.broadcast(second).stream_id


class TestAlarms:
    def test_another_broadcast_that_is_live_on_the_channel(self, keep, youtube):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        youtube.add_video("stray", title="Uji coba kemarin")
        youtube.add_broadcast(NINE, "stray")
        kept.keeper.want_day(TODAY)
        kept.run(60)
        youtube.set_status("stray", "live")
        kept.run(300)
        assert 1 == len(kept.alarms)
        assert "Uji coba kemarin" in kept.alarms[0]

    def test_another_stream_that_is_bound(self, keep, youtube):
        kept = keep()
        video = kept.prepare()
        kept.keeper.want_day(TODAY)
        kept.run(60)
        youtube.add_stream("wrong")
        youtube.bind(video, "wrong")
        kept.run(300)
        assert 1 == len(kept.alarms)
        assert "wrong" in kept.alarms[0]

    def test_a_login_of_another_channel(self, keep, youtube, tmp_path):
        youtube.state.channels["UCme"] = "Ani pribadi"
        youtube.write_token_file(tmp_path / "token.json", youtube.login("UCme"))
        kept = keep()
        kept.run(120)
        assert 1 == len(kept.alarms)
        assert "Ani pribadi" in kept.alarms[0]
        assert "brand account" in kept.alarms[0]

    def test_a_login_that_is_revoked_during_the_show_and_a_new_one_that_is_taken_up(self, keep, youtube, tmp_path):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        kept.keeper.want_day(TODAY)
        kept.run(60)
        youtube.revoke()
        youtube.expire_access()
        kept.run(400)
        assert 1 == len(kept.alarms)
        assert "broadcaster youtube login" in kept.alarms[0]
        youtube.write_token_file(tmp_path / "token.json")
        kept.run(70)
        assert "is looked after again" in kept.told(Level.INFO)[-1]

    def test_a_login_that_ends_before_the_show_does(self, keep, youtube, clock, tmp_path):
        kept = keep(login_days=1)
        token = tmp_path / "token.json"
        given = (clock.now() - timedelta(hours=12)).isoformat()
        token.write_text(token.read_text().replace("{", f'{{"logged_in": "{given}", ', 1))
        kept.run(5)
        assert ["ends in 0.5 days" in text for text in kept.told(Level.WARNING) if "login" in text] == [True]

    def test_an_outage_is_no_news_while_nothing_waits_for_its_end(self, keep, youtube):
        kept = keep()
        kept.prepare()
        youtube.fault("liveBroadcasts.list", Kind.UNAVAILABLE, times=None)
        kept.keeper.want_day(TODAY)
        kept.run(900)
        assert [] == kept.alarms

    def test_an_outage_that_keeps_the_show_from_going_live_is(self, keep, youtube):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        youtube.fault("liveBroadcasts.list", Kind.UNAVAILABLE, times=None)
        kept.keeper.want_day(TODAY)
        kept.run(300)
        assert 1 == len(kept.alarms)
        youtube.clear_faults()
        kept.run(90)
        assert "live" == kept.status


class TestCost:
    def test_a_day_that_is_on_is_watched_for_two_units_a_minute(self, keep, youtube):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        kept.keeper.want_day(TODAY)
        kept.run(60)
        before = youtube.quota_used
        kept.run(3600)
        assert 120 == pytest.approx(youtube.quota_used - before, abs=4)

    def test_when_units_run_low_watching_stops_and_going_live_does_not(self, keep, youtube):
        kept = keep(go_live="day", daily_quota=1000, reserve=700)
        kept.sends(kept.prepare())
        kept.keeper.want_day(TODAY)
        kept.run(40)
        assert "live" == kept.status
        before = youtube.quota_used
        kept.run(3600)
        assert youtube.quota_used - before < 125

    def test_a_quota_that_is_gone_is_told_and_nothing_more_is_sent(self, keep, youtube):
        kept = keep(go_live="day")
        kept.sends(kept.prepare())
        youtube.fault("liveBroadcasts.list", Kind.QUOTA)
        kept.keeper.want_day(TODAY)
        kept.run(5)
        with youtube.watching() as seen:
            kept.run(3600)
        assert [] == seen
        assert "quota" in kept.alarms[0]


class TestWhereObsSends:
    def test_server_and_key_are_those_of_the_bound_stream(self, keep, youtube):
        kept = keep()
        assert kept.keeper.ingestion() is None
        video = kept.prepare()
        there = kept.keeper.ingestion()
        stream = youtube.stream(youtube.broadcast(video).stream_id)
        assert ("rtmps://a.rtmps.youtube.com:443/live2", stream.key) == (there.server, there.key)

    def test_the_key_is_in_no_log_no_notice_and_not_in_the_store(self, keep, youtube, caplog):
        caplog.set_level("DEBUG")
        kept = keep(go_live="day")
        video = kept.prepare()
        kept.sends(video)
        kept.keeper.want_day(TODAY)
        kept.run(60)
        key = youtube.stream(youtube.broadcast(video).stream_id).key
        for text in (caplog.text, str(kept.told()), str(kept.store.known), repr(kept.keeper.ingestion())):
            assert key not in text
        assert key not in repr(kept.keeper._tended)
