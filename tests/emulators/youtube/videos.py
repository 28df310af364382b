"""videos.list, videos.update, channels.list and thumbnails.set."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.state import STATUS_DEFAULTS, Json, State, Video, rfc3339

if TYPE_CHECKING:
    from tests.emulators.youtube.call import Call

READ_ONLY = {"publishedAt", "channelId", "channelTitle", "thumbnails", "liveBroadcastContent", "localized"}
WRITABLE = {"title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage"}
STATUS = {
    "privacyStatus",
    "publishAt",
    "license",
    "embeddable",
    "publicStatsViewable",
    "selfDeclaredMadeForKids",
    "containsSyntheticMedia",
}
STATUS_READ_ONLY = {"uploadStatus", "madeForKids", "failureReason", "rejectionReason"}
CATEGORIES = {str(number) for number in (1, 2, 10, 15, 17, 19, 20, 22, 23, 24, 25, 26, 27, 28, 29)}


def etag(*parts: object) -> str:
    return f"{abs(hash(str(parts))):x}"


def check_title(title: object) -> str:
    if not isinstance(title, str) or not title.strip() or len(title) > 100 or set(title) & set("<>"):
        raise ApiError("invalidTitle", location="body.snippet.title")
    return title


def check_description(text: object) -> str:
    if text is None:
        return ""
    if not isinstance(text, str) or len(text.encode("utf-8", "surrogatepass")) > 5000 or set(text) & set("<>"):
        raise ApiError("invalidDescription", location="body.snippet.description")
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\r\t" for c in text):
        raise ApiError("invalidDescription", location="body.snippet.description")
    return text


def check_snippet(snippet: Json) -> Json:
    """The stored form of what was sent: whatever was not sent is gone."""
    if unknown := set(snippet) - WRITABLE - READ_ONLY:
        raise ApiError("badRequest", f"Unknown name \"{min(unknown)}\" at 'video.snippet': Cannot find field.")
    kept: Json = {"title": check_title(snippet.get("title"))}
    if not snippet.get("categoryId"):
        raise ApiError("invalidVideoMetadata")
    if snippet["categoryId"] not in CATEGORIES:
        raise ApiError("invalidCategoryId", location="body.snippet.categoryId")
    kept["categoryId"] = snippet["categoryId"]
    kept["description"] = check_description(snippet.get("description"))
    if tags := snippet.get("tags"):
        # A tag with a space counts with the quotes around it, and each but the last with its comma.
        length = sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + len(tags) - 1
        if length > 500 or any(set(tag) & set("<>") for tag in tags):
            raise ApiError("invalidTags", location="body.snippet.tags")
        kept["tags"] = list(tags)
    for key in ("defaultLanguage", "defaultAudioLanguage"):
        if snippet.get(key):
            if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(snippet[key])):
                raise ApiError("invalidVideoMetadata")
            kept[key] = snippet[key]
    return kept


def resource(state: State, video: Video, parts: set[str], snippet: Json | None = None) -> Json:
    snippet = video.snippet if snippet is None else snippet
    broadcast = state.broadcasts.get(video.id)
    item: Json = {"kind": "youtube#video", "etag": etag(video.id, snippet), "id": video.id}
    if "snippet" in parts:
        content = "none"
        if broadcast and not broadcast.is_over:
            content = "live" if broadcast.status == "live" else "upcoming"
        item["snippet"] = {
            "publishedAt": rfc3339(video.versions[0].since),
            "channelId": video.channel_id,
            "channelTitle": state.channels.get(video.channel_id, ""),
            "thumbnails": thumbnails(video),
            "liveBroadcastContent": content,
            "localized": {"title": snippet["title"], "description": snippet.get("description", "")},
            **snippet,
        }
    if "status" in parts:
        kids = bool(video.status.get("selfDeclaredMadeForKids"))
        item["status"] = {"uploadStatus": "uploaded", "madeForKids": kids} | video.status
    if "liveStreamingDetails" in parts and broadcast:
        details = {
            "scheduledStartTime": rfc3339(broadcast.scheduled_start),
            "scheduledEndTime": rfc3339(broadcast.scheduled_end),
            "actualStartTime": rfc3339(broadcast.actual_start),
            "actualEndTime": rfc3339(broadcast.actual_end),
            "activeLiveChatId": broadcast.chat_id,
        }
        item["liveStreamingDetails"] = {key: value for key, value in details.items() if value}
    return item


def thumbnails(video: Video) -> Json:
    name = "custom" if video.thumbnail else "default"
    sizes = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
    return {
        size: {"url": f"https://i.ytimg.com/vi/{video.id}/{name}-{size}.jpg", "width": width, "height": height}
        for size, (width, height) in sizes.items()
    }


def visible(state: State, video_id: str) -> Video | None:
    video = state.videos.get(video_id)
    if video is None or (video.visible_from and state.now() < video.visible_from):
        return None
    return video


def list_videos(state: State, call: Call) -> Json:
    parts = call.parts({"id", "snippet", "status", "liveStreamingDetails"})
    if not (ids := call.ids("id")):
        raise ApiError("missingRequiredParameter", "id, chart, myRating", location="parameters.")
    found = [video for one in ids if (video := visible(state, one))]
    items = []
    for video in found:
        snippet = video.versions[-2 if call.is_stale and len(video.versions) > 1 else -1].snippet
        item = resource(state, video, parts, snippet)
        call.damage(item)
        items.append(item)
    return {
        "kind": "youtube#videoListResponse",
        "etag": etag(items),
        "items": items,
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
    }


def update_video(state: State, call: Call) -> Json:
    parts = call.parts({"snippet", "status"})
    body = call.json({"id", "kind", "etag", *parts})
    video = visible(state, str(body.get("id", "")))
    if video is None:
        raise ApiError("videoNotFound", location="body.id")
    if video.channel_id != call.login.channel_id:
        raise ApiError("forbidden")
    snippet = check_snippet(body.get("snippet") or {}) if "snippet" in parts else None
    status = _status(body.get("status") or {}) if "status" in parts else None
    if snippet is not None:
        video.replace(snippet, state.now(), "api")
    if status is not None:
        video.status = status
    return resource(state, video, parts)


def _status(sent: Json) -> Json:
    if unknown := set(sent) - STATUS - STATUS_READ_ONLY:
        raise ApiError("badRequest", f"Unknown name \"{min(unknown)}\" at 'video.status'")
    status = STATUS_DEFAULTS | {key: sent[key] for key in STATUS if sent.get(key) is not None}
    if status["privacyStatus"] not in {"public", "unlisted", "private"}:
        raise ApiError("invalidVideoMetadata")
    return status


def list_channels(state: State, call: Call) -> Json:
    parts = call.parts({"id", "snippet"})
    if call.flag("mine") is not True:
        raise ApiError("missingRequiredParameter", "id, mine, forHandle, forUsername, managedByMe")
    channel = call.login.channel_id
    item: Json = {"kind": "youtube#channel", "etag": etag(channel), "id": channel}
    if "snippet" in parts:
        item["snippet"] = {"title": state.channels.get(channel, ""), "description": ""}
    return {"kind": "youtube#channelListResponse", "items": [item], "pageInfo": {"totalResults": 1}}


def set_thumbnail(state: State, call: Call) -> Json:
    if not (video_id := call.query("videoId")):
        raise ApiError("required", "videoId", location="videoId")
    video = visible(state, video_id)
    if video is None:
        raise ApiError("videoNotFound")
    if video.channel_id != call.login.channel_id:
        raise ApiError("forbidden")
    image = call.media()
    if not image:
        raise ApiError("mediaBodyRequired")
    if len(image) > 50 * 1024 * 1024:
        raise ApiError("uploadTooLarge")
    if not image.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise ApiError("invalidImage")
    video.thumbnail = image
    return {"kind": "youtube#thumbnailSetResponse", "etag": etag(image[:64]), "items": [thumbnails(video)]}
