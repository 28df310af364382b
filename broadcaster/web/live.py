"""The live socket: what is true now, composed once a language and sent to every page.

A message is one JSON object. `status` is in each; `rundown`, `notices`, `description` and `exhibitors` are in it when
they differ from what this page was last sent, and the page wants them. The first message has all. After that one
comes with every change, at most ten a second, and one every second as a heartbeat: three silent seconds mean that the
page is blind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from contextvars import copy_context
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from broadcaster import language
from broadcaster.web.public import instant, now_playing, zone, zone_abbreviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.ports import ControlRoom, Json

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
SPACING_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
"""How long one message may take to reach a page before the page is dropped. It reconnects by itself."""

SLOW_PART_SHARE = 50
"""Composing what is large (a long rundown) rests 50 times as long as it took: never over 2 % of the loop a language."""

USUAL = frozenset({"rundown", "notices", "description"})
"""What a page is told beside the status unless it names its parts."""
PARTS = USUAL | {"exhibitors"}

SOCKETS = 300
PUBLIC_SOCKETS = 300
"""Counted apart: the overlays are open to everybody, and must not lock the operators out."""
TRY_AGAIN_LATER = 1013


class Socket(Protocol):
    """What the feed needs of a WebSocket."""

    async def accept(self) -> None: ...

    async def send_text(self, data: str) -> None: ...

    async def receive(self) -> object:
        """The next message. A `websocket.disconnect` ends the visit."""
        ...

    async def close(self, code: int = 1000) -> None: ...


class _Telling:
    """What is true now, in one language: parts that are composed once, each with the number of its edition."""

    def __init__(self, room: ControlRoom, language: str) -> None:
        self._room = room
        self._language = language
        self._edition = 0
        self._parts: dict[str, tuple[int, str]] = {}
        self._frames: dict[tuple[str, ...], str] = {}
        self._slow_due = 0.0
        self._stands: object = None
        self.wanted: frozenset[str] = frozenset()
        """What pages want of this, beside the status."""

    def compose(self) -> None:
        """Bring the parts up to date. Raises whatever the room raises: then there are none."""
        self._frames.clear()
        try:
            # In a context of its own: the language of whoever has called stays.
            copy_context().run(self._compose)
        except Exception:
            self._parts.clear()
            self._slow_due = 0.0
            raise

    def frame(self, page: _Page) -> str:
        names = tuple(
            name
            for name, (edition, _text) in self._parts.items()
            if name == "status" or (name in page.parts and page.has.get(name) != edition)
        )
        page.has = {name: edition for name, (edition, _text) in self._parts.items()}
        if names not in self._frames:
            self._frames[names] = "{" + ",".join(f'"{name}":{self._parts[name][1]}' for name in names) + "}"
        return self._frames[names]

    def _compose(self) -> None:
        language.use(self._language)
        status = self._room.status()
        self._put("status", {**status, "zone": _zone(status)})
        begun = time.perf_counter()
        lacking = self.wanted - self._parts.keys()
        # An edit, and what goes on air, is seen at once, whatever it costs: that is a few times a minute, and a page
        # whose rundown names another item than its status contradicts itself.
        stands = tuple(_id_or_value(status.get(key)) for key in ("revision", "playback", "current", "next"))
        if begun < self._slow_due and self._stands == stands and not lacking:
            return
        self._stands = stands
        for name in sorted(self.wanted):
            self._put(name, self._part(name))
        ended = time.perf_counter()
        self._slow_due = ended + SLOW_PART_SHARE * (ended - begun)

    def _part(self, name: str) -> object:
        match name:
            case "rundown":
                return self._room.rundown()
            case "notices":
                return self._room.notices(50)
            case "exhibitors":
                return self._room.exhibitors()
            case _:
                return newest_description(self._room)

    def _put(self, name: str, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False)
        if name not in self._parts or self._parts[name][1] != text:
            self._edition += 1
            self._parts[name] = self._edition, text


class _Page:
    """One open socket: which edition of each part it has, and whether there is news for it.

    `language` is None for the public, who are told no sentences.
    """

    def __init__(self, language: str | None, parts: frozenset[str]) -> None:
        self.language = language
        self.parts = parts
        self.has: dict[str, int] = {}
        self.news = asyncio.Event()
        self.news.set()


class LiveFeed:
    """Fans the control room's state out. It works only while somebody is connected."""

    def __init__(
        self,
        room: ControlRoom,
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        spacing: float = SPACING_SECONDS,
        patience: float = PATIENCE_SECONDS,
        look: Callable[[], str] = str,
    ) -> None:
        """`look` names the overlays' theme as it is now: pages load it again when the name changes."""
        self._room = room
        self._look = look
        self._heartbeat = heartbeat
        self._spacing = spacing
        self._patience = patience
        self._pages: set[_Page] = set()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._tellings: dict[str, _Telling] = {}
        self._public = ""
        self._failing = False
        self.dropped = 0

    @property
    def connected(self) -> int:
        return len(self._pages)

    def now_playing(self) -> Json:
        """The document of now.json."""
        return now_playing(self._room.status(), {**self._room.overlay(), "look": self._look()})

    async def attend(self, socket: Socket, *, is_public: bool = False, parts: frozenset[str] = USUAL) -> None:
        """Serve one socket until it leaves or is dropped for being slow, in the language that is current here.

        `is_public`: now.json, no more.
        """
        await socket.accept()
        alike = sum(1 for page in self._pages if (page.language is None) == is_public)
        if alike >= (PUBLIC_SOCKETS if is_public else SOCKETS):
            await socket.close(TRY_AGAIN_LATER)
            return
        page = _Page(None if is_public else language.current(), frozenset() if is_public else parts & PARTS)
        self._enter(page)
        tasks = {
            asyncio.create_task(self._send(page, socket)),
            asyncio.create_task(_until_gone(socket)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leave(page)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for task in tasks:
                if not task.cancelled() and (error := task.exception()):
                    log.debug("live feed: a page left in the middle of a message: %r", error)

    def _enter(self, page: _Page) -> None:
        is_first = not self._pages
        is_new = page.language is not None and page.language not in self._tellings
        if page.language is not None and is_new:
            self._tellings[page.language] = _Telling(self._room, page.language)
        self._pages.add(page)
        lacks = self._count_wishes()
        if is_first or is_new or lacks:
            self._compose()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="live feed")

    def _leave(self, page: _Page) -> None:
        self._pages.discard(page)
        spoken = {page.language for page in self._pages}
        self._tellings = {name: telling for name, telling in self._tellings.items() if name in spoken}
        self._count_wishes()
        if not self._pages and self._task is not None:
            self._task.cancel()
            self._task = None

    def _count_wishes(self) -> bool:
        """Have every telling know what its pages want. True when one wants what was not told before."""
        lacks = False
        for name, telling in self._tellings.items():
            wanted = frozenset().union(*(page.parts for page in self._pages if page.language == name))
            lacks = lacks or not wanted <= telling.wanted
            telling.wanted = wanted
        return lacks

    async def _run(self) -> None:
        unsubscribe = self._room.subscribe(self._changed.set)
        try:
            while True:
                await asyncio.sleep(self._spacing)
                with contextlib.suppress(TimeoutError):
                    # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the change.
                    async with asyncio.timeout(self._heartbeat - self._spacing):
                        await self._changed.wait()
                self._changed.clear()
                if self._compose():
                    for page in self._pages:
                        page.news.set()
        finally:
            unsubscribe()

    def _compose(self) -> bool:
        """Bring all that is told up to date. False when the room did not answer: pages then hear nothing."""
        try:
            for telling in self._tellings.values():
                telling.compose()
            self._public = json.dumps(self.now_playing(), ensure_ascii=False)
        except Exception:
            if not self._failing:
                log.exception("live feed: the control room does not answer")
            self._failing = True
            return False
        self._failing = False
        return True

    def _frame(self, page: _Page) -> str:
        """The next message for a page; empty while there is nothing to tell."""
        if self._failing:
            return ""
        if page.language is None:
            return self._public
        return self._tellings[page.language].frame(page)

    async def _send(self, page: _Page, socket: Socket) -> None:
        while True:
            await page.news.wait()
            page.news.clear()
            message = self._frame(page)
            if not message:
                continue
            try:
                # One message on its way at a time. What changes meanwhile is in the next one: latest wins.
                async with asyncio.timeout(self._patience):
                    await socket.send_text(message)
            except TimeoutError:
                self.dropped += 1
                log.info("live feed: a page was too slow and is dropped (%d so far)", self.dropped)
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(0.1):
                        await socket.close(TRY_AGAIN_LATER)
                return


async def _until_gone(socket: Socket) -> None:
    while True:
        message = await socket.receive()
        if isinstance(message, dict) and message.get("type") == "websocket.disconnect":
            return


def newest_description(room: ControlRoom) -> Json | None:
    """{"at", "line", "state"} of the newest text of the description; `line` is its first line."""
    newest = room.revisions(1)
    if not newest:
        return None
    text = str(newest[-1].get("text") or "")
    return {
        "at": newest[-1].get("at"),
        "line": text.strip().partition("\n")[0],
        "state": newest[-1].get("state"),
    }


def _id_or_value(value: object) -> object:
    return value.get("id") if isinstance(value, dict) else value


def _zone(status: Json) -> str:
    return zone_abbreviation(zone(status.get("timezone")), instant(status.get("now")) or datetime.now(UTC))
