"""The emulator says no where YouTube says no: each row of the error table, over plain HTTP."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.emulators.youtube import Kind, YouTubeEmulator

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 18.00 of the 23rd in Los Angeles
V3 = "youtube/v3/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def youtube():
    with YouTubeEmulator(now=NINE) as emulator:
        emulator.add_video(
            description="Tentang expo", tags=["UMKM", "batik"], defaultLanguage="id", defaultAudioLanguage="id"
        )
        yield emulator


@pytest.fixture
def http(youtube):
    headers = {"Authorization": f"Bearer {youtube.access_token()}"}
    with httpx.Client(base_url=youtube.root, headers=headers, trust_env=False, verify=False) as client:
        yield client


def refusal(answer: httpx.Response) -> tuple[int, str, str, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert error["message"] == error["errors"][0]["message"]
    first = error["errors"][0]
    return answer.status_code, first["domain"], first["reason"], first["message"]


def put_snippet(http: httpx.Client, part="snippet", **snippet) -> httpx.Response:
    whole = {"title": "Expo", "categoryId": "22"} | snippet
    body = {"id": "expo-video-1", "snippet": {key: value for key, value in whole.items() if value is not None}}
    return http.put(V3 + "videos", params={"part": part}, json=body)


def insert_broadcast(http: httpx.Client, **changes) -> httpx.Response:
    body = {
        "snippet": {"title": "Hari 1", "scheduledStartTime": (NINE + timedelta(hours=1)).isoformat()},
        "status": {"privacyStatus": "public"},
        "contentDetails": {"monitorStream": {"enableMonitorStream": False}},
    } | changes
    return http.post(V3 + "liveBroadcasts", params={"part": "id,snippet,status,contentDetails"}, json=body)


def insert_stream(http: httpx.Client) -> dict[str, Any]:
    body = {
        "snippet": {"title": "OBS"},
        "cdn": {"ingestionType": "rtmp", "resolution": "1080p", "frameRate": "30fps"},
    }
    answer: dict[str, Any] = http.post(V3 + "liveStreams", params={"part": "id,snippet,cdn,status"}, json=body).json()
    return answer


def bind(http: httpx.Client, broadcast, stream) -> httpx.Response:
    return http.post(V3 + "liveBroadcasts/bind", params={"id": broadcast, "streamId": stream, "part": "id,status"})


def transition(http: httpx.Client, broadcast, status) -> httpx.Response:
    params = {"id": broadcast, "broadcastStatus": status, "part": "id,status"}
    return http.post(V3 + "liveBroadcasts/transition", params=params)


def life(http: httpx.Client, broadcast) -> str:
    answer = http.get(V3 + "liveBroadcasts", params={"id": broadcast, "part": "status"})
    return str(answer.json()["items"][0]["status"]["lifeCycleStatus"])


class TestVideos:
    def test_a_snippet_is_read_with_all_its_fields_and_only_for_the_parts_asked(self, http: httpx.Client):
        item = http.get(V3 + "videos", params={"part": "snippet", "id": "expo-video-1"}).json()["items"][0]
        assert {"kind", "etag", "id", "snippet"} == set(item)
        assert ["UMKM", "batik"] == item["snippet"]["tags"]
        assert "UCexpo" == item["snippet"]["channelId"]

    def test_an_unknown_id_reads_as_nothing(self, http: httpx.Client):
        assert [] == http.get(V3 + "videos", params={"part": "snippet", "id": "other"}).json()["items"]

    def test_an_update_replaces_the_whole_part_what_is_not_sent_is_deleted(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        assert 200 == put_snippet(http, description="Baru").status_code
        assert {"title": "Expo", "categoryId": "22", "description": "Baru"} == youtube.video().snippet

    @pytest.mark.parametrize(
        "text", ["x" * 5001, "é" * 2501, "a < b", "a > b", "bel\x07"], ids=["5001", "bytes", "lt", "gt", "bell"]
    )
    def test_a_bad_description_is_refused_and_nothing_is_changed(
        self, http: httpx.Client, youtube: YouTubeEmulator, text
    ):
        assert refusal(put_snippet(http, description=text)) == (
            400,
            "youtube.video",
            "invalidDescription",
            "The request metadata specifies an invalid video description.",
        )
        assert "Tentang expo" == youtube.description()

    def test_5000_bytes_are_accepted(self, http: httpx.Client):
        assert 200 == put_snippet(http, description="é" * 2500).status_code

    @pytest.mark.parametrize("title", [None, "", " ", "x" * 101, "<b>"])
    def test_a_bad_title_is_refused(self, http: httpx.Client, title):
        assert refusal(put_snippet(http, title=title)) == (
            400,
            "youtube.video",
            "invalidTitle",
            "The request metadata specifies an invalid or empty video title.",
        )

    @pytest.mark.parametrize("changes", [{"categoryId": None}, {"defaultLanguage": "bahasa indonesia"}])
    def test_a_missing_category_and_a_bad_language_are_refused(self, http: httpx.Client, changes):
        expected = (400, "youtube.video", "invalidVideoMetadata", "The request metadata is invalid.")
        assert expected == refusal(put_snippet(http, **changes))

    def test_more_than_500_characters_of_tags_are_refused(self, http: httpx.Client):
        assert "invalidTags" == refusal(put_snippet(http, tags=["x" * 100] * 5))[2]

    def test_an_unknown_video_cannot_be_updated(self, http: httpx.Client):
        body = {"id": "other", "snippet": {"title": "x", "categoryId": "22"}}
        answer = refusal(http.put(V3 + "videos", params={"part": "snippet"}, json=body))
        assert (404, "videoNotFound") == (answer[0], answer[2])
        assert answer[3].startswith("The video that you are trying to update cannot be found. ")

    def test_another_channels_video_cannot_be_updated(self, http: httpx.Client, youtube: YouTubeEmulator):
        youtube.add_video("strange", channel_id="UCother")
        body = {"id": "strange", "snippet": {"title": "x", "categoryId": "22"}}
        assert 403 == http.put(V3 + "videos", params={"part": "snippet"}, json=body).status_code

    def test_parts_and_parameters_that_do_not_exist_are_refused(self, http: httpx.Client):
        def reason(**params) -> str:
            return refusal(http.get(V3 + "videos", params=params))[2]

        assert "required" == reason(id="expo-video-1")
        assert "unknownPart" == reason(part="snipet", id="expo-video-1")
        assert "badRequest" == reason(part="snippet", id="expo-video-1", vidoe="x")
        assert "missingRequiredParameter" == reason(part="snippet")

    def test_a_body_with_a_part_that_was_not_named_is_refused(self, http: httpx.Client):
        assert "unexpectedPart" == refusal(put_snippet(http, part="status"))[2]

    def test_thumbnails_are_images(self, http: httpx.Client, youtube: YouTubeEmulator):
        def send(content, **params) -> httpx.Response:
            url = "upload/youtube/v3/thumbnails/set"
            return http.post(url, params=params, content=content, headers={"Content-Type": "image/png"})

        assert 200 == send(PNG, videoId="expo-video-1").status_code
        assert PNG == youtube.video().thumbnail
        assert "invalidImage" == refusal(send(b"GIF89a", videoId="expo-video-1"))[2]
        assert "mediaBodyRequired" == refusal(send(b"", videoId="expo-video-1"))[2]
        assert "videoNotFound" == refusal(send(PNG, videoId="other"))[2]


class TestBroadcasts:
    def test_a_broadcast_needs_a_title(self, http: httpx.Client):
        answer = insert_broadcast(http, snippet={"scheduledStartTime": "2026-11-24T03:00:00Z"})
        assert (400, "youtube.liveBroadcast", "titleRequired", "Title is required") == refusal(answer)

    def test_a_broadcast_needs_a_start_in_the_future_and_a_privacy_status(self, http: httpx.Client):
        def reason(**changes) -> str:
            return refusal(insert_broadcast(http, **changes))[2]

        assert "scheduledStartTimeRequired" == reason(snippet={"title": "x"})
        past = {"title": "x", "scheduledStartTime": "2020-01-01T00:00:00Z"}
        assert "invalidScheduledStartTime" == reason(snippet=past)
        assert "privacyStatusRequired" == reason(status={})
        assert "invalidEmbedSetting" == reason(contentDetails={"enableEmbed": True})

    def test_an_account_without_live_streaming_is_refused(self, http: httpx.Client, youtube: YouTubeEmulator):
        youtube.state.live_enabled = False
        assert refusal(insert_broadcast(http)) == (
            403,
            "youtube.liveBroadcast",
            "liveStreamingNotEnabled",
            "The user is not enabled for live streaming.",
        )

    def test_a_list_takes_exactly_one_filter(self, http: httpx.Client):
        def ask(**params) -> httpx.Response:
            return http.get(V3 + "liveBroadcasts", params={"part": "id"} | params)

        answer = refusal(ask(mine="true", broadcastStatus="active"))
        assert (400, "youtube.parameter", "incompatibleParameters") == answer[:3]
        assert answer[3].startswith("Incompatible parameters specified in the request: ")
        assert "missingRequiredParameter" == refusal(ask())[2]

    def test_persistent_broadcasts_show_only_when_all_types_are_asked_for(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        youtube.add_broadcast(NINE, kind="persistent")

        def count(**params) -> int:
            answer = http.get(V3 + "liveBroadcasts", params={"part": "id", "mine": "true"} | params)
            return len(answer.json()["items"])

        assert (0, 1) == (count(), count(broadcastType="all"))

    def test_a_new_broadcasts_video_appears_after_a_while(self, http: httpx.Client, youtube: YouTubeEmulator):
        broadcast = insert_broadcast(http).json()["id"]
        ask = {"part": "snippet", "id": broadcast}
        assert [] == http.get(V3 + "videos", params=ask).json()["items"]
        youtube.advance(2)
        assert "Hari 1" == http.get(V3 + "videos", params=ask).json()["items"][0]["snippet"]["title"]

    def test_a_broadcast_lives_from_created_to_complete(self, http: httpx.Client, youtube: YouTubeEmulator):
        broadcast, stream = insert_broadcast(http).json()["id"], insert_stream(http)
        youtube.advance(5)
        states = [life(http, broadcast)]
        bind(http, broadcast, stream["id"])
        states.append(life(http, broadcast))
        youtube.send_video(stream["id"])
        assert 200 == transition(http, broadcast, "live").status_code
        states.append(life(http, broadcast))
        youtube.advance(5)
        states.append(life(http, broadcast))
        details = http.get(V3 + "videos", params={"part": "liveStreamingDetails", "id": broadcast}).json()
        assert {"scheduledStartTime", "actualStartTime", "activeLiveChatId"} == set(
            details["items"][0]["liveStreamingDetails"]
        )
        assert 200 == transition(http, broadcast, "complete").status_code
        states.append(life(http, broadcast))
        assert ["created", "ready", "liveStarting", "live", "complete"] == states
        details = http.get(V3 + "videos", params={"part": "liveStreamingDetails", "id": broadcast}).json()
        assert "activeLiveChatId" not in details["items"][0]["liveStreamingDetails"]

    def test_testing_goes_with_the_monitor_stream_and_live_without_it(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        broadcast, stream = insert_broadcast(http, contentDetails={}).json()["id"], insert_stream(http)
        bind(http, broadcast, stream["id"])
        youtube.send_video(stream["id"])
        assert "invalidTransition" == refusal(transition(http, broadcast, "live"))[2]
        assert 200 == transition(http, broadcast, "testing").status_code
        youtube.advance(5)
        assert "testing" == life(http, broadcast)
        assert 200 == transition(http, broadcast, "live").status_code

    def test_a_transition_needs_an_active_stream(self, http: httpx.Client, youtube: YouTubeEmulator):
        broadcast, stream = insert_broadcast(http).json()["id"], insert_stream(http)
        bind(http, broadcast, stream["id"])
        expected = (403, "youtube.liveBroadcast", "errorStreamInactive", "Stream is inactive")
        assert expected == refusal(transition(http, broadcast, "live"))
        youtube.send_video(stream["id"], after=20)
        assert expected == refusal(transition(http, broadcast, "live"))
        youtube.advance(20)
        assert 200 == transition(http, broadcast, "live").status_code

    def test_wrong_and_repeated_transitions_are_refused(self, http: httpx.Client, youtube: YouTubeEmulator):
        broadcast, stream = insert_broadcast(http).json()["id"], insert_stream(http)
        expected = (403, "youtube.liveBroadcast", "invalidTransition", "Invalid transition")
        assert expected == refusal(transition(http, broadcast, "complete"))
        bind(http, broadcast, stream["id"])
        youtube.send_video(stream["id"])
        transition(http, broadcast, "live")
        youtube.advance(5)
        expected = (403, "youtube.liveBroadcast", "redundantTransition", "Redundant transition")
        assert expected == refusal(transition(http, broadcast, "live"))
        transition(http, broadcast, "complete")
        assert "redundantTransition" == refusal(transition(http, broadcast, "complete"))[2]
        assert "invalidTransition" == refusal(transition(http, broadcast, "live"))[2]

    def test_an_unknown_broadcast_is_not_found(self, http: httpx.Client):
        expected = (404, "youtube.liveBroadcast", "liveBroadcastNotFound", "Live broadcast not found")
        assert expected == refusal(transition(http, "other", "live"))
        assert expected == refusal(bind(http, "other", "x"))

    def test_an_update_of_a_broadcast_without_its_description_deletes_that(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        youtube.add_broadcast(NINE)
        body = {"id": "expo-video-1", "snippet": {"title": "Baru", "scheduledStartTime": NINE.isoformat()}}
        assert 200 == http.put(V3 + "liveBroadcasts", params={"part": "snippet"}, json=body).status_code
        assert "" == youtube.description()
        assert ["UMKM", "batik"] == youtube.video().snippet["tags"]

    def test_binding_without_a_stream_unbinds(self, http: httpx.Client):
        broadcast, stream = insert_broadcast(http).json()["id"], insert_stream(http)
        bind(http, broadcast, stream["id"])
        assert 200 == bind(http, broadcast, "").status_code
        assert "created" == life(http, broadcast)


class TestStreamsAndChat:
    def test_a_stream_needs_its_cdn_and_has_a_key(self, http: httpx.Client):
        stream = insert_stream(http)
        assert stream["cdn"]["ingestionInfo"]["streamName"].count("-") == 4
        body = {"snippet": {"title": "OBS"}, "cdn": {"ingestionType": "rtmp", "resolution": "1080p"}}
        answer = http.post(V3 + "liveStreams", params={"part": "snippet,cdn"}, json=body)
        assert "invalidFormat" == refusal(answer)[2]

    def test_chat_messages_have_at_most_200_characters_and_end_with_the_broadcast(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        broadcast = youtube.add_broadcast(NINE)
        chat = youtube.state.chats["chat-expo-video-1"].id

        def say(text) -> httpx.Response:
            snippet = {
                "liveChatId": chat,
                "type": "textMessageEvent",
                "textMessageDetails": {"messageText": text},
            }
            return http.post(V3 + "liveChat/messages", params={"part": "snippet"}, json={"snippet": snippet})

        def read() -> httpx.Response:
            return http.get(V3 + "liveChat/messages", params={"part": "snippet", "liveChatId": chat})

        assert 200 == say("Halo").status_code
        assert "messageTextInvalid" == refusal(say("x" * 201))[2]
        assert ["Halo"] == [one["snippet"]["displayMessage"] for one in read().json()["items"]]
        broadcast.status = "complete"
        expected = (403, "youtube.liveChat", "liveChatEnded", "The live chat is no longer live.")
        assert [expected, expected] == [refusal(say("x")), refusal(read())]


class TestLogins:
    def test_the_channel_of_the_login_is_mine(self, http: httpx.Client):
        answer = http.get(V3 + "channels", params={"part": "id", "mine": "true"}).json()
        assert ["UCexpo"] == [item["id"] for item in answer["items"]]

    @pytest.mark.parametrize("header", ["", "Bearer x", "Basic x"])
    def test_without_a_valid_token_nothing_is_done(self, youtube: YouTubeEmulator, header):
        answer = httpx.get(
            youtube.root + V3 + "channels?part=id&mine=true",
            headers={"Authorization": header},
            trust_env=False,
            verify=False,
        )
        assert (401, "global", "authError", "Invalid Credentials") == refusal(answer)

    def test_a_login_of_another_scope_is_not_enough(self, youtube: YouTubeEmulator):
        login = youtube.login(scopes={"https://www.googleapis.com/auth/youtube.readonly"})
        headers = {"Authorization": f"Bearer {youtube.access_token(login)}"}
        answer = httpx.get(
            youtube.root + V3 + "channels?part=id&mine=true", headers=headers, trust_env=False, verify=False
        )
        assert refusal(answer) == (
            403,
            "global",
            "insufficientPermissions",
            "Insufficient Permission: Request had insufficient authentication scopes.",
        )

    def test_a_refresh_token_gives_access_until_consent_is_withdrawn(self, youtube: YouTubeEmulator):
        whole = youtube.authorized_user()
        form = {key: whole[key] for key in ("client_id", "client_secret", "refresh_token")}
        form["grant_type"] = "refresh_token"
        answer = httpx.post(youtube.token_uri, data=form, trust_env=False, verify=False)
        assert ("Bearer", 3599) == (answer.json()["token_type"], answer.json()["expires_in"])
        youtube.revoke()
        answer = httpx.post(youtube.token_uri, data=form, trust_env=False, verify=False)
        expected = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        assert (400, expected) == (answer.status_code, answer.json())
        answer = httpx.post(youtube.token_uri, data=form | {"client_secret": "x"}, trust_env=False, verify=False)
        assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])

    def test_an_access_token_ends_after_an_hour(self, http: httpx.Client, youtube: YouTubeEmulator):
        youtube.advance(3600)
        assert 401 == http.get(V3 + "channels", params={"part": "id", "mine": "true"}).status_code

    def test_consent_gives_a_code_that_buys_a_login_once(self, youtube: YouTubeEmulator):
        secret = youtube.client_secrets()["installed"]
        verifier = "v" * 50
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": secret["client_id"],
            "redirect_uri": "http://localhost:1/",
            "response_type": "code",
            "scope": "https://www.googleapis.com/auth/youtube.force-ssl",
            "state": "s",
            "code_challenge": challenge,
        }
        page = httpx.get(secret["auth_uri"], params=query, trust_env=False, verify=False)
        back = parse_qs(urlsplit(page.headers["location"]).query)
        assert ["s"] == back["state"]
        form = {
            "grant_type": "authorization_code",
            "code": back["code"][0],
            "code_verifier": verifier,
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
        }
        first = httpx.post(secret["token_uri"], data=form, trust_env=False, verify=False)
        again = httpx.post(secret["token_uri"], data=form, trust_env=False, verify=False)
        assert (200, 400) == (first.status_code, again.status_code)
        assert first.json()["refresh_token"]


class TestQuota:
    def test_every_call_has_its_price_and_an_invalid_one_costs_1(self, http: httpx.Client, youtube: YouTubeEmulator):
        def price(call) -> int:
            before = youtube.quota_used
            call()
            return youtube.quota_used - before

        ask = {"part": "snippet", "id": "expo-video-1"}
        assert [1, 50, 1, 50, 50, 1] == [
            price(lambda: http.get(V3 + "videos", params=ask)),
            price(lambda: put_snippet(http)),
            price(lambda: put_snippet(http, title="")),
            price(lambda: insert_broadcast(http)),
            price(lambda: insert_stream(http)),
            price(lambda: http.get(V3 + "channels", params={"part": "id", "mine": "true"})),
        ]

    def test_when_it_is_gone_everything_is_refused_until_midnight_in_los_angeles(
        self, http: httpx.Client, youtube: YouTubeEmulator
    ):
        youtube.state.daily_quota = 51
        assert 200 == put_snippet(http).status_code
        assert refusal(put_snippet(http)) == (
            403,
            "youtube.quota",
            "quotaExceeded",
            "The request cannot be completed because you have exceeded your quota.",
        )
        youtube.state.token_lifetime = timedelta(days=1)
        http.headers["Authorization"] = f"Bearer {youtube.access_token()}"
        youtube.advance(6 * 3600 - 1)
        assert 403 == put_snippet(http).status_code
        youtube.advance(1)
        assert 200 == put_snippet(http).status_code


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "status", "reason"),
        [
            (Kind.INTERNAL, 500, "internalError"),
            (Kind.UNAVAILABLE, 503, "backendError"),
            (Kind.TOO_MANY, 429, "rateLimitExceeded"),
            (Kind.RATE, 403, "rateLimitExceeded"),
            (Kind.USER_RATE, 403, "userRateLimitExceeded"),
            (Kind.USER_REQUESTS, 403, "userRequestsExceedRateLimit"),
            (Kind.QUOTA, 403, "quotaExceeded"),
            (Kind.UNAUTHORIZED, 401, "authError"),
        ],
    )
    def test_an_ordered_refusal_comes_once_and_changes_nothing(
        self, http: httpx.Client, youtube: YouTubeEmulator, kind, status, reason
    ):
        youtube.fault("videos.update", kind)
        answer = refusal(put_snippet(http, description="Baru"))
        assert (status, reason) == (answer[0], answer[2])
        assert "Tentang expo" == youtube.description()
        assert 200 == put_snippet(http).status_code

    @pytest.mark.parametrize(("kind", "status"), [(Kind.BAD_GATEWAY, 502), (Kind.FORBIDDEN_HTML, 403)])
    def test_a_page_of_somebody_on_the_way_is_not_json(
        self, http: httpx.Client, youtube: YouTubeEmulator, kind, status
    ):
        youtube.fault("videos.update", kind)
        answer = put_snippet(http)
        assert (status, "text/html; charset=UTF-8") == (answer.status_code, answer.headers["content-type"])

    @pytest.mark.parametrize(
        ("kind", "stands"),
        [
            (Kind.DROP_BEFORE, "Tentang expo"),
            (Kind.DROP_AFTER, "Baru"),
            (Kind.TIMEOUT_BEFORE, "Tentang expo"),
            (Kind.TIMEOUT_AFTER, "Baru"),
        ],
    )
    def test_an_answer_can_be_lost_before_and_after_the_deed(
        self, http: httpx.Client, youtube: YouTubeEmulator, kind, stands
    ):
        youtube.fault("videos.update", kind, seconds=0.05)
        with pytest.raises(httpx.RemoteProtocolError):
            put_snippet(http, description="Baru")
        assert stands == youtube.description()

    def test_a_stale_read_shows_the_state_before(self, http: httpx.Client, youtube: YouTubeEmulator):
        put_snippet(http, description="Baru")
        youtube.fault("videos.list", Kind.STALE)
        ask = {"part": "snippet", "id": "expo-video-1"}
        texts = [http.get(V3 + "videos", params=ask).json()["items"][0]["snippet"]["description"] for _ in range(2)]
        assert ["Tentang expo", "Baru"] == texts

    def test_a_hand_can_come_between(self, http: httpx.Client, youtube: YouTubeEmulator):
        youtube.fault("videos.list", before=lambda: youtube.edit(description="Orang"))
        answer = http.get(V3 + "videos", params={"part": "snippet", "id": "expo-video-1"})
        assert "Orang" == answer.json()["items"][0]["snippet"]["description"]
