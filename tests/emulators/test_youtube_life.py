"""The life of broadcasts, streams and chats on the emulator, as YouTube's reference has it, over plain HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.emulators.youtube import Fault, Kind, YouTubeEmulator

if TYPE_CHECKING:
    from tests.emulators.youtube.state import Json

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
V3 = "youtube/v3/"
ID = "expo-video-1"
NO_MONITOR = {"enableMonitorStream": False, "broadcastStreamDelayMs": 0}


@pytest.fixture
def youtube():
    with YouTubeEmulator(now=NINE) as emulator:
        emulator.add_video(description="Tentang expo", tags=["UMKM"])
        yield emulator


@pytest.fixture
def http(youtube):
    headers = {"Authorization": f"Bearer {youtube.access_token()}"}
    with httpx.Client(base_url=youtube.root, headers=headers, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def ready(youtube):
    """A broadcast without monitor stream, bound to a stream that does not send yet."""
    youtube.add_broadcast(NINE, monitorStream=NO_MONITOR)
    youtube.add_stream()
    youtube.bind(ID, "stream-1")


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["errors"][0]["reason"])


def transition(http: httpx.Client, status) -> httpx.Response:
    params = {"id": ID, "broadcastStatus": status, "part": "id,status"}
    return http.post(V3 + "liveBroadcasts/transition", params=params)


def read(http: httpx.Client, kind="liveBroadcasts", part="snippet,status,contentDetails", name=ID) -> Json:
    item: Json = http.get(V3 + kind, params={"part": part, "id": name}).json()["items"][0]
    return item


def change(http: httpx.Client, part, **body) -> httpx.Response:
    return http.put(V3 + "liveBroadcasts", params={"part": part}, json={"id": ID, part: body})


@pytest.mark.usefixtures("ready")
class TestStartingAndStopping:
    def test_live_comes_some_seconds_after_the_transition_and_only_then_has_a_start(self, http, youtube):
        youtube.send_video("stream-1")
        assert "liveStarting" == transition(http, "live").json()["status"]["lifeCycleStatus"]
        assert "redundantTransition" == reason(transition(http, "live"))
        assert "actualStartTime" not in read(http)["snippet"]
        youtube.advance(5)
        assert "2026-11-24T02:00:05Z" == read(http)["snippet"]["actualStartTime"]
        assert "recording" == read(http)["status"]["recordingStatus"]

    def test_without_auto_start_a_broadcast_waits_for_its_transition(self, http, youtube):
        youtube.send_video("stream-1")
        youtube.advance(600)
        assert "ready" == read(http)["status"]["lifeCycleStatus"]

    def test_with_auto_start_the_earliest_broadcast_that_waits_for_the_stream_is_started(self, http, youtube):
        youtube.add_video("yesterday")
        youtube.add_broadcast(NINE - timedelta(days=1), "yesterday", enableAutoStart=True)
        youtube.add_video("today")
        youtube.add_broadcast(NINE, "today", enableAutoStart=True)
        youtube.bind("yesterday", "stream-1")
        youtube.bind("today", "stream-1")
        youtube.send_video("stream-1")
        youtube.advance(10)
        assert ["live", "ready"] == [
            read(http, name=name)["status"]["lifeCycleStatus"] for name in ("yesterday", "today")
        ]

    def test_auto_stop_ends_the_broadcast_a_minute_after_the_video_and_for_good(self, http, youtube):
        youtube.broadcast().content["enableAutoStop"] = True
        youtube.send_video("stream-1")
        transition(http, "live")
        youtube.advance(10)
        youtube.send_video("stream-1", sending=False)
        youtube.advance(59)
        assert "live" == read(http)["status"]["lifeCycleStatus"]
        youtube.advance(1)
        assert "complete" == read(http)["status"]["lifeCycleStatus"]
        youtube.send_video("stream-1")
        assert "invalidTransition" == reason(transition(http, "live"))

    def test_without_auto_stop_a_broadcast_outlives_a_break_of_its_video(self, http, youtube):
        youtube.send_video("stream-1")
        transition(http, "live")
        youtube.advance(10)
        youtube.send_video("stream-1", sending=False)
        youtube.advance(3000)
        assert "live" == read(http)["status"]["lifeCycleStatus"]

    def test_a_revoked_broadcast_takes_no_transition_and_its_chat_is_over(self, http, youtube):
        youtube.send_video("stream-1")
        transition(http, "live")
        youtube.set_status(ID, "revoked")
        assert "invalidTransition" == reason(transition(http, "complete"))
        assert "liveChatId" not in read(http)["snippet"]

    def test_a_live_broadcast_cannot_be_bound_anew(self, http, youtube):
        youtube.send_video("stream-1")
        transition(http, "live")
        answer = http.post(V3 + "liveBroadcasts/bind", params={"id": ID, "part": "id"})
        assert (403, "liveBroadcastBindingNotAllowed") == (answer.status_code, reason(answer))

    def test_a_stale_read_shows_the_status_before(self, http, youtube):
        youtube.send_video("stream-1")
        transition(http, "live")
        youtube.advance(5)
        assert "live" == read(http)["status"]["lifeCycleStatus"]
        youtube.fault("liveBroadcasts.list", Kind.STALE)
        assert ["liveStarting", "live"] == [read(http)["status"]["lifeCycleStatus"] for _ in range(2)]


@pytest.mark.usefixtures("ready")
class TestChangingABroadcast:
    def test_content_details_need_the_monitor_stream_said(self, http):
        assert "enableMonitorStreamRequired" == reason(change(http, "contentDetails", enableDvr=False))
        answer = change(http, "contentDetails", monitorStream={"enableMonitorStream": False})
        assert "broadcastStreamDelayMsRequired" == reason(answer)

    def test_what_is_left_out_of_content_details_goes_back_to_its_default(self, http, youtube):
        youtube.broadcast().content["latencyPreference"] = "low"
        assert 200 == change(http, "contentDetails", monitorStream=NO_MONITOR, enableDvr=False).status_code
        content = read(http)["contentDetails"]
        assert ("normal", False, "stream-1") == (
            content["latencyPreference"],
            content["enableDvr"],
            content["boundStreamId"],
        )

    @pytest.mark.parametrize(
        ("setting", "value"), [("enableAutoStart", True), ("enableDvr", False), ("latencyPreference", "low")]
    )
    def test_once_live_settings_are_settled(self, http, youtube, setting, value):
        youtube.set_status(ID, "live")
        answer = change(http, "contentDetails", monitorStream=NO_MONITOR, **{setting: value})
        assert (403, f"{setting}ModificationNotAllowed") == (answer.status_code, reason(answer))
        assert 200 == change(http, "contentDetails", monitorStream=NO_MONITOR, enableAutoStop=True).status_code

    def test_the_start_of_a_live_broadcast_cannot_be_moved_and_its_title_can(self, http, youtube):
        youtube.set_status(ID, "live")
        later = (NINE + timedelta(hours=1)).isoformat()
        answer = change(http, "snippet", title="Hari 1", scheduledStartTime=later)
        assert "scheduledStartTimeModificationNotAllowed" == reason(answer)
        assert 200 == change(http, "snippet", title="Hari 1", scheduledStartTime=NINE.isoformat()).status_code
        assert "Hari 1" == youtube.video().snippet["title"]

    @pytest.mark.parametrize(
        ("details", "expected"),
        [
            ({"latencyPreference": "none"}, "invalidLatencyPreferenceOptions"),
            ({"enableAutoStart": "yes"}, "invalidAutoStart"),
            ({"projection": "round"}, "invalidProjection"),
            ({"dvr": True}, "badRequest"),
        ],
    )
    def test_settings_that_do_not_exist_are_refused(self, http, details, expected):
        assert expected == reason(change(http, "contentDetails", monitorStream=NO_MONITOR, **details))

    def test_a_part_that_is_refused_changes_nothing_of_the_others(self, http, youtube):
        body = {
            "id": ID,
            "snippet": {"title": "Baru", "scheduledStartTime": NINE.isoformat()},
            "status": {"privacyStatus": "secret"},
        }
        answer = http.put(V3 + "liveBroadcasts", params={"part": "snippet,status"}, json=body)
        assert "invalidPrivacyStatus" == reason(answer)
        assert "Pekalongan Hybrid Expo UMKM" == youtube.video().snippet["title"]

    def test_an_end_before_the_start_is_refused(self, http):
        before = (NINE - timedelta(hours=1)).isoformat()
        answer = change(http, "snippet", title="x", scheduledStartTime=NINE.isoformat(), scheduledEndTime=before)
        assert "invalidScheduledEndTime" == reason(answer)


class TestStreams:
    def test_a_stream_is_ready_then_active_then_inactive(self, http, youtube):
        youtube.add_stream()

        def status() -> tuple[str, str]:
            item = read(http, "liveStreams", "status", "stream-1")["status"]
            return item["streamStatus"], item["healthStatus"]["status"]

        seen = [status()]
        youtube.send_video("stream-1", after=20)
        seen.append(status())
        youtube.advance(20)
        seen.append(status())
        youtube.send_video("stream-1", sending=False)
        seen.append(status())
        assert [("ready", "noData"), ("ready", "noData"), ("active", "good"), ("inactive", "noData")] == seen

    def test_bad_video_is_described(self, http, youtube):
        youtube.add_stream()
        youtube.send_video("stream-1", health="bad", issues=("bitrateLow",))
        health = read(http, "liveStreams", "status", "stream-1")["status"]["healthStatus"]
        assert ("bad", ["bitrateLow"]) == (health["status"], [one["type"] for one in health["configurationIssues"]])

    def test_a_stream_that_is_not_reusable_serves_one_broadcast(self, http, youtube):
        youtube.add_stream(reusable=False)
        for name in ("one", "two"):
            youtube.add_video(name)
            youtube.add_broadcast(NINE, name)

        def bind(name):
            params = {"id": name, "streamId": "stream-1", "part": "id"}
            return http.post(V3 + "liveBroadcasts/bind", params=params).status_code

        assert [200, 403] == [bind("one"), bind("two")]

    def test_another_channels_stream_is_not_found(self, http, youtube):
        youtube.add_broadcast(NINE)
        youtube.add_stream().channel_id = "UCother"
        params = {"id": ID, "streamId": "stream-1", "part": "id"}
        assert "liveStreamNotFound" == reason(http.post(V3 + "liveBroadcasts/bind", params=params))
        assert [] == http.get(V3 + "liveStreams", params={"part": "id", "id": "stream-1"}).json()["items"]

    def test_a_variable_resolution_goes_with_a_variable_frame_rate(self, http):
        def insert(resolution, rate):
            body = {
                "snippet": {"title": "OBS"},
                "cdn": {"ingestionType": "rtmp", "resolution": resolution, "frameRate": rate},
            }
            return http.post(V3 + "liveStreams", params={"part": "snippet,cdn"}, json=body).status_code

        assert [200, 400, 400] == [
            insert("variable", "variable"),
            insert("variable", "30fps"),
            insert("1080p", "variable"),
        ]


class TestChat:
    @pytest.fixture
    def say(self, http, youtube):
        youtube.add_broadcast(NINE)

        def say(text="Halo", chat=f"chat-{ID}"):
            snippet = {"liveChatId": chat, "type": "textMessageEvent", "textMessageDetails": {"messageText": text}}
            return http.post(V3 + "liveChat/messages", params={"part": "snippet"}, json={"snippet": snippet})

        return say

    def test_a_message_needs_its_fields(self, http, say):
        assert "messageTextRequired" == reason(say(""))
        assert "liveChatIdRequired" == reason(say(chat=""))
        assert "liveChatNotFound" == reason(say(chat="other"))
        answer = http.post(V3 + "liveChat/messages", params={"part": "snippet"}, json={"snippet": {"liveChatId": "x"}})
        assert "typeRequired" == reason(answer)

    def test_a_chat_that_is_off_takes_none(self, youtube, say):
        youtube.broadcast().chat.is_enabled = False
        assert (403, "liveChatDisabled") == (say().status_code, reason(say()))

    def test_too_many_at_a_time_are_refused_until_a_while_has_passed(self, youtube, say):
        assert [200] * 10 == [say().status_code for _ in range(10)]
        assert (403, "rateLimitExceeded") == (say().status_code, reason(say()))
        youtube.advance(30)
        assert 200 == say().status_code
        assert ["Halo"] * 11 == youtube.messages()

    def test_a_message_may_be_listed_some_time_later_and_says_whose_it_is(self, http, youtube, say):
        youtube.state.listed_after = timedelta(seconds=2)
        say()

        def listed() -> list[str]:
            params = {"part": "snippet,authorDetails", "liveChatId": f"chat-{ID}"}
            items = http.get(V3 + "liveChat/messages", params=params).json()["items"]
            return [f"{one['authorDetails']['channelId']}: {one['snippet']['displayMessage']}" for one in items]

        assert [] == listed()
        youtube.advance(2)
        assert ["UCexpo: Halo"] == listed()


class TestVideoStatus:
    def test_what_is_left_out_of_the_status_goes_back_to_its_default(self, http, youtube):
        youtube.video().status |= {"privacyStatus": "unlisted", "embeddable": False}
        body = {"id": ID, "status": {"selfDeclaredMadeForKids": False}}
        assert 200 == http.put(V3 + "videos", params={"part": "status"}, json=body).status_code
        assert ("public", True) == (youtube.video().privacy, youtube.video().status["embeddable"])

    def test_a_broadcast_says_whether_it_is_made_for_kids(self, http, youtube):
        body = {
            "snippet": {"title": "Hari 1", "scheduledStartTime": (NINE + timedelta(hours=1)).isoformat()},
            "status": {"privacyStatus": "unlisted", "selfDeclaredMadeForKids": False},
        }
        answer = http.post(V3 + "liveBroadcasts", params={"part": "snippet,status"}, json=body).json()
        assert (False, False) == (answer["status"]["selfDeclaredMadeForKids"], answer["status"]["madeForKids"])
        youtube.advance(2)
        assert "unlisted" == read(http, "videos", "status", answer["id"])["status"]["privacyStatus"]

    def test_a_channel_can_have_only_so_many_pending_broadcasts(self, http, youtube):
        youtube.state.broadcast_limit = 1
        youtube.add_broadcast(NINE)
        body = {
            "snippet": {"title": "Hari 1", "scheduledStartTime": (NINE + timedelta(hours=1)).isoformat()},
            "status": {"privacyStatus": "public"},
        }
        answer = http.post(V3 + "liveBroadcasts", params={"part": "snippet,status"}, json=body)
        assert "userBroadcastsExceedLimit" == reason(answer)


class TestOnTheWire:
    def get(self, http: httpx.Client) -> httpx.Response:
        return http.get(V3 + "videos", params={"part": "snippet", "id": ID})

    def test_an_ordered_refusal_is_any_of_the_table(self, http, youtube):
        youtube.refuse("liveBroadcasts.transition", "errorStreamInactive")
        answers = [transition(http, "live") for _ in range(2)]
        assert ["errorStreamInactive", "liveBroadcastNotFound"] == [reason(one) for one in answers]

    @pytest.mark.parametrize(
        ("kind", "stands"),
        [(Kind.RESET_BEFORE, "Tentang expo"), (Kind.RESET_AFTER, "Baru"), (Kind.CUT, "Baru")],
    )
    def test_a_connection_can_break_in_the_middle(self, http, youtube, kind, stands):
        youtube.fault("videos.update", kind)
        body = {"id": ID, "snippet": {"title": "Expo", "categoryId": "22", "description": "Baru"}}
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            http.put(V3 + "videos", params={"part": "snippet"}, json=body)
        assert stands == youtube.description()

    def test_a_gateway_can_fail_after_the_deed(self, http, youtube):
        youtube.fault("videos.update", Kind.BAD_GATEWAY_AFTER)
        body = {"id": ID, "snippet": {"title": "Expo", "categoryId": "22", "description": "Baru"}}
        assert 502 == http.put(V3 + "videos", params={"part": "snippet"}, json=body).status_code
        assert "Baru" == youtube.description()

    def test_a_read_can_find_nothing_or_half(self, http, youtube):
        youtube.fault("videos.list", Kind.EMPTY)
        youtube.fault("videos.list", Kind.SHORT)
        assert [] == self.get(http).json()["items"]
        assert "Tentan" == self.get(http).json()["items"][0]["snippet"]["description"]

    def test_any_call_can_be_broken_by_chance(self, http, youtube):
        youtube.break_any(lambda method: Fault(Kind.UNAVAILABLE) if method == "videos.list" else None)
        assert [503, 503] == [self.get(http).status_code for _ in range(2)]
        youtube.clear_faults()
        assert 200 == self.get(http).status_code

    @pytest.mark.parametrize("kind", [Kind.DROP_BEFORE, Kind.RESET_BEFORE])
    def test_the_login_service_can_fall_silent(self, youtube, kind):
        youtube.fault("token", kind)
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            httpx.post(youtube.token_uri, data={}, trust_env=False, verify=False)

    def test_latency_passes_on_the_simulations_own_clock(self):
        now = [NINE]

        def sleep(seconds: float) -> None:
            now[0] += timedelta(seconds=seconds)

        with YouTubeEmulator(clock=lambda: now[0], latency=lambda method: 0.8, sleep=sleep) as youtube:
            youtube.add_video()
            headers = {"Authorization": f"Bearer {youtube.access_token()}"}
            body = {"id": ID, "snippet": {"title": "Expo", "categoryId": "22", "description": "Baru"}}
            url = f"{youtube.root}{V3}videos?part=snippet"
            assert 200 == httpx.put(url, json=body, headers=headers, trust_env=False, verify=False).status_code
            applied = youtube.versions()[-1].since
        assert (0.4, 0.8) == ((applied - NINE).total_seconds(), (now[0] - NINE).total_seconds())

    def test_each_quota_day_is_counted_by_itself(self, http, youtube):
        self.get(http)
        youtube.state.token_lifetime = timedelta(days=1)
        youtube.advance(6 * 3600)
        http.headers["Authorization"] = f"Bearer {youtube.access_token()}"
        self.get(http)
        self.get(http)
        assert {"2026-11-23": 1, "2026-11-24": 2} == youtube.state.quota_by_day()
        assert 2 == youtube.quota_used
