"""The test's side of the emulator: set up, look, do by hand what people do on YouTube's own pages, break."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from tests.emulators.youtube.faults import Fault, Kind
from tests.emulators.youtube.server import Request, Server
from tests.emulators.youtube.state import Broadcast, Chat, Json, Login, State, Stream, Video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class YouTubeEmulator:
    """A YouTube of one's own, on a free loopback port unless told otherwise. Use it as a context manager.

    Args:
        now: Fixes this YouTube's clock; `advance` moves it. Without it time runs as usual.

    """

    def __init__(self, port: int = 0, *, daily_quota: int = 10_000, now: datetime | None = None) -> None:
        self.state = State(daily_quota=daily_quota, fixed=now)
        self._server = Server(port, self.state)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="youtube emulator", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    # -------------------------------------------------------- addresses and logins

    @property
    def root(self) -> str:
        """For [youtube] api_root."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    @property
    def token_uri(self) -> str:
        return f"{self.root}token"

    def login(self, channel_id: str = "UCexpo", scopes: set[str] | None = None) -> Login:
        with self._server.lock:
            return self.state.login(channel_id, scopes)

    def access_token(self, login: Login | None = None) -> str:
        """A bearer token, for tests that speak HTTP themselves."""
        with self._server.lock:
            return self.state.issue(login or self.state.login())

    def authorized_user(self, login: Login | None = None) -> Json:
        login = login or self.login()
        return {
            "type": "authorized_user",
            "client_id": self.state.client_id,
            "client_secret": self.state.client_secret,
            "refresh_token": login.refresh_token,
            "token_uri": self.token_uri,
            "scopes": sorted(login.scopes),
        }

    def write_token_file(self, path: Path, login: Login | None = None) -> Path:
        """An authorized_user file of mode 0600."""
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(json.dumps(self.authorized_user(login)), "utf-8")
        return path

    def client_secrets(self) -> Json:
        """Google's client_secrets.json for an installed app, leading here."""
        installed = {
            "client_id": self.state.client_id,
            "client_secret": self.state.client_secret,
            "auth_uri": f"{self.root}o/oauth2/auth",
            "token_uri": self.token_uri,
            "redirect_uris": ["http://localhost"],
        }
        return {"installed": installed}

    def expire_access(self) -> None:
        """Access tokens end; refreshing still works."""
        with self._server.lock:
            for login in self.state.logins:
                login.access.clear()

    def revoke(self) -> None:
        """The account's owner withdraws consent: access ends, and refreshing is invalid_grant."""
        with self._server.lock:
            for login in self.state.logins:
                login.revoked = True

    # -------------------------------------------------------- things

    def add_video(self, video_id: str = "expo-video-1", channel_id: str = "UCexpo", **snippet: object) -> Video:
        with self._server.lock:
            whole: Json = {"title": "Pekalongan Hybrid Expo UMKM", "description": "", "categoryId": "22"} | snippet
            video = self.state.videos[video_id] = Video(video_id, channel_id, whole)
            return video

    def add_broadcast(self, start: datetime, video_id: str = "expo-video-1", *, kind: str = "event") -> Broadcast:
        """A broadcast as made on YouTube's own pages, over a video that is already there."""
        with self._server.lock:
            chat = self.state.chats[f"chat-{video_id}"] = Chat(f"chat-{video_id}")
            content = {"monitorStream": {"enableMonitorStream": True}}
            owner = self.state.videos[video_id].channel_id
            broadcast = Broadcast(video_id, owner, start, None, content, kind, chat=chat)
            self.state.broadcasts[video_id] = broadcast
            return broadcast

    def stream(self, stream_id: str) -> Stream:
        return self.state.streams[stream_id]

    def send_video(self, stream_id: str, sending: bool = True, after: float = 0) -> None:
        """An encoder starts or stops sending; YouTube notices `after` seconds."""
        with self._server.lock:
            stream = self.state.streams[stream_id]
            stream.active = sending
            stream.inactive_until = self.state.now() + timedelta(seconds=after) if after else None

    def edit(self, video_id: str = "expo-video-1", **snippet: object) -> None:
        """What a person does on YouTube's own pages; None takes a field away."""
        with self._server.lock:
            video = self.state.videos[video_id]
            whole = video.snippet | snippet
            video.replace({key: value for key, value in whole.items() if value is not None})

    def video(self, video_id: str = "expo-video-1") -> Video:
        return self.state.videos[video_id]

    def description(self, video_id: str = "expo-video-1") -> str:
        with self._server.lock:
            return self.state.videos[video_id].description

    def descriptions(self, video_id: str = "expo-video-1") -> list[str]:
        """All that it has been, oldest first, the present one last."""
        with self._server.lock:
            video = self.state.videos[video_id]
            return [str(one.get("description", "")) for one in (*video.history, video.snippet)]

    # -------------------------------------------------------- time, quota, faults, log

    def advance(self, seconds: float) -> None:
        with self._server.lock:
            self.state.offset += timedelta(seconds=seconds)

    @property
    def quota_used(self) -> int:
        with self._server.lock:
            return self.state.quota_used()

    def fault(
        self,
        method: str,
        kind: Kind | None = None,
        *,
        times: int | None = 1,
        seconds: float = 0.0,
        retry_after: str = "",
        before: Callable[[], object] | None = None,
    ) -> None:
        """Break the next calls of a method ("videos.update", "token" …); `before` alone only lets a hand in between."""
        with self._server.lock:
            fault = Fault(kind, times, seconds, retry_after, before)
            self._server.faults.setdefault(method, []).append(fault)

    def clear_faults(self) -> None:
        with self._server.lock:
            self._server.faults.clear()

    @property
    def requests(self) -> list[Request]:
        with self._server.lock:
            return list(self._server.requests)

    def count(self, method: str) -> int:
        return sum(one.method == method for one in self.requests)

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 10) -> bool:
        """Whether it becomes true while requests come in."""
        with self._server.arrived:
            return self._server.arrived.wait_for(predicate, timeout)

    @contextmanager
    def watching(self) -> Iterator[list[Request]]:
        """The requests of a while: filled when it ends."""
        seen: list[Request] = []
        begin = len(self.requests)
        yield seen
        seen += self.requests[begin:]
