"""liveBroadcasts."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.state import STATUS_DEFAULTS, Broadcast, Chat, Json, State, Version, Video, rfc3339
from tests.emulators.youtube.videos import check_description, check_title, etag, thumbnails

if TYPE_CHECKING:
    from tests.emulators.youtube.call import Call

PARTS = {"id", "snippet", "contentDetails", "status", "monetizationDetails"}
CONTENT: Json = {
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
"""contentDetails that can be written, and what they are where an insert does not say."""
ALWAYS_OPEN = {"enableAutoStop"}
"""Those that can be changed even while the broadcast is tested or live."""
STATUS_FILTER = {
    "active": {"live", "testing"},
    "upcoming": {"created", "ready", "testStarting", "liveStarting"},
    "completed": {"complete"},
}


def resource(state: State, broadcast: Broadcast, parts: set[str], status: str | None = None) -> Json:
    video = state.videos[broadcast.id]
    status = status or broadcast.status
    item: Json = {"kind": "youtube#liveBroadcast", "etag": etag(broadcast), "id": broadcast.id}
    if "snippet" in parts:
        snippet = {
            "publishedAt": rfc3339(video.versions[0].since),
            "channelId": broadcast.channel_id,
            "title": video.snippet["title"],
            "description": video.description,
            "thumbnails": thumbnails(video),
            "scheduledStartTime": rfc3339(broadcast.scheduled_start),
            "scheduledEndTime": rfc3339(broadcast.scheduled_end),
            "actualStartTime": rfc3339(broadcast.actual_start),
            "actualEndTime": rfc3339(broadcast.actual_end),
            "isDefaultBroadcast": broadcast.kind == "persistent",
            "liveChatId": broadcast.chat_id,
        }
        item["snippet"] = {key: value for key, value in snippet.items() if value is not None}
    if "status" in parts:
        recording = {"complete": "recorded", "live": "recording"}.get(status, "notRecording")
        kids = bool(video.status.get("selfDeclaredMadeForKids"))
        item["status"] = {
            "lifeCycleStatus": status,
            "privacyStatus": video.status["privacyStatus"],
            "recordingStatus": recording,
            "madeForKids": kids,
            "selfDeclaredMadeForKids": kids,
        }
    if "contentDetails" in parts:
        item["contentDetails"] = dict(broadcast.content)
        if broadcast.stream_id:
            item["contentDetails"] |= {
                "boundStreamId": broadcast.stream_id,
                "boundStreamLastUpdateTimeMs": rfc3339(broadcast.bound_at),
            }
    return item


def list_broadcasts(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    filters = [name for name in ("id", "mine", "broadcastStatus") if call.query(name)]
    if len(filters) > 1:
        raise ApiError("incompatibleParameters", ", ".join(filters))
    if not filters:
        raise ApiError("missingRequiredParameter", "id, mine, broadcastStatus", location="parameters.")
    wanted = [one for one in state.broadcasts.values() if one.channel_id == call.login.channel_id]
    kind = call.choice("broadcastType", {"all", "event", "persistent"}, "event")
    if ids := call.ids("id"):
        wanted = [one for one in wanted if one.id in ids]
    else:
        status = call.choice("broadcastStatus", {"all", *STATUS_FILTER}, "all")
        if "mine" in filters and not call.flag("mine"):
            raise ApiError("invalidParameter", "mine", location="mine")
        wanted = [one for one in wanted if kind in {"all", one.kind}]
        if status != "all":
            wanted = [one for one in wanted if one.status in STATUS_FILTER[status]]
    page, following = call.page(wanted)
    answer: Json = {
        "kind": "youtube#liveBroadcastListResponse",
        "items": [resource(state, one, parts, one.before if call.is_stale else None) for one in page],
        "pageInfo": {"totalResults": len(wanted), "resultsPerPage": len(page)},
    }
    return answer | ({"nextPageToken": following} if following else {})


def insert_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    body = call.json({"kind", "etag", *parts})
    if not state.live_enabled:
        raise ApiError("liveStreamingNotEnabled")
    snippet, status = body.get("snippet") or {}, body.get("status") or {}
    if not snippet.get("title"):
        raise ApiError("titleRequired")
    stored = {
        "title": check_title(snippet["title"]),
        "description": check_description(snippet.get("description")),
        "categoryId": "22",
    }
    start, end = _times(snippet)
    if start < state.now():
        raise ApiError("invalidScheduledStartTime")
    privacy = _privacy(status)
    details = body.get("contentDetails") or {}
    content = _content(details, details.get("monitorStream") or {})
    pending = [one for one in state.broadcasts.values() if one.channel_id == call.login.channel_id]
    if sum(not one.is_over for one in pending) >= state.broadcast_limit:
        raise ApiError("userBroadcastsExceedLimit")
    name, now = secrets.token_urlsafe(8)[:11], state.now()
    video = Video(name, call.login.channel_id, [Version(now, stored, "api")], visible_from=now + state.appears_after)
    video.status = STATUS_DEFAULTS | _kids(status) | {"privacyStatus": privacy}
    state.videos[name] = video
    chat = state.chats[f"chat-{name}"] = Chat(f"chat-{name}")
    broadcast = Broadcast(name, call.login.channel_id, start, end, content, chat=chat)
    state.broadcasts[name] = broadcast
    return resource(state, broadcast, parts | {"id"})


def update_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    body = call.json({"id", "kind", "etag", *parts})
    if not body.get("id"):
        raise ApiError("required", "id", location="body.id")
    broadcast = _own(state, call, str(body["id"]))
    video, changes = state.videos[broadcast.id], []
    if "snippet" in parts:
        snippet = body.get("snippet") or {}
        if not snippet.get("title"):
            raise ApiError("titleRequired")
        title = check_title(snippet["title"])
        start, end = _times(snippet)
        if start != broadcast.scheduled_start and broadcast.status not in {"created", "ready"}:
            raise ApiError("scheduledStartTimeModificationNotAllowed", "Scheduled start time")
        text = check_description(snippet.get("description"))
        kept = video.snippet | {"title": title, "description": text}
        changes.append(lambda: _reschedule(broadcast, start, end))
        changes.append(lambda: video.replace(kept, state.now(), "api"))
    if "status" in parts:
        status = body.get("status") or {}
        wanted = video.status | _kids(status) | {"privacyStatus": _privacy(status)}
        changes.append(lambda: setattr(video, "status", wanted))
    if "contentDetails" in parts:
        details = body.get("contentDetails") or {}
        monitor = details.get("monitorStream") or {}
        for key in ("enableMonitorStream", "broadcastStreamDelayMs"):
            if monitor.get(key) is None:
                raise ApiError(f"{key}Required")
        content = _content(details, monitor)
        _check_changeable(broadcast, content)
        changes.append(lambda: setattr(broadcast, "content", content))
    for change in changes:
        change()
    return resource(state, broadcast, parts)


def bind_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    if not (name := call.query("id")):
        raise ApiError("required", "id", location="id")
    broadcast = _own(state, call, name)
    if broadcast.status not in {"created", "ready"}:
        raise ApiError("liveBroadcastBindingNotAllowed")
    stream_id = call.query("streamId")
    if stream_id:
        stream = state.streams.get(stream_id)
        if stream is None or stream.channel_id != call.login.channel_id:
            raise ApiError("liveStreamNotFound")
        others = [one for one in state.broadcasts.values() if one.stream_id == stream_id and one is not broadcast]
        if others and not stream.is_reusable:
            raise ApiError("liveBroadcastBindingNotAllowed")
    broadcast.stream_id, broadcast.bound_at = stream_id or None, state.now()
    broadcast.become("ready" if stream_id else "created")
    return resource(state, broadcast, parts)


def transition_broadcast(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    for name in ("id", "broadcastStatus"):
        if not call.query(name):
            raise ApiError("required", name, location=name)
    broadcast = _own(state, call, call.query("id"))
    wanted = call.choice("broadcastStatus", {"testing", "live", "complete"}, "")
    if wanted in {broadcast.status, broadcast.moves_to}:
        raise ApiError("redundantTransition")
    monitored = broadcast.content["monitorStream"]["enableMonitorStream"]
    before = {
        "testing": {"ready"} if monitored else set(),
        "live": {"testing"} if monitored else {"ready"},
        "complete": {"live", "testing"},
    }[wanted]
    if broadcast.status not in before:
        raise ApiError("invalidTransition")
    now = state.now()
    if wanted == "complete":
        broadcast.complete(now)
        return resource(state, broadcast, parts)
    stream = state.streams.get(broadcast.stream_id or "")
    if stream is None or not stream.is_active(now):
        raise ApiError("errorStreamInactive")
    broadcast.move(wanted, now + state.starting_takes)
    return resource(state, broadcast, parts)


# ------------------------------------------------------------ checks


def _own(state: State, call: Call, name: str) -> Broadcast:
    broadcast = state.broadcasts.get(name)
    if broadcast is None or broadcast.channel_id != call.login.channel_id:
        raise ApiError("liveBroadcastNotFound")
    return broadcast


def _times(snippet: Json) -> tuple[datetime, datetime | None]:
    if not snippet.get("scheduledStartTime"):
        raise ApiError("scheduledStartTimeRequired")
    start = _moment(snippet["scheduledStartTime"], "invalidScheduledStartTime")
    if not snippet.get("scheduledEndTime"):
        return start, None
    end = _moment(snippet["scheduledEndTime"], "invalidScheduledEndTime")
    if end <= start:
        raise ApiError("invalidScheduledEndTime")
    return start, end


def _moment(value: object, refusal: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ApiError(refusal) from None
    if moment.tzinfo is None:
        raise ApiError(refusal)
    return moment


def _reschedule(broadcast: Broadcast, start: datetime, end: datetime | None) -> None:
    broadcast.scheduled_start, broadcast.scheduled_end = start, end


def _content(sent: Json, monitor: Json) -> Json:
    if "enableEmbed" in sent:
        raise ApiError("invalidEmbedSetting")
    read_only = {"monitorStream", "boundStreamId", "boundStreamLastUpdateTimeMs", "enableLowLatency", "mesh"}
    if unknown := set(sent) - set(CONTENT) - read_only:
        raise ApiError("badRequest", f"Unknown name \"{min(unknown)}\" at 'live_broadcast.content_details'")
    content = CONTENT | {key: sent[key] for key in CONTENT if sent.get(key) is not None}
    for key, refusal in (("enableAutoStart", "invalidAutoStart"), ("enableAutoStop", "invalidAutoStop")):
        if not isinstance(content[key], bool):
            raise ApiError(refusal)
    if content["latencyPreference"] not in {"normal", "low", "ultraLow"}:
        raise ApiError("invalidLatencyPreferenceOptions")
    if content["projection"] not in {"rectangular", "360"}:
        raise ApiError("invalidProjection")
    enabled = monitor.get("enableMonitorStream", True) is not False
    delay = int(monitor.get("broadcastStreamDelayMs") or 0)
    return content | {"monitorStream": {"enableMonitorStream": enabled, "broadcastStreamDelayMs": delay}}


def _check_changeable(broadcast: Broadcast, content: Json) -> None:
    if broadcast.status in {"created", "ready"}:
        return
    for key, value in content.items():
        if key not in ALWAYS_OPEN and value != broadcast.content[key]:
            name = "enableMonitorStream" if key == "monitorStream" else key
            raise ApiError(f"{name}ModificationNotAllowed", name)


def _privacy(status: Json) -> str:
    privacy = status.get("privacyStatus")
    if not privacy:
        raise ApiError("privacyStatusRequired")
    if privacy not in {"public", "unlisted", "private"}:
        raise ApiError("invalidPrivacyStatus")
    return str(privacy)


def _kids(status: Json) -> Json:
    if unknown := set(status) - {"privacyStatus", "selfDeclaredMadeForKids"} - _STATUS_READ_ONLY:
        raise ApiError("badRequest", f"Unknown name \"{min(unknown)}\" at 'live_broadcast.status'")
    kids = status.get("selfDeclaredMadeForKids")
    return {} if kids is None else {"selfDeclaredMadeForKids": bool(kids)}


_STATUS_READ_ONLY = {"lifeCycleStatus", "recordingStatus", "madeForKids", "liveBroadcastPriority"}
