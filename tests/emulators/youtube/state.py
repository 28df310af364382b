"""What YouTube remembers: videos, broadcasts, streams, chats, logins and the quota day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

FORCE_SSL = "https://www.googleapis.com/auth/youtube.force-ssl"
SCOPES = {FORCE_SSL, "https://www.googleapis.com/auth/youtube"}
_PACIFIC = ZoneInfo("America/Los_Angeles")

UNITS = {
    "videos.list": 1,
    "videos.update": 50,
    "liveBroadcasts.list": 1,
    "liveBroadcasts.insert": 50,
    "liveBroadcasts.update": 50,
    "liveBroadcasts.bind": 50,
    "liveBroadcasts.transition": 50,
    "liveStreams.list": 1,
    "liveStreams.insert": 50,
    "thumbnails.set": 50,
    "liveChatMessages.list": 5,
    "liveChatMessages.insert": 20,
    "channels.list": 1,
}

STATUS_DEFAULTS: Json = {
    "privacyStatus": "public",
    "license": "youtube",
    "embeddable": True,
    "publicStatsViewable": True,
}
"""What a video's status is where an update of that part does not say."""


def rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Version:
    """A snippet's writable fields as they stood from `since` on. `by`: api, or hand for a person on YouTube's pages."""

    since: datetime
    snippet: Json
    by: str


@dataclass
class Video:
    """`versions` is never empty; the last one is what stands."""

    id: str
    channel_id: str
    versions: list[Version]
    status: Json = field(default_factory=STATUS_DEFAULTS.copy)
    visible_from: datetime | None = None
    thumbnail: bytes = b""

    def replace(self, snippet: Json, at: datetime, by: str) -> None:
        self.versions.append(Version(at, snippet, by))

    @property
    def snippet(self) -> Json:
        return self.versions[-1].snippet

    @property
    def privacy(self) -> str:
        return str(self.status["privacyStatus"])

    @property
    def description(self) -> str:
        return str(self.snippet.get("description", ""))


@dataclass
class Chat:
    """`messages` are resources, oldest first; `sent` says when each came."""

    id: str
    is_enabled: bool = True
    messages: list[Json] = field(default_factory=list)
    sent: list[datetime] = field(default_factory=list)


@dataclass
class Stream:
    """`health`, of video that arrives: good, ok or bad. `issues` are configurationIssues."""

    id: str
    channel_id: str
    title: str
    description: str
    cdn: Json
    key: str
    is_reusable: bool = True
    sending_since: datetime | None = None
    stopped: datetime | None = None
    health: str = "good"
    issues: list[Json] = field(default_factory=list)

    def is_active(self, now: datetime) -> bool:
        return self.sending_since is not None and now >= self.sending_since

    def status(self, now: datetime) -> str:
        if self.is_active(now):
            return "active"
        return "ready" if self.stopped is None else "inactive"


@dataclass
class Broadcast:
    """Shares its id and its snippet's title and description with a Video. `before` is the status before this one."""

    id: str
    channel_id: str
    scheduled_start: datetime
    scheduled_end: datetime | None
    content: Json
    kind: str = "event"
    stream_id: str | None = None
    bound_at: datetime | None = None
    status: str = "created"
    before: str = "created"
    moves_at: datetime | None = None
    moves_to: str = ""
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    chat: Chat | None = None

    @property
    def is_over(self) -> bool:
        return self.status in {"complete", "revoked"}

    @property
    def chat_id(self) -> str | None:
        """Gone when the broadcast is over."""
        return self.chat.id if self.chat and not self.is_over else None

    def become(self, status: str) -> None:
        self.before, self.status = self.status, status

    def move(self, to: str, at: datetime) -> None:
        """Be on the way to testing or live, and there at `at`."""
        self.become("testStarting" if to == "testing" else "liveStarting")
        self.moves_to, self.moves_at = to, at

    def complete(self, at: datetime) -> None:
        self.become("complete")
        self.actual_end = at

    def settle(self, now: datetime) -> None:
        """Take the step that is under way when its time has come."""
        if self.moves_at is not None and now >= self.moves_at:
            self.become(self.moves_to)
            if self.status == "live":
                self.actual_start = self.moves_at
            self.moves_at, self.moves_to = None, ""


