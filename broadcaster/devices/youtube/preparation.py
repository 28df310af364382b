"""Prepares a day's broadcast: what is there, what it takes to have it as configured, and each step of that.

One step at a time, and a look before each: a step whose answer was lost is found done, or done then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from broadcaster.devices.youtube import finding
from broadcaster.devices.youtube.faults import NotThere, Offline, Refused
from broadcaster.devices.youtube.life_cycle import is_before, is_over
from broadcaster.devices.youtube.reading import KEPT
from broadcaster.language import gettext as _
from broadcaster.show import description
from broadcaster.show.quota import Priority

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster import config
    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.broadcasts import Broadcast, Broadcasts, Stream
    from broadcaster.devices.youtube.memory import Memory
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.devices.youtube.wording import Wording
    from broadcaster.ports import Clock, Json, KnownBroadcast
    from broadcaster.show.broadcasts import DayPart

LOOK_FOR = timedelta(seconds=60)
"""How long a broadcast is looked for whose making had no answer, before another one is made."""
SOON = timedelta(minutes=1)
LARGEST_THUMBNAIL = 50 * 1024**2
INSERT = "insert"
MISSING = "missing"


class Kind(StrEnum):
    STREAM = "stream"
    BROADCAST = "broadcast"
    DETAILS = "details"
    PRIVACY = "privacy"
    BIND = "bind"
    TEXT = "text"
    THUMBNAIL = "thumbnail"


METHODS = {
    Kind.STREAM: ("liveStreams.insert",),
    Kind.BROADCAST: ("liveBroadcasts.insert",),
    Kind.DETAILS: ("liveBroadcasts.update",),
    Kind.PRIVACY: ("liveBroadcasts.update",),
    Kind.BIND: ("liveBroadcasts.bind",),
    Kind.TEXT: ("videos.update",),
    Kind.THUMBNAIL: ("thumbnails.set",),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One change on YouTube; `what` says it in words."""

    kind: Kind
    what: str
    changes: Json = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a part's broadcast; `snippet` is its video's, None while YouTube does not show it.

    `others` are broadcasts of that day with other titles, when none was found.
    """

    broadcast: Broadcast | None = None
    stream: Stream | None = None
    snippet: Json | None = None
    others: tuple[Broadcast, ...] = ()


def steps(part: DayPart, settings: config.YouTube, found: Found, known: KnownBroadcast) -> list[Step]:
    """All that is to be done, in order; empty when all is as it should be.

    Of a broadcast that people made, only what the configuration names is changed; and auto-start and auto-stop,
    which YouTube's own page switches on: they end a show whose network fails for a minute.
    """
    if found.broadcast is not None and is_over(found.broadcast.status):
        return []
    doing = []
    if found.stream is None:
        doing.append(Step(Kind.STREAM, _("Make a stream “%(title)s” for OBS.", title=finding.STREAM_TITLE)))
    if found.broadcast is None:
        made = _("Make the broadcast “%(title)s”, %(privacy)s.", title=part.title, privacy=settings.privacy)
        doing += [Step(Kind.BROADCAST, made), Step(Kind.BIND, _("Bind the stream to it."))]
    else:
        doing += _of_broadcast(settings, found.broadcast)
        doing += _binding(settings, found)
    doing += _of_video(settings, found, known)
    if (picture := thumbnail_of(settings.thumbnail)) and digest(picture) != known.thumbnail:
        doing.append(Step(Kind.THUMBNAIL, _("Set the thumbnail to %(path)s.", path=settings.thumbnail)))
    return doing


def thumbnail_of(path: Path | None) -> bytes:
    """The picture, b"" for none.

    Raises:
        Refused: it cannot be read, or YouTube would not take it.
    """
    if path is None:
        return b""
    try:
        picture = path.read_bytes()
    except OSError as error:
        raise Refused(
            _("The thumbnail cannot be read: %(path)s (%(why)s).", path=path, why=error.strerror), "thumbnail"
        ) from error
    if len(picture) > LARGEST_THUMBNAIL or not picture.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise Refused(_("YouTube takes a JPEG or PNG of at most 50 MB as thumbnail: %(path)s", path=path), "thumbnail")
    return picture


def digest(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()


class Preparation:
    """Looks, and does steps. Belongs to the thread of `broadcasts`. Every method raises a ChannelFault."""

    def __init__(
        self,
        settings: config.YouTube,
        api: Api,
        broadcasts: Broadcasts,
        memory: Memory,
        ledger: Ledger,
        wording: Wording,
        clock: Clock,
    ) -> None:
        self._settings, self._api, self._broadcasts = settings, api, broadcasts
        self._memory, self._ledger, self._wording, self._clock = memory, ledger, wording, clock

    def look(self, part: DayPart, *, whole: bool = True) -> Found:
        """What there is; its id is remembered from here on. Without `whole` the video's snippet is not read."""
        broadcast, others = self._broadcast(part)
        if broadcast is None:
            return Found(None, self._stream(part, ""), None, tuple(others))
        self._memory.keep(part, video=broadcast.id)
        stream = self._stream(part, broadcast.stream)
        return Found(broadcast, stream, self._snippet(broadcast) if whole else None)

    def steps(self, part: DayPart, found: Found) -> list[Step]:
        return steps(part, self._settings, found, self._memory.of(part))

    def price(self, doing: list[Step]) -> int:
        """Units of the steps themselves; each look costs some 3 more."""
        return self._ledger.units(*(method for step in doing for method in METHODS[step.kind]))

    def patience(self, part: DayPart) -> float:
        """Seconds to go on looking before a broadcast is made, as one may have been made already; 0 for none."""
        known = self._memory.of(part)
        if known.asked != INSERT or known.asked_at is None:
            return 0.0
        return max(0.0, (known.asked_at + LOOK_FOR - self._clock.now()).total_seconds())

    def do(self, part: DayPart, found: Found, step: Step) -> None:
        priority = Priority.THUMBNAIL if step.kind is Kind.THUMBNAIL else Priority.BROADCAST
        self._ledger.require(priority, *METHODS[step.kind])
        broadcast, stream = found.broadcast, found.stream
        match step.kind:
            case Kind.STREAM:
                self._memory.keep(part, stream=self._broadcasts.insert_stream(finding.STREAM_TITLE).id)
            case Kind.BROADCAST:
                self._insert(part)
            case Kind.BIND if broadcast and stream:
                wanted = self._settings.stream_id or stream.id
                self._memory.keep(part, stream=wanted)
                self._broadcasts.bind(broadcast.id, wanted)
            case Kind.DETAILS if broadcast:
                self._broadcasts.change_details(broadcast, step.changes)
            case Kind.PRIVACY if broadcast:
                self._broadcasts.change_privacy(broadcast, step.changes["privacy"])
            case Kind.TEXT if broadcast and found.snippet is not None:
                self._api.update(broadcast.id, found.snippet | step.changes)
            case Kind.THUMBNAIL if broadcast and self._settings.thumbnail:
                picture = thumbnail_of(self._settings.thumbnail)
                self._broadcasts.set_thumbnail(broadcast.id, self._settings.thumbnail, picture)
                self._memory.keep(part, thumbnail=digest(picture))
            case _:
                raise NotThere(_("YouTube does not show the new broadcast yet. It is tried again by itself."))

    # ------------------------------------------------------------ looking

    def _broadcast(self, part: DayPart) -> tuple[Broadcast | None, list[Broadcast]]:
        named, known = finding.configured(self._settings, part), self._memory.of(part)
        if named:
            if known.video != named:
                self._memory.keep(part, video=named, stream="", asked="", made=False, thumbnail="")
            return self._broadcasts.broadcast(named), []
        if known.video:
            try:
                broadcast = self._broadcasts.broadcast(known.video)
            except NotThere:
                self._doubt(part, known)
            else:
                if known.asked == MISSING:
                    self._memory.keep(part, asked="", asked_at=None)
                return broadcast, []
        taken = self._memory.taken(part)
        candidates = [*self._broadcasts.upcoming(), *self._broadcasts.active()]
        found = finding.matching(part, candidates, taken)
        if found is not None:
            if known.asked == INSERT:  # its making had no answer, and was carried out
                self._memory.keep(part, asked="", made=True)
            return found, []
        return None, finding.other_titles(part, candidates, taken)

    def _doubt(self, part: DayPart, known: KnownBroadcast) -> None:
        """A broadcast that is remembered is not there: forgotten when it is so for a minute.

        Not before: a fresh broadcast, and a bad moment of YouTube's, look like this, too, and it would be made twice.

        Raises:
            NotThere: it may come back.
        """
        now = self._clock.now()
        if known.asked != MISSING or known.asked_at is None:
            self._memory.keep(part, asked=MISSING, asked_at=now)
        elif now - known.asked_at >= LOOK_FOR:
            self._memory.keep(part, video="", stream="", asked="", asked_at=None, made=False, thumbnail="")
            return
        raise NotThere(
            _("YouTube does not show the broadcast %(id)s now. After a minute it counts as removed.", id=known.video),
            "liveBroadcastNotFound",
        )

    def _stream(self, part: DayPart, bound: str) -> Stream | None:
        if bound:
            return self._broadcasts.stream(bound)
        if self._settings.stream_id:
            return self._broadcasts.stream(self._settings.stream_id)
        if (known := self._memory.of(part)).stream:
            try:
                return self._broadcasts.stream(known.stream)
            except NotThere:
                self._memory.keep(part, stream="")
        return finding.own_stream(self._broadcasts.streams())

    def _snippet(self, broadcast: Broadcast) -> Json | None:
        try:
            snippet: Json = self._api.video(broadcast.id).get("snippet") or {}
        except NotThere:
            return None
        if not snippet.get("title") or not snippet.get("categoryId"):
            raise Refused(
                _("YouTube's answer lacks the video's title or category. Nothing is written, lest it be lost."),
                "implausibleRead",
            )
        return {key: snippet[key] for key in KEPT if key in snippet}

    # ------------------------------------------------------------- making

    def _insert(self, part: DayPart) -> None:
        now = self._clock.now()
        # Before it is sent: if its answer is lost, whoever comes next knows to look for it.
        self._memory.keep(part, asked=INSERT, asked_at=now)
        try:
            broadcast = self._broadcasts.insert(self._body(part, max(part.start, now + SOON)))
        except Offline:
            raise
        except Exception:
            self._memory.keep(part, asked="", asked_at=None)
            raise
        self._memory.keep(part, video=broadcast.id, made=True, asked="", asked_at=None)

    def _body(self, part: DayPart, start: object) -> Json:
        settings = self._settings
        text = description.merge("", self._wording.block(part.wish, description.room("")))
        snippet = {"title": part.title, "description": text, "scheduledStartTime": f"{start:%Y-%m-%dT%H:%M:%SZ}"}
        if f"{part.end:%Y-%m-%dT%H:%M:%SZ}" > snippet["scheduledStartTime"]:
            snippet["scheduledEndTime"] = f"{part.end:%Y-%m-%dT%H:%M:%SZ}"
        return {
            "snippet": snippet,
            "status": {"privacyStatus": settings.privacy, "selfDeclaredMadeForKids": settings.made_for_kids},
            "contentDetails": {
                "enableAutoStart": settings.auto_start,
                "enableAutoStop": settings.auto_stop,
                "enableDvr": settings.dvr,
                "latencyPreference": settings.latency,
                "monitorStream": {"enableMonitorStream": settings.monitor, "broadcastStreamDelayMs": 0},
            },
        }


