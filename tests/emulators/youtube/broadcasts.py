"""liveBroadcasts, liveStreams and liveChatMessages."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.state import Broadcast, Chat, Json, State, Stream, Video, rfc3339
from tests.emulators.youtube.videos import check_description, check_title, etag

if TYPE_CHECKING:
    from tests.emulators.youtube.call import Call

PARTS = {"id", "snippet", "contentDetails", "status", "monetizationDetails"}
CONTENT = {
    "enableAutoStart": False,
    "enableAutoStop": False,
    "enableDvr": True,
    "recordFromStart": True,
    "enableClosedCaptions": False,
    "closedCaptionsType": "closedCaptionsDisabled",
    "latencyPreference": "normal",
    "enableContentEncryption": False,
    "startWithSlate": False,
    "projection": "rectangular",
}
STATUS_FILTER = {
    "active": {"live", "testing"},
    "upcoming": {"created", "ready", "testStarting", "liveStarting"},
    "completed": {"complete"},
}
RESOLUTIONS = {"240p", "360p", "480p", "720p", "1080p", "1440p", "2160p", "variable"}


# ------------------------------------------------------------ broadcasts


def resource(state: State, broadcast: Broadcast, parts: set[str]) -> Json:
    video = state.videos[broadcast.id]
    item: Json = {"kind": "youtube#liveBroadcast", "etag": etag(broadcast), "id": broadcast.id}
    if "snippet" in parts:
        snippet = {
            "publishedAt": rfc3339(video.published),
            "channelId": broadcast.channel_id,
            "title": video.snippet["title"],
            "description": video.description,
            "scheduledStartTime": rfc3339(broadcast.scheduled_start),
            "scheduledEndTime": rfc3339(broadcast.scheduled_end),
            "actualStartTime": rfc3339(broadcast.actual_start),
            "actualEndTime": rfc3339(broadcast.actual_end),
            "isDefaultBroadcast": False,
            "liveChatId": broadcast.chat.id if broadcast.chat and broadcast.status != "complete" else None,
        }
        item["snippet"] = {key: value for key, value in snippet.items() if value is not None}
    if "status" in parts:
        recording = {"complete": "recorded", "live": "recording"}.get(broadcast.status, "notRecording")
        item["status"] = {
            "lifeCycleStatus": broadcast.status,
            "privacyStatus": video.privacy,
            "recordingStatus": recording,
        }
    if "contentDetails" in parts:
        bound = {"boundStreamId": broadcast.stream_id} if broadcast.stream_id else {}
        item["contentDetails"] = broadcast.content | bound
    return item


def list_broadcasts(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    filters = [name for name in ("id", "mine", "broadcastStatus") if call.query(name)]
    if len(filters) > 1:
        raise ApiError("incompatibleParameters", ", ".join(filters))
    if not filters:
        raise ApiError("missingRequiredParameter", "id, mine, broadcastStatus", location="parameters.")
    wanted = list(state.broadcasts.values())
    if ids := call.ids("id"):
        wanted = [state.broadcasts[one] for one in ids if one in state.broadcasts]
    else:
        wanted = [one for one in wanted if one.channel_id == call.login.channel_id]
        kind = call.choice("broadcastType", {"all", "event", "persistent"}, "event")
        wanted = [one for one in wanted if kind in {"all", one.kind}]
        status = call.choice("broadcastStatus", {"all", *STATUS_FILTER}, "all")
        if status != "all":
            wanted = [one for one in wanted if one.status in STATUS_FILTER[status]]
        call.flag("mine")
    page, following = call.page(wanted)
    answer: Json = {
        "kind": "youtube#liveBroadcastListResponse",
        "items": [resource(state, one, parts) for one in page],
        "pageInfo": {"totalResults": len(wanted), "resultsPerPage": len(page)},
    }
    return answer | ({"nextPageToken": following} if following else {})


def _moment(value: object, missing: str) -> datetime:
    if not value:
        raise ApiError(missing)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ApiError("invalidScheduledStartTime") from None
    if moment.tzinfo is None:
        raise ApiError("invalidScheduledStartTime")
    return moment


def _content(sent: Json) -> Json:
    if "enableEmbed" in sent:
        raise ApiError("invalidEmbedSetting")
    if unknown := set(sent) - set(CONTENT) - {"monitorStream", "boundStreamId", "enableLowLatency", "mesh"}:
        raise ApiError("badRequest", f"Unknown name \"{min(unknown)}\" at 'live_broadcast.content_details'")
    monitor = {"enableMonitorStream": True, "broadcastStreamDelayMs": 0} | (sent.get("monitorStream") or {})
    kept = {key: value for key, value in sent.items() if key in CONTENT}
    return CONTENT | kept | {"monitorStream": monitor}


def _privacy(status: Json) -> str:
    privacy = status.get("privacyStatus")
    if not privacy:
        raise ApiError("privacyStatusRequired")
    if privacy not in {"public", "unlisted", "private"}:
        raise ApiError("invalidPrivacyStatus")
    return str(privacy)


def insert_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    body = call.json({"kind", "etag", *parts})
    if not state.live_enabled:
        raise ApiError("liveStreamingNotEnabled")
    snippet = body.get("snippet") or {}
    if not snippet.get("title"):
        raise ApiError("titleRequired")
    title = check_title(snippet["title"])
    start = _moment(snippet.get("scheduledStartTime"), "scheduledStartTimeRequired")
    if start < state.now():
        raise ApiError("invalidScheduledStartTime")
    end = _moment(snippet["scheduledEndTime"], "") if snippet.get("scheduledEndTime") else None
    privacy = _privacy(body.get("status") or {})
    content = _content(body.get("contentDetails") or {})
    name = secrets.token_urlsafe(8)[:11]
    stored = {
        "title": title,
        "description": check_description(snippet.get("description")),
        "categoryId": "22",
    }
    state.videos[name] = Video(
        name, call.login.channel_id, stored, privacy, state.now(), state.now() + state.appears_after
    )
    chat = Chat(f"chat-{name}")
    state.chats[chat.id] = chat
    broadcast = Broadcast(name, call.login.channel_id, start, end, content, chat=chat)
    state.broadcasts[name] = broadcast
    return resource(state, broadcast, parts | {"id"})


def _own(state: State, call: Call, name: str) -> Broadcast:
    broadcast = state.broadcasts.get(name)
    if broadcast is None or broadcast.channel_id != call.login.channel_id:
        raise ApiError("liveBroadcastNotFound")
    return broadcast


def update_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    body = call.json({"id", "kind", "etag", *parts})
    if not body.get("id"):
        raise ApiError("required", "id", location="body.id")
    broadcast = _own(state, call, str(body["id"]))
    video = state.videos[broadcast.id]
    if "snippet" in parts:
        snippet = body.get("snippet") or {}
        if not snippet.get("title"):
            raise ApiError("titleRequired")
        title = check_title(snippet["title"])
        start = _moment(snippet.get("scheduledStartTime"), "scheduledStartTimeRequired")
        text = check_description(snippet.get("description"))
        video.replace(video.snippet | {"title": title, "description": text})
        broadcast.scheduled_start = start
        end = snippet.get("scheduledEndTime")
        broadcast.scheduled_end = _moment(end, "") if end else None
    if "status" in parts:
        video.privacy = _privacy(body.get("status") or {})
    if "contentDetails" in parts:
        broadcast.content = _content(body.get("contentDetails") or {})
    return resource(state, broadcast, parts)


def bind_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    if not (name := call.query("id")):
        raise ApiError("required", "id", location="id")
    broadcast = _own(state, call, name)
    if broadcast.status not in {"created", "ready"}:
        raise ApiError("liveBroadcastBindingNotAllowed")
    stream_id = call.query("streamId")
    if stream_id and stream_id not in state.streams:
        raise ApiError("liveStreamNotFound")
    broadcast.stream_id = stream_id or None
    broadcast.status = "ready" if stream_id else "created"
    return resource(state, broadcast, parts)


def transition_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    for name in ("id", "broadcastStatus"):
        if not call.query(name):
            raise ApiError("required", name, location=name)
    broadcast = _own(state, call, call.query("id"))
    wanted = call.choice("broadcastStatus", {"testing", "live", "complete"}, "")
    monitored = broadcast.content["monitorStream"].get("enableMonitorStream")
    if broadcast.status == wanted or broadcast.moves_to == wanted != "complete":
        raise ApiError("redundantTransition")
    before = {
        "testing": {"ready"} if monitored else set(),
        "live": {"testing"} if monitored else {"ready"},
        "complete": {"live", "testing"},
    }[wanted]
    if broadcast.status not in before:
        raise ApiError("invalidTransition")
    now = state.now()
    if wanted == "complete":
        broadcast.status, broadcast.actual_end = "complete", now
        return resource(state, broadcast, parts)
    stream = state.streams.get(broadcast.stream_id or "")
    if stream is None or not stream.is_active(now):
        raise ApiError("errorStreamInactive")
    broadcast.status = "testStarting" if wanted == "testing" else "liveStarting"
    broadcast.moves_to, broadcast.moves_at = wanted, now + state.starting_takes
    return resource(state, broadcast, parts)


# ------------------------------------------------------------ streams


def _stream(state: State, stream: Stream, parts: set[str]) -> Json:
    item: Json = {"kind": "youtube#liveStream", "etag": etag(stream), "id": stream.id}
    if "snippet" in parts:
        item["snippet"] = {
            "channelId": stream.channel_id,
            "title": stream.title,
            "description": stream.description,
        }
    if "cdn" in parts:
        ingestion = {
            "streamName": stream.key,
            "ingestionAddress": "rtmp://a.rtmp.youtube.com/live2",
            "rtmpsIngestionAddress": "rtmps://a.rtmps.youtube.com:443/live2",
        }
        item["cdn"] = stream.cdn | {"ingestionInfo": ingestion}
    if "status" in parts:
        active = stream.is_active(state.now())
        health = {"status": "good" if active else "noData"}
        item["status"] = {"streamStatus": "active" if active else "inactive", "healthStatus": health}
    return item


def list_streams(state: State, call: Call) -> Json:
    parts = call.parts({"id", "snippet", "cdn", "status", "contentDetails"})
    filters = [name for name in ("id", "mine") if call.query(name)]
    if len(filters) > 1:
        raise ApiError("incompatibleParameters", ", ".join(filters))
    if not filters:
        raise ApiError("missingRequiredParameter", "id, mine", location="parameters.")
    if ids := call.ids("id"):
        wanted = [state.streams[one] for one in ids if one in state.streams]
    else:
        wanted = [one for one in state.streams.values() if one.channel_id == call.login.channel_id]
    page, following = call.page(wanted)
    answer: Json = {
        "kind": "youtube#liveStreamListResponse",
        "items": [_stream(state, one, parts) for one in page],
        "pageInfo": {"totalResults": len(wanted), "resultsPerPage": len(page)},
    }
    return answer | ({"nextPageToken": following} if following else {})


def insert_stream(state: State, call: Call) -> Json:
    parts = call.parts({"id", "snippet", "cdn", "status", "contentDetails"})
    body = call.json({"kind", "etag", *parts})
    if not state.live_enabled:
        raise ApiError("liveStreamingNotEnabled")
    snippet, cdn = body.get("snippet") or {}, body.get("cdn") or {}
    if not snippet.get("title"):
        raise ApiError("titleRequired")
    if not cdn:
        raise ApiError("cdnRequired")
    if cdn.get("ingestionType") not in {"rtmp", "hls", "dash", "webrtc"}:
        raise ApiError("invalidFormat")
    if cdn.get("resolution") not in RESOLUTIONS or cdn.get("frameRate") not in {"30fps", "60fps", "variable"}:
        raise ApiError("invalidFormat")
    name = secrets.token_urlsafe(12)
    key = "-".join(secrets.token_hex(2) for _ in range(5))
    kept = {part: cdn[part] for part in ("ingestionType", "resolution", "frameRate")}
    stream = Stream(name, call.login.channel_id, snippet["title"], snippet.get("description", ""), kept, key)
    state.streams[name] = stream
    return _stream(state, stream, parts)


# ------------------------------------------------------------ chat


def _chat(state: State, name: str) -> Chat:
    if name not in state.chats:
        raise ApiError("liveChatNotFound")
    if any(one.chat and one.chat.id == name and one.status == "complete" for one in state.broadcasts.values()):
        raise ApiError("liveChatEnded")
    return state.chats[name]


def list_messages(state: State, call: Call) -> Json:
    call.parts({"id", "snippet", "authorDetails"})
    if not (name := call.query("liveChatId")):
        raise ApiError("required", "liveChatId", location="liveChatId")
    chat = _chat(state, name)
    token = call.query("pageToken")
    start = int(token) if token.isdigit() else 0
    return {
        "kind": "youtube#liveChatMessageListResponse",
        "pollingIntervalMillis": 5000,
        "nextPageToken": str(len(chat.messages)),
        "items": chat.messages[start:],
        "pageInfo": {"totalResults": len(chat.messages), "resultsPerPage": len(chat.messages) - start},
    }


def insert_message(state: State, call: Call) -> Json:
    parts = call.parts({"snippet"})
    body = call.json({"kind", "etag", *parts})
    snippet = body.get("snippet") or {}
    for name in ("liveChatId", "type"):
        if not snippet.get(name):
            raise ApiError("required", f"snippet.{name}")
    chat = _chat(state, snippet["liveChatId"])
    text = (snippet.get("textMessageDetails") or {}).get("messageText")
    if snippet["type"] != "textMessageEvent" or not isinstance(text, str) or not 1 <= len(text) <= 200:
        raise ApiError("messageTextInvalid")
    message: Json = {
        "kind": "youtube#liveChatMessage",
        "id": secrets.token_urlsafe(12),
        "snippet": {
            "type": "textMessageEvent",
            "liveChatId": chat.id,
            "authorChannelId": call.login.channel_id,
            "publishedAt": rfc3339(state.now()),
            "hasDisplayContent": True,
            "displayMessage": text,
            "textMessageDetails": {"messageText": text},
        },
    }
    chat.messages.append(message)
    return message
