"""liveStreams."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.state import Json, State, Stream
from tests.emulators.youtube.videos import check_description, check_title, etag

if TYPE_CHECKING:
    from tests.emulators.youtube.call import Call

PARTS = {"id", "snippet", "cdn", "status", "contentDetails"}
RESOLUTIONS = {"240p", "360p", "480p", "720p", "1080p", "1440p", "2160p", "variable"}
FRAME_RATES = {"30fps", "60fps", "variable"}


def resource(state: State, stream: Stream, parts: set[str]) -> Json:
    item: Json = {"kind": "youtube#liveStream", "etag": etag(stream), "id": stream.id}
    if "snippet" in parts:
        item["snippet"] = {
            "channelId": stream.channel_id,
            "title": stream.title,
            "description": stream.description,
            "isDefaultStream": False,
        }
    if "cdn" in parts:
        ingestion = {
            "streamName": stream.key,
            "ingestionAddress": "rtmp://a.rtmp.youtube.com/live2",
            "backupIngestionAddress": "rtmp://b.rtmp.youtube.com/live2?backup=1",
            "rtmpsIngestionAddress": "rtmps://a.rtmps.youtube.com:443/live2",
            "rtmpsBackupIngestionAddress": "rtmps://b.rtmps.youtube.com:443/live2?backup=1",
        }
        item["cdn"] = stream.cdn | {"ingestionInfo": ingestion}
    if "status" in parts:
        now = state.now()
        active = stream.is_active(now)
        health: Json = {"status": stream.health if active else "noData"}
        if active:
            health["lastUpdateTimeSeconds"] = str(int(now.timestamp()))
            if stream.issues:
                health["configurationIssues"] = stream.issues
        item["status"] = {"streamStatus": stream.status(now), "healthStatus": health}
    if "contentDetails" in parts:
        item["contentDetails"] = {"isReusable": stream.is_reusable}
    return item


def list_streams(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    filters = [name for name in ("id", "mine") if call.query(name)]
    if len(filters) > 1:
        raise ApiError("incompatibleParameters", ", ".join(filters))
    if not filters:
        raise ApiError("missingRequiredParameter", "id, mine", location="parameters.")
    mine = [one for one in state.streams.values() if one.channel_id == call.login.channel_id]
    if ids := call.ids("id"):
        wanted = [one for one in mine if one.id in ids]
    elif call.flag("mine"):
        wanted = mine
    else:
        raise ApiError("invalidParameter", "mine", location="mine")
    page, following = call.page(wanted)
    answer: Json = {
        "kind": "youtube#liveStreamListResponse",
        "items": [resource(state, one, parts) for one in page],
        "pageInfo": {"totalResults": len(wanted), "resultsPerPage": len(page)},
    }
    return answer | ({"nextPageToken": following} if following else {})


def insert_stream(state: State, call: Call) -> Json:
    parts = call.parts(PARTS)
    body = call.json({"kind", "etag", *parts})
    if not state.live_enabled:
        raise ApiError("liveStreamingNotEnabled")
    snippet, cdn = body.get("snippet") or {}, body.get("cdn") or {}
    if not snippet.get("title"):
        raise ApiError("titleRequired")
    title, text = check_title(snippet["title"]), check_description(snippet.get("description"))
    if not cdn:
        raise ApiError("cdnRequired")
    if cdn.get("ingestionType") not in {"rtmp", "hls", "dash", "webrtc"}:
        raise ApiError("invalidFormat")
    if cdn.get("resolution") not in RESOLUTIONS or cdn.get("frameRate") not in FRAME_RATES:
        raise ApiError("invalidFormat")
    if (cdn["resolution"] == "variable") != (cdn["frameRate"] == "variable"):
        raise ApiError("invalidFormat")
    name = secrets.token_urlsafe(12)
    kept = {part: cdn[part] for part in ("ingestionType", "resolution", "frameRate")}
    details = body.get("contentDetails") or {}
    reusable = details.get("isReusable", True) is not False
    stream = Stream(name, call.login.channel_id, title, text, kept, new_key(), reusable)
    state.streams[name] = stream
    return resource(state, stream, parts)


def new_key() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(5))
