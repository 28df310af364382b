"""The test's side of the emulator: set up, look, do by hand what people do on YouTube's own pages, break."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from tests.emulators.youtube.broadcasts import CONTENT
from tests.emulators.youtube.faults import Fault, Kind
from tests.emulators.youtube.server import Request, Server
from tests.emulators.youtube.state import Broadcast, Chat, Json, Login, State, Stream, Version, Video
from tests.emulators.youtube.streams import new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class YouTubeEmulator:
    """A YouTube of one's own, on a free loopback port unless told otherwise. Use it as a context manager.

    Args:
        now: Fixes this YouTube's clock; `advance` moves it. Without it time runs as usual.
        clock: This YouTube's clock, where a simulation has one of its own.
        latency: Seconds that a call of a method takes; half of it passes before the call is carried out.
        sleep: How those seconds, and a fault's, pass. A simulation moves its clock; by default they really pass.

    """

    def __init__(
        self,
        port: int = 0,
        *,
        daily_quota: int = 10_000,
        now: datetime | None = None,
        clock: Callable[[], datetime] | None = None,
        latency: Callable[[str], float] | None = None,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.state = State(daily_quota=daily_quota)
        if now is not None:
            self.state.clock = lambda: now
        elif clock is not None:
            self.state.clock = clock
        self._server = Server(port, self.state, latency, sleep)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, name="youtube emulator", daemon=True
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
            first = Version(self.state.now(), whole, "hand")
            video = self.state.videos[video_id] = Video(video_id, channel_id, [first])
            return video

    def add_broadcast(
        self, start: datetime, video_id: str = "expo-video-1", *, kind: str = "event", **content: object
    ) -> Broadcast:
        """A broadcast as made on YouTube's own pages, over a video that is already there.

        `content` are contentDetails (enableAutoStart=True); the monitor stream is on unless monitorStream is given.
        """
        with self._server.lock:
            chat = self.state.chats[f"chat-{video_id}"] = Chat(f"chat-{video_id}")
            monitor = {"monitorStream": {"enableMonitorStream": True, "broadcastStreamDelayMs": 0}}
            owner = self.state.videos[video_id].channel_id
            broadcast = Broadcast(video_id, owner, start, None, CONTENT | monitor | content, kind, chat=chat)
            self.state.broadcasts[video_id] = broadcast
            return broadcast

    def add_stream(self, stream_id: str = "stream-1", title: str = "OBS", *, reusable: bool = True) -> Stream:
        with self._server.lock:
            cdn = {"ingestionType": "rtmp", "resolution": "variable", "frameRate": "variable"}
            stream = Stream(stream_id, "UCexpo", title, "", cdn, new_key(), reusable)
            self.state.streams[stream_id] = stream
            return stream

    def bind(self, broadcast_id: str, stream_id: str | None) -> None:
        """Done on YouTube's own pages."""
        with self._server.lock:
            broadcast = self.state.broadcasts[broadcast_id]
            broadcast.stream_id, broadcast.bound_at = stream_id, self.state.now()
            if broadcast.status in {"created", "ready"}:
                broadcast.become("ready" if stream_id else "created")

    def broadcast(self, broadcast_id: str = "expo-video-1") -> Broadcast:
        """As it is now, steps under way taken when their time has come."""
        with self._server.lock:
            self.state.settle()
            return self.state.broadcasts[broadcast_id]

    def set_status(self, broadcast_id: str, status: str) -> None:
        """What YouTube, or a person on its pages, makes of a broadcast: live, complete, revoked …"""
        with self._server.lock:
            broadcast, now = self.state.broadcasts[broadcast_id], self.state.now()
            broadcast.become(status)
            broadcast.moves_at, broadcast.moves_to = None, ""
            if status == "live":
                broadcast.actual_start = broadcast.actual_start or now
            if status in {"complete", "revoked"}:
                broadcast.actual_end = now

    def stream(self, stream_id: str) -> Stream:
        return self.state.streams[stream_id]

    def send_video(
        self,
        stream_id: str,
        sending: bool = True,
        after: float = 0,
        *,
        health: str = "good",
        issues: tuple[str, ...] = (),
    ) -> None:
        """An encoder starts or stops sending; YouTube notices a start `after` seconds.

        `issues` are types of configurationIssues, bitrateLow for instance.
        """
        with self._server.lock:
            self.state.settle()
            stream, now = self.state.streams[stream_id], self.state.now()
            if sending:
                stream.sending_since, stream.stopped = now + timedelta(seconds=after), None
            else:
                stream.sending_since, stream.stopped = None, now
            stream.health = health
            stream.issues = [{"type": one, "severity": "warning", "reason": one, "description": one} for one in issues]

    def messages(self, video_id: str = "expo-video-1") -> list[str]:
        """What stands in a broadcast's chat, oldest first."""
        with self._server.lock:
            chat = self.state.broadcasts[video_id].chat
            return [one["snippet"]["displayMessage"] for one in chat.messages] if chat else []

    def edit(self, video_id: str = "expo-video-1", **snippet: object) -> None:
        """What a person does on YouTube's own pages; None takes a field away."""
        with self._server.lock:
            video = self.state.videos[video_id]
            whole = video.snippet | snippet
            kept = {key: value for key, value in whole.items() if value is not None}
            video.replace(kept, self.state.now(), "hand")

    def video(self, video_id: str = "expo-video-1") -> Video:
        return self.state.videos[video_id]

    def description(self, video_id: str = "expo-video-1") -> str:
        with self._server.lock:
            return self.state.videos[video_id].description

    def descriptions(self, video_id: str = "expo-video-1") -> list[str]:
        """All that it has been, oldest first, the present one last."""
        with self._server.lock:
            return [str(one.snippet.get("description", "")) for one in self.state.videos[video_id].versions]

    def versions(self, video_id: str = "expo-video-1") -> list[Version]:
        """Every state of the snippet with its time, oldest first."""
        with self._server.lock:
            return list(self.state.videos[video_id].versions)

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
        reason: str = "",
    ) -> None:
        """Break the next calls of a method ("videos.update", "token" …); `before` alone only lets a hand in between."""
        with self._server.lock:
            fault = Fault(kind, times, seconds, retry_after, before, reason)
            self._server.faults.setdefault(method, []).append(fault)

    def refuse(self, method: str, reason: str, *, times: int | None = 1) -> None:
        """Answer the next calls with a refusal of the table, "errorStreamInactive" for instance."""
        self.fault(method, Kind.REFUSED, times=times, reason=reason)

    def break_any(self, chaos: Callable[[str], Fault | None] | None) -> None:
        """Ask `chaos` at every call, by its method, for a fault. It is called with the emulator locked."""
        with self._server.lock:
            self._server.chaos = chaos

    def clear_faults(self) -> None:
        with self._server.lock:
            self._server.faults.clear()
            self._server.chaos = None

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