def _of_broadcast(settings: config.YouTube, broadcast: Broadcast) -> list[Step]:
    doing = []
    named, now = settings.model_fields_set, broadcast.details
    wanted: Json = {"enableAutoStart": settings.auto_start, "enableAutoStop": settings.auto_stop}
    if "dvr" in named:
        wanted["enableDvr"] = settings.dvr
    if "latency" in named:
        wanted["latencyPreference"] = settings.latency
    changes = {key: value for key, value in wanted.items() if now.get(key) != value}
    if "monitor" in named and broadcast.has_monitor != settings.monitor:
        changes["monitorStream"] = {"enableMonitorStream": settings.monitor, "broadcastStreamDelayMs": 0}
    if changes and is_before(broadcast.status):
        what = ", ".join(f"{key} = {_shown(value)}" for key, value in changes.items())
        doing.append(Step(Kind.DETAILS, _("Change the broadcast: %(what)s.", what=what), changes))
    if "privacy" in named and broadcast.privacy != settings.privacy:
        what = f"{broadcast.privacy} → {settings.privacy}"
        changes = {"privacy": settings.privacy}
        doing.append(Step(Kind.PRIVACY, _("Change who may see it: %(what)s.", what=what), changes))
    return doing


def _shown(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("enableMonitorStream")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _binding(settings: config.YouTube, found: Found) -> list[Step]:
    broadcast = found.broadcast
    if broadcast is None or not is_before(broadcast.status):
        return []
    if not broadcast.stream or (settings.stream_id and broadcast.stream != settings.stream_id):
        return [Step(Kind.BIND, _("Bind the stream to it."))]
    return []


def _of_video(settings: config.YouTube, found: Found, known: KnownBroadcast) -> list[Step]:
    """Category and languages, which only the video has; of a new one, the service's; of others, what is configured."""
    is_new = found.broadcast is None or (known.made and found.snippet is None)
    named = settings.model_fields_set
    wanted: Json = {}
    if known.made or is_new or "category" in named:
        wanted["categoryId"] = settings.category
    if settings.language and (known.made or is_new or "language" in named):
        wanted |= {"defaultLanguage": settings.language, "defaultAudioLanguage": settings.language}
    now = found.snippet or ({"categoryId": "22"} if is_new else None)
    if now is None:
        return []
    changes = {key: value for key, value in wanted.items() if now.get(key) != value}
    if not changes:
        return []
    what = ", ".join(f"{key} = {value}" for key, value in changes.items())
    return [Step(Kind.TEXT, _("Change the video: %(what)s.", what=what), changes)]