@dataclass
class Login:
    """A consent: what a refresh token stands for. `access` maps access tokens to their ends."""

    channel_id: str
    scopes: set[str]
    refresh_token: str
    revoked: bool = False
    access: dict[str, datetime] = field(default_factory=dict)


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass
class State:
    """All of it.

    `clock` is this YouTube's time, `offset` moves it. `appears_after`: a new broadcast's video cannot be read before.
    `starting_takes`: from the transition to testing or live. `gives_up_after`: without video, where autoStop is on.
    `listed_after`: a chat message is not in the list before. `chat_rate`: so many messages in so long.
    """

    clock: Callable[[], datetime] = _wall
    daily_quota: int = 10_000
    offset: timedelta = timedelta()
    client_id: str = "client-id.apps.googleusercontent.com"
    client_secret: str = field(default_factory=lambda: f"GOCSPX-{secrets.token_urlsafe(16)}")
    channels: dict[str, str] = field(default_factory=lambda: {"UCexpo": "Pekalongan Hybrid Expo"})
    videos: dict[str, Video] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    logins: list[Login] = field(default_factory=list)
    codes: dict[str, tuple[str, set[str], str]] = field(default_factory=dict)
    live_enabled: bool = True
    broadcast_limit: int = 50
    appears_after: timedelta = timedelta(seconds=2)
    starting_takes: timedelta = timedelta(seconds=5)
    gives_up_after: timedelta = timedelta(minutes=1)
    listed_after: timedelta = timedelta()
    chat_rate: tuple[int, timedelta] = (10, timedelta(seconds=30))
    token_lifetime: timedelta = timedelta(seconds=3599)
    ledger: list[tuple[datetime, str, int]] = field(default_factory=list)
    _today: tuple[object, int] = (None, 0)

    def now(self) -> datetime:
        return self.clock() + self.offset

    # -------------------------------------------------------- quota

    def quota_used(self) -> int:
        """Units since midnight in Los Angeles."""
        day, used = self._today
        return used if day == self.now().astimezone(_PACIFIC).date() else 0

    def quota_by_day(self) -> dict[str, int]:
        """Units of each quota day, by its date in Los Angeles."""
        days: dict[str, int] = {}
        for at, _, units in self.ledger:
            day = at.astimezone(_PACIFIC).date().isoformat()
            days[day] = days.get(day, 0) + units
        return days

    def charge(self, method: str, units: int) -> None:
        now = self.now()
        self._today = (now.astimezone(_PACIFIC).date(), self.quota_used() + units)
        self.ledger.append((now, method, units))

    # -------------------------------------------------------- logins

    def login(self, channel_id: str = "UCexpo", scopes: set[str] | None = None) -> Login:
        login = Login(channel_id, scopes or {FORCE_SSL}, f"1//{secrets.token_urlsafe(24)}")
        self.logins.append(login)
        return login

    def issue(self, login: Login) -> str:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        login.access[token] = self.now() + self.token_lifetime
        return token

    def login_of(self, access_token: str) -> Login | None:
        for login in self.logins:
            end = login.access.get(access_token)
            if end is not None and not login.revoked and self.now() < end:
                return login
        return None

    # -------------------------------------------------------- broadcasts

    def settle(self) -> None:
        """Bring broadcasts up to now: steps under way end; autoStart and autoStop do what they do."""
        now = self.now()
        for broadcast in self.broadcasts.values():
            broadcast.settle(now)
        for stream in self.streams.values():
            bound = [one for one in self.broadcasts.values() if one.stream_id == stream.id]
            if stream.is_active(now):
                self._start_by_itself(stream, bound, now)
            elif stream.stopped is not None and now >= stream.stopped + self.gives_up_after:
                for broadcast in bound:
                    if broadcast.status == "live" and broadcast.content["enableAutoStop"]:
                        broadcast.complete(stream.stopped + self.gives_up_after)

    def _start_by_itself(self, stream: Stream, bound: list[Broadcast], now: datetime) -> None:
        # Of several that wait for the same stream, YouTube takes the earliest, whichever the day's may be.
        if any(one.status in {"liveStarting", "live"} for one in bound):
            return
        waiting = [one for one in bound if one.content["enableAutoStart"] and one.status == "ready"]
        if waiting:
            since = max(stream.sending_since or now, *(one.bound_at for one in waiting if one.bound_at))
            first = min(waiting, key=lambda one: one.scheduled_start)
            first.move("live", since + self.starting_takes)
            first.settle(now)
