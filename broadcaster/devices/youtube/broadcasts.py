"""Broadcasts and streams on YouTube, as values, and the calls that read and change them.

Every method raises a ChannelFault. None tries twice: an insert, a bind or a transition whose answer was lost may have
been carried out, and whoever repeats it must look first.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from googleapiclient.http import MediaInMemoryUpload

from broadcaster.devices.youtube.faults import NotThere, Offline
from broadcaster.language import gettext as _
from broadcaster.ports import Ingestion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster.devices.youtube.api import Api
    from broadcaster.ports import Json

PARTS = "id,snippet,contentDetails,status"
STREAM_PARTS = "id,snippet,cdn,status"
PAGE = 50
MOST_PAGES = 4
CHANGEABLE = (
    "enableAutoStart",
    "enableAutoStop",
    "enableClosedCaptions",
    "closedCaptionsType",
    "enableContentEncryption",
    "enableDvr",
    "latencyPreference",
    "projection",
    "recordFromStart",
    "startWithSlate",
)
"""The parts of contentDetails that can be written: as with a snippet, what is not sent is reset."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast, which shares its id with its video. `status` is its lifeCycleStatus; `stream` "" when unbound."""

    id: str
    title: str
    status: str
    start: datetime | None = None
    stream: str = ""
    privacy: str = ""
    channel: str = ""
    for_kids: bool = False
    details: Json = field(default_factory=dict, repr=False)

    @property
    def has_monitor(self) -> bool:
        return bool((self.details.get("monitorStream") or {}).get("enableMonitorStream"))

    @property
    def url(self) -> str:
        return f"https://www.youtube.com/watch?v={self.id}"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream, which is what OBS sends to. `health` is YouTube's word: good | ok | bad | noData."""

    id: str
    title: str
    receives: bool = False
    health: str = ""
    ingestion: Ingestion | None = None


