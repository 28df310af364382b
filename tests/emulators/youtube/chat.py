"""liveChatMessages."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.state import Chat, Json, State, rfc3339

if TYPE_CHECKING:
    from tests.emulators.youtube.call import Call

LONGEST = 200


def _open(state: State, name: str) -> Chat:
    if name not in state.chats:
        raise ApiError("liveChatNotFound")
    if any(one.chat and one.chat.id == name and one.is_over for one in state.broadcasts.values()):
        raise ApiError("liveChatEnded")
    if not state.chats[name].is_enabled:
        raise ApiError("liveChatDisabled")
    return state.chats[name]


def list_messages(state: State, call: Call) -> Json:
    parts = call.parts({"id", "snippet", "authorDetails"})
    if not (name := call.query("liveChatId")):
        raise ApiError("required", "liveChatId", location="liveChatId")
    chat = _open(state, name)
    size, token = call.query("maxResults") or "500", call.query("pageToken") or "0"
    if not size.isdigit() or not 200 <= int(size) <= 2000:
        raise ApiError("invalidParameter", "maxResults", location="maxResults")
    if not token.isdigit():
        raise ApiError("invalidParameter", "pageToken", location="pageToken")
    seen = sum(at + state.listed_after <= state.now() for at in chat.sent)
    page = chat.messages[:seen][int(token) : int(token) + int(size)]
    return {
        "kind": "youtube#liveChatMessageListResponse",
        "pollingIntervalMillis": 5000,
        "nextPageToken": str(int(token) + len(page)),
        "items": [{key: one[key] for key in one if key in {"kind", "etag", "id", *parts}} for one in page],
        "pageInfo": {"totalResults": seen, "resultsPerPage": len(page)},
    }


def insert_message(state: State, call: Call) -> Json:
    parts = call.parts({"snippet"})
    body = call.json({"kind", "etag", *parts})
    snippet = body.get("snippet") or {}
    for name in ("liveChatId", "type"):
        if not snippet.get(name):
            raise ApiError(f"{name}Required")
    chat = _open(state, snippet["liveChatId"])
    text = (snippet.get("textMessageDetails") or {}).get("messageText")
    if not text:
        raise ApiError("messageTextRequired")
    if snippet["type"] != "textMessageEvent" or not isinstance(text, str) or len(text) > LONGEST:
        raise ApiError("messageTextInvalid")
    now = state.now()
    most, while_ = state.chat_rate
    if sum(now - at < while_ for at in chat.sent) >= most:
        raise ApiError("rateLimitExceeded")
    message: Json = {
        "kind": "youtube#liveChatMessage",
        "id": secrets.token_urlsafe(12),
        "snippet": {
            "type": "textMessageEvent",
            "liveChatId": chat.id,
            "authorChannelId": call.login.channel_id,
            "publishedAt": rfc3339(now),
            "hasDisplayContent": True,
            "displayMessage": text,
            "textMessageDetails": {"messageText": text},
        },
        "authorDetails": {
            "channelId": call.login.channel_id,
            "displayName": state.channels.get(call.login.channel_id, ""),
            "isChatOwner": True,
        },
    }
    chat.messages.append(message)
    chat.sent.append(now)
    return {key: message[key] for key in ("kind", "id", "snippet")}
