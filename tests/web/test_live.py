"""The live socket: everything at first, then what changed, and a heartbeat; never at the show's expense."""

from __future__ import annotations

import asyncio
import json
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import pytest

from broadcaster import language
from broadcaster.show.messages import Act
from broadcaster.web import live
from broadcaster.web.live import PUBLIC_SOCKETS, SOCKETS, LiveFeed
from tests.web.room import SUSPENDED

if TYPE_CHECKING:
    from tests.web.room import FakeRoom

QUIET = 3600.0


class Socket:
    """One page's end. `stuck` is a page whose network has stopped taking anything."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.stuck = stuck
        self.closed: int | None = None
        self._gone = asyncio.Event()

    async def accept(self) -> None:
        pass

    async def send_text(self, data: str) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.messages.put_nowait(json.loads(data))

    async def receive(self) -> object:
        await self._gone.wait()
        return {"type": "websocket.disconnect"}

    async def close(self, code: int = 1000) -> None:
        self.closed = code

    def leave(self) -> None:
        self._gone.set()

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.messages.get(), 2)


async def visit(feed: LiveFeed, *, is_public: bool = False, speaks: str = "en") -> tuple[Socket, asyncio.Task[None]]:
    socket = Socket()
    context = copy_context()
    context.run(language.use, speaks)
    return socket, asyncio.create_task(feed.attend(socket, is_public=is_public), context=context)


async def leave(*visits: tuple[Socket, asyncio.Task[None]]) -> None:
    for socket, _task in visits:
        socket.leave()
    await asyncio.gather(*(task for _socket, task in visits))


async def test_a_new_page_is_told_everything(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET)
    page = await visit(feed)

    message = await page[0].next()

    assert message["status"] == {**room.status(), "zone": "WIB"}
    assert message["rundown"] == room.rundown()
    assert message["notices"] == room.notices()
    assert message["description"]["line"].startswith("SEDANG TAYANG: Bandeng Presto Juwita")
    await leave(page)


async def test_a_change_reaches_every_page_and_brings_only_what_changed(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001)
    pages = [await visit(feed) for _ in range(3)]
    for socket, _task in pages:
        await socket.next()
    await asyncio.sleep(0.05)

    room.playback = "held"
    room.change()

    for socket, _task in pages:
        message = await socket.next()
        assert message["status"]["playback"] == "held"
        assert "notices" not in message
    await leave(*pages)


async def test_a_rundown_that_costs_much_to_compose_is_told_at_once_when_another_item_goes_on_air(
    room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a page's rundown would name another item than its status, for as long as composing has to rest."""
    monkeypatch.setattr(live, "SLOW_PART_SHARE", 1e9)
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001)
    page = await visit(feed)
    await page[0].next()

    room.title = "Only the title"
    room.change()
    assert "rundown" not in await page[0].next()
    await room.press(Act.TAKE)
    message = await page[0].next()

    on_air = [item["id"] for item in message["rundown"]["days"][0]["items"] if item["state"] == "on_air"]
    assert on_air == [message["status"]["current"]["id"]]
    await leave(page)


async def test_the_heartbeat_brings_the_time(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=0.02, spacing=0.01)
    page = await visit(feed)
    await page[0].next()

    beats = [await page[0].next() for _ in range(3)]

    assert [beat["status"]["now"] for beat in beats] == [room.status()["now"]] * 3
    await leave(page)


@pytest.mark.parametrize("turns", range(8))
async def test_a_page_that_leaves_in_the_instant_of_a_change_is_gone(room: FakeRoom, turns: int) -> None:
    """Whichever turn of the loop it is: nothing goes on working for nobody."""
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001)
    page = await visit(feed)
    await page[0].next()
    await asyncio.sleep(0.02)

    room.change()
    for _turn in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(2):
        await leave(page)
    await asyncio.sleep(0.02)

    assert (0, 0) == (feed.connected, room.listeners)


async def test_a_storm_of_changes_is_calmed(room: FakeRoom) -> None:
    """A thousand changes at once make two messages at most: one for the first, one for the rest."""
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.05)
    page = await visit(feed)
    await page[0].next()

    for number in range(1000):
        room.title = f"Expo {number}"
        room.change()
        if number % 100 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0.12)

    received = []
    while not page[0].messages.empty():
        received.append(page[0].messages.get_nowait()["status"]["title"])
    assert 1 <= len(received) <= 2
    assert received[-1] == "Expo 999"
    await leave(page)


