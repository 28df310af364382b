"""What YouTube remembers: videos, broadcasts, streams, chats, logins and the quota day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

FORCE_SSL = "https://www.googleapis.com/auth/youtube.force-ssl"
SCOPES = {FORCE_SSL, "https://www.googleapis.com/auth/youtube"}

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


def rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Video:
    """`snippet` holds the writable fields only; `history` each state that it had before."""

    id: str
    channel_id: str
    snippet: Json
    privacy: str = "public"
    published: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    visible_from: datetime | None = None
    history: list[Json] = field(default_factory=list)
    thumbnail: bytes = b""

    def replace(self, snippet: Json) -> None:
        self.history.append(self.snippet)
        self.snippet = snippet

    @property
    def description(self) -> str:
        return str(self.snippet.get("description", ""))


@dataclass
class Chat:
    id: str
    messages: list[Json] = field(default_factory=list)


@dataclass
class Stream:
    id: str
    channel_id: str
    title: str
    description: str
    cdn: Json
    key: str
    active: bool = False
    inactive_until: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        return self.active and (self.inactive_until is None or now >= self.inactive_until)


@dataclass
class Broadcast:
    """Shares its id and its snippet's title and description with a Video."""

    id: str
    channel_id: str
    scheduled_start: datetime
    scheduled_end: datetime | None
    content: Json
    kind: str = "event"
    stream_id: str | None = None
    status: str = "created"
    moves_at: datetime | None = None
    moves_to: str = ""
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    chat: Chat | None = None

    def settle(self, now: datetime) -> None:
        """Take the step that is under way when its time has come."""
        if self.moves_at is not None and now >= self.moves_at:
            self.status = self.moves_to
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


@dataclass
class State:
    """All of it. `offset` moves this YouTube's clock."""

    daily_quota: int = 10_000
    offset: timedelta = timedelta()
    fixed: datetime | None = None
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
    appears_after: timedelta = timedelta(seconds=2)
    starting_takes: timedelta = timedelta(seconds=5)
    token_lifetime: timedelta = timedelta(seconds=3599)
    ledger: list[tuple[datetime, str, int]] = field(default_factory=list)

    def now(self) -> datetime:
        return (self.fixed or datetime.now(UTC)) + self.offset

    # -------------------------------------------------------- quota

    def quota_used(self) -> int:
        """Units since midnight in Los Angeles."""
        today = self.now().astimezone(ZoneInfo("America/Los_Angeles")).date()
        return sum(
            units for at, _, units in self.ledger if at.astimezone(ZoneInfo("America/Los_Angeles")).date() == today
        )

    def charge(self, method: str, units: int) -> None:
        self.ledger.append((self.now(), method, units))

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
        now = self.now()
        for broadcast in self.broadcasts.values():
            broadcast.settle(now)