class Broadcasts:
    """One login's broadcasts and streams. Belongs to the Api's thread."""

    def __init__(self, api: Api) -> None:
        self._api = api

    # ------------------------------------------------------------ reading

    def broadcast(self, broadcast_id: str) -> Broadcast:
        """The one with this id.

        Raises:
            NotThere: there is none, or not yet.
        """
        request = self._live.list(part=PARTS, id=broadcast_id)
        for item in self._items(self._api.call("liveBroadcasts.list", request)):
            if item.get("id") == broadcast_id:
                return _broadcast(item)
        raise NotThere(_("There is no broadcast %(id)s on this channel.", id=broadcast_id), "liveBroadcastNotFound")

    def upcoming(self) -> list[Broadcast]:
        return self._all("upcoming")

    def active(self) -> list[Broadcast]:
        """Those that are live or in testing, whoever made them."""
        return self._all("active")

    def stream(self, stream_id: str) -> Stream:
        """The one with this id.

        Raises:
            NotThere: there is none.
        """
        request = self._streams.list(part=STREAM_PARTS, id=stream_id)
        for item in self._items(self._api.call("liveStreams.list", request)):
            if item.get("id") == stream_id:
                return _stream(item)
        raise NotThere(_("There is no stream %(id)s on this channel.", id=stream_id), "liveStreamNotFound")

    def streams(self) -> list[Stream]:
        found = self._pages(
            "liveStreams.list", lambda page: self._streams.list(part=STREAM_PARTS, mine=True, maxResults=PAGE, **page)
        )
        return [_stream(item) for item in found]

    def channel(self) -> tuple[str, str]:
        """Id and title of the channel that the login belongs to, ("", "") when it has none."""
        request = self._api.service.channels().list(part="id,snippet", mine=True)
        for item in self._items(self._api.call("channels.list", request)):
            return str(item.get("id", "")), str((item.get("snippet") or {}).get("title", ""))
        return "", ""

    # ----------------------------------------------------------- changing

    def insert(self, body: Json) -> Broadcast:
        request = self._live.insert(part="id,snippet,contentDetails,status", body=body)
        return _broadcast(self._api.call("liveBroadcasts.insert", request))

    def insert_stream(self, title: str) -> Stream:
        """A stream that can be used for any number of broadcasts, whatever OBS's picture size is."""
        body = {
            "snippet": {"title": title},
            "cdn": {"ingestionType": "rtmp", "resolution": "variable", "frameRate": "variable"},
            "contentDetails": {"isReusable": True},
        }
        request = self._streams.insert(part="id,snippet,cdn,contentDetails,status", body=body)
        return _stream(self._api.call("liveStreams.insert", request))

    def bind(self, broadcast_id: str, stream_id: str) -> Broadcast:
        request = self._live.bind(part=PARTS, id=broadcast_id, streamId=stream_id)
        return _broadcast(self._api.call("liveBroadcasts.bind", request))

    def transition(self, broadcast_id: str, status: str) -> Broadcast:
        """Ask for `status`: testing | live | complete."""
        request = self._live.transition(part=PARTS, id=broadcast_id, broadcastStatus=status)
        return _broadcast(self._api.call("liveBroadcasts.transition", request))

    def change_details(self, broadcast: Broadcast, changes: Json) -> None:
        """Change some of contentDetails; the rest is sent back as it was read."""
        kept = {key: broadcast.details[key] for key in CHANGEABLE if key in broadcast.details}
        monitor = broadcast.details.get("monitorStream") or {}
        wanted = {
            "enableMonitorStream": bool(monitor.get("enableMonitorStream")),
            "broadcastStreamDelayMs": int(monitor.get("broadcastStreamDelayMs") or 0),
        }
        body = {"id": broadcast.id, "contentDetails": {**kept, "monitorStream": wanted, **changes}}
        self._api.call("liveBroadcasts.update", self._live.update(part="id,contentDetails", body=body))

    def change_privacy(self, broadcast: Broadcast, privacy: str) -> None:
        body = {"id": broadcast.id, "status": {"privacyStatus": privacy}}
        self._api.call("liveBroadcasts.update", self._live.update(part="id,status", body=body))

    def set_thumbnail(self, broadcast_id: str, path: Path, picture: bytes) -> None:
        kind = mimetypes.guess_type(path.name)[0] or "image/jpeg"
        media = MediaInMemoryUpload(picture, mimetype=kind, resumable=False)
        request = self._api.service.thumbnails().set(videoId=broadcast_id, media_body=media)
        self._api.call("thumbnails.set", request)

    # ------------------------------------------------------------ answers

    @property
    def _live(self) -> Any:
        return self._api.service.liveBroadcasts()

    @property
    def _streams(self) -> Any:
        return self._api.service.liveStreams()

    def _all(self, status: str) -> list[Broadcast]:
        # broadcastType: a list without it leaves out what was begun by an encoder alone.
        found = self._pages(
            "liveBroadcasts.list",
            lambda page: self._live.list(
                part=PARTS, broadcastStatus=status, broadcastType="all", maxResults=PAGE, **page
            ),
        )
        return [_broadcast(item) for item in found]

    def _pages(self, method: str, request: Callable[[dict[str, str]], Any]) -> list[Json]:
        items: list[Json] = []
        page: dict[str, str] = {}
        for _page in range(MOST_PAGES):
            answer = self._api.call(method, request(page))
            items += self._items(answer)
            if not answer.get("nextPageToken"):
                break
            page = {"pageToken": answer["nextPageToken"]}
        return items

    @staticmethod
    def _items(answer: Json) -> list[Json]:
        return [item for item in answer.get("items") or [] if isinstance(item, dict)]


def _broadcast(item: Json) -> Broadcast:
    snippet, status, details = (item.get(part) or {} for part in ("snippet", "status", "contentDetails"))
    if not item.get("id") or not status.get("lifeCycleStatus"):
        raise Offline(_("YouTube's answer cannot be understood. It is tried again by itself."))
    return Broadcast(
        id=str(item["id"]),
        title=str(snippet.get("title", "")),
        status=str(status["lifeCycleStatus"]),
        start=_instant(snippet.get("scheduledStartTime")),
        stream=str(details.get("boundStreamId") or ""),
        privacy=str(status.get("privacyStatus", "")),
        channel=str(snippet.get("channelId", "")),
        for_kids=bool(status.get("selfDeclaredMadeForKids", status.get("madeForKids"))),
        details=details,
    )


def _stream(item: Json) -> Stream:
    snippet, cdn, status = (item.get(part) or {} for part in ("snippet", "cdn", "status"))
    if not item.get("id"):
        raise Offline(_("YouTube's answer cannot be understood. It is tried again by itself."))
    told = cdn.get("ingestionInfo") or {}
    address = told.get("rtmpsIngestionAddress") or told.get("ingestionAddress")
    key = told.get("streamName")
    return Stream(
        id=str(item["id"]),
        title=str(snippet.get("title", "")),
        receives=status.get("streamStatus") == "active",
        health=str((status.get("healthStatus") or {}).get("status", "")),
        ingestion=Ingestion(str(address), str(key)) if address and key else None,
    )


def _instant(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC)