async def test_state_is_composed_once_for_any_number_of_pages(room: FakeRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    composed = 0
    rundown = room.rundown

    def counted():
        nonlocal composed
        composed += 1
        return rundown()

    monkeypatch.setattr(room, "rundown", counted)
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001)

    pages = [await visit(feed) for _ in range(100)]
    for socket, _task in pages:
        assert "rundown" in await socket.next()

    assert composed == 1
    await leave(*pages)


async def test_a_stuck_page_is_dropped_and_delays_nobody(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001, patience=0.05)
    stuck = Socket(stuck=True)
    waiting = asyncio.create_task(feed.attend(stuck))
    page = await visit(feed)
    await page[0].next()
    await asyncio.sleep(0.01)

    room.playback = "held"
    room.change()
    assert (await page[0].next())["status"]["playback"] == "held"

    await asyncio.wait_for(waiting, 2)
    assert (1013, 1, 1) == (stuck.closed, feed.dropped, feed.connected)
    await leave(page)


async def test_a_slow_page_gets_the_newest_state_and_not_the_backlog(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET, spacing=0.001)
    gate = asyncio.Event()

    class Slow(Socket):
        async def send_text(self, data: str) -> None:
            await gate.wait()
            await super().send_text(data)

    slow = Slow()
    visiting = asyncio.create_task(feed.attend(slow))
    for number in range(20):
        room.title = f"Expo {number}"
        room.change()
        await asyncio.sleep(0.005)

    gate.set()

    await slow.next()
    assert (await slow.next())["status"]["title"] == "Expo 19"
    assert slow.messages.empty()
    await leave((slow, visiting))


async def test_nothing_is_composed_while_nobody_looks(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET)
    page = await visit(feed)
    await page[0].next()
    assert room.listeners == 1

    await leave(page)
    await asyncio.sleep(0)

    assert (0, 0) == (room.listeners, feed.connected)


async def test_a_dead_conductor_makes_silence_so_that_pages_turn_stale(room: FakeRoom) -> None:
    """A page must never look alive in front of a dead show. It hears again as soon as the show does."""
    feed = LiveFeed(room, heartbeat=0.02, spacing=0.01)
    page = await visit(feed)
    await page[0].next()

    room.broken = True
    await asyncio.sleep(0.05)
    while not page[0].messages.empty():
        page[0].messages.get_nowait()
    late = await visit(feed)
    await asyncio.sleep(0.05)
    assert page[0].messages.empty()
    assert late[0].messages.empty()

    room.broken = False
    assert "rundown" in await page[0].next()
    assert "rundown" in await late[0].next()
    await leave(page, late)


async def test_a_public_page_is_told_no_more_than_now_json(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET)
    page = await visit(feed, is_public=True)

    message = await page[0].next()

    assert set(message) == {"now", "show", "timezone", "playback", "on_air", "next", "overlay"}
    await leave(page)


async def test_each_page_is_told_in_its_own_language(room: FakeRoom) -> None:
    """And goes on to be: the heartbeat belongs to no page's request."""
    feed = LiveFeed(room, heartbeat=0.02, spacing=0.01)
    pages = {code: await visit(feed, speaks=code) for code in ("id", "en")}
    words = {}
    for code in pages:
        language.use(code)
        words[code] = language.gettext(SUSPENDED)
    for code, (socket, _task) in pages.items():
        assert (await socket.next())["notices"][-1]["text"] == words[code]

    shown = room.notices
    room.notices = lambda limit=50: [*shown(limit), *shown(limit)[-1:]]  # type: ignore[method-assign]

    for code, (socket, _task) in pages.items():
        while "notices" not in (message := await socket.next()):
            pass
        assert [each["text"] for each in message["notices"][-2:]] == [words[code]] * 2
    assert words["id"] != words["en"]
    await leave(*pages.values())


async def test_a_page_that_speaks_another_language_is_told_at_once(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET)
    first = await visit(feed, speaks="id")
    await first[0].next()

    second = await visit(feed, speaks="en")

    assert "rundown" in await second[0].next()
    await leave(first, second)


async def test_a_crowd_at_the_overlays_does_not_lock_the_operators_out(room: FakeRoom) -> None:
    feed = LiveFeed(room, heartbeat=QUIET)
    crowd = [await visit(feed, is_public=True) for _ in range(PUBLIC_SOCKETS + 1)]
    for socket, _task in crowd[:-1]:
        await socket.next()

    operators = [await visit(feed) for _ in range(SOCKETS + 1)]

    for socket, _task in operators[:-1]:
        assert "status" in await socket.next()
    assert [crowd[-1][0].closed, operators[-1][0].closed] == [1013, 1013]
    await leave(*crowd, *operators)
