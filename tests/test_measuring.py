"""Videos are measured beside a running show: soonest first, one at a time, and never in its way."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from broadcaster import config
from broadcaster.app import Service
from broadcaster.devices.media import Failed, MediaProbe, NoProgram, Stopped
from broadcaster.measuring import ALL_MEASURED, NO_FFMPEG, NOT_MEASURED, Measuring, soonest
from broadcaster.show.messages import Level, Tell
from broadcaster.show.rundown import Day, Item, ItemId, ItemType, Media, Rundown
from broadcaster.show.state import initial
from tests.devices.media.making import pattern, tone, video
from tests.shows_on_disk import WIB, write_show

if TYPE_CHECKING:
    from collections.abc import Callable

NINE = datetime(2026, 11, 25, 2, tzinfo=UTC)


def item(name: str, path: str | None = None) -> Item:
    media = Media(path or f"/videos/{name}.mp4", timedelta(seconds=20))
    return Item(ItemId(name), "01", ItemType.VIDEO, name, media=media, duration=timedelta(seconds=20))


def show(*days: str, filler: tuple[str, ...] = ()) -> Rundown:
    """Each day is given by the names of its videos."""
    return Rundown(
        "Expo",
        "Asia/Jakarta",
        tuple(
            Day(
                date(2026, 11, 25 + number),
                "",
                tuple(
                    replace(item(name), start=NINE + timedelta(days=number) if not index else None)
                    for index, name in enumerate(names.split())
                ),
            )
            for number, names in enumerate(days)
        ),
        filler=tuple(Media(f"/videos/{name}.mp4") for name in filler),
    )


def stems(paths: list[str]) -> str:
    return " ".join(path.removeprefix("/videos/").removesuffix(".mp4") for path in paths)


def test_what_goes_on_air_first_is_measured_first():
    state = initial(show("a b c", "d e", filler=("loop",)))
    assert "a b loop c d e" == stems(soonest(state))


def test_what_has_its_turn_behind_it_comes_last():
    state = replace(initial(show("a b c", "d")), after=ItemId("b"))
    assert "c d a b" == stems(soonest(state))


def test_a_video_that_is_shown_twice_is_measured_once():
    assert "a b" == stems(soonest(initial(show("a b", filler=("a",)))))


class FakeProbe(MediaProbe):
    """Measures at once, or in trouble; `waits` are videos that take until told to stop."""

    def __init__(self, troubles: dict[str, Exception] | None = None, waits: str = "") -> None:
        super().__init__()
        self.troubles, self.waits = troubles or {}, waits
        self.analysed: list[str] = []
        self.begun = threading.Event()

    def is_analysed(self, path: str) -> bool:
        return path in self.analysed

    def findings(self, path: str):
        return "something" if path in self.analysed else None

    def analyse(self, path: str, stop: threading.Event) -> None:
        if stems([path]) in self.waits.split():
            self.begun.set()
            stop.wait(10)
            raise Stopped
        trouble = self.troubles.get(stems([path]))
        if not isinstance(trouble, NoProgram):
            self.analysed.append(path)
        if trouble is not None:
            raise trouble


class Desk:
    """A running measuring, and what it says and does."""

    def __init__(self, rundown: Rundown, probe: FakeProbe) -> None:
        self.state, self.probe = initial(rundown), probe
        self.told: list[Tell] = []
        self.reread = 0
        self.measuring = Measuring(probe, lambda: self.state, self.told.append, self._reread)

    async def _reread(self) -> None:
        self.reread += 1
        self.measuring.follow()  # as a rundown with news in it does

    @asynccontextmanager
    async def running(self):
        task = asyncio.create_task(self.measuring.run())
        try:
            yield
        finally:
            self.measuring.stop()
            task.cancel()
            await asyncio.wait({task})

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  (it waits for what threads do)
                await asyncio.sleep(0.01)

    async def until_told(self, count: int) -> None:
        await self.until(lambda: len(self.told) >= count)

    async def until_analysed(self, name: str) -> None:
        await self.until(lambda: name in stems(self.probe.analysed).split())


async def test_all_are_measured_in_order_and_the_operator_is_told_once():
    desk = Desk(show("a b c d"), FakeProbe())
    async with desk.running():
        await desk.until_told(1)
        assert "a b c d" == stems(desk.probe.analysed)
        assert [Tell(Level.INFO, ALL_MEASURED, {"count": "4"})] == desk.told
        assert (4, 4) == (desk.measuring.done, desk.measuring.total)


async def test_the_next_two_are_taken_into_the_show_at_once_and_the_others_together():
    """Each time, all of the show's files are read."""
    desk = Desk(show("a b c d e f"), FakeProbe())
    async with desk.running():
        await desk.until_told(1)
        assert 3 == desk.reread


async def test_a_show_whose_videos_are_all_measured_says_nothing():
    probe = FakeProbe()
    probe.analysed = ["/videos/a.mp4"]
    desk = Desk(show("a"), probe)
    async with desk.running():
        await desk.until(lambda: desk.measuring.total > 0)
    assert ([], 0) == (desk.told, desk.reread)


async def test_videos_that_come_with_an_edit_are_measured():
    desk = Desk(show("a"), FakeProbe())
    async with desk.running():
        await desk.until_told(1)
        desk.state = initial(show("a new"))
        desk.measuring.follow()
        await desk.until_told(2)
        assert "a new" == stems(desk.probe.analysed)


async def test_a_video_that_cannot_be_measured_is_named_and_the_others_go_on():
    desk = Desk(show("a bad c"), FakeProbe({"bad": Failed("ffmpeg took too long")}))
    async with desk.running():
        await desk.until_told(1)
        await desk.until_analysed("c")
    assert [Tell(Level.WARNING, NOT_MEASURED, {"video": "bad.mp4", "why": "ffmpeg took too long"})] == desk.told


async def test_a_fault_in_the_program_costs_one_video():
    class Odd(FakeProbe):
        def analyse(self, path: str, stop: threading.Event) -> None:
            if "odd" in path:
                raise ZeroDivisionError
            super().analyse(path, stop)

    desk = Desk(show("odd b"), Odd())
    async with desk.running():
        await desk.until_told(1)
        await desk.until_analysed("b")
    assert [NOT_MEASURED] == [tell.message for tell in desk.told]


async def test_a_machine_without_ffmpeg_is_told_once_and_tried_again_with_the_next_edit():
    desk = Desk(show("a b c"), FakeProbe({"a": NoProgram("ffmpeg is missing")}))
    async with desk.running():
        await desk.until_told(1)
        desk.probe.troubles = {}
        desk.measuring.follow()
        await desk.until_told(2)
    assert [NO_FFMPEG, ALL_MEASURED] == [tell.message for tell in desk.told]


async def test_it_stops_at_once_in_the_middle_of_a_video():
    desk = Desk(show("a long c"), FakeProbe(waits="long"))
    loop = asyncio.get_running_loop()
    async with desk.running():
        await asyncio.to_thread(desk.probe.begun.wait, 10)
        asked = loop.time()
    assert loop.time() - asked < 1
    assert "a" == stems(desk.probe.analysed)


@pytest.fixture
def settings(tmp_path):
    start = datetime.now(UTC) + timedelta(hours=1)
    folder = write_show(tmp_path / "schedules", start)
    (folder / "hari-1.toml").write_text(
        f'date = {start.astimezone(WIB).date()}\n[[item]]\nid = "film"\ntype = "video"\ntitle = "Film"\n'
        f'media = "film.mp4"\nstart = {start.astimezone(WIB).time().isoformat("seconds")}\n'
    )
    (folder / "media").mkdir()
    video(folder / "media" / "film.mp4", pattern(2, "90x160"), tone(2, -20))
    return config.load(tmp_path / "config.toml", show=folder, language="en", web={"port": 0})


@pytest.mark.slow
async def test_a_rehearsal_measures_its_videos_and_takes_what_it_finds_into_the_running_show(settings):
    service = Service(settings, rehearsal=True)
    await service.start()
    try:
        async with asyncio.timeout(20):
            while not any("measured" in notice["text"] for notice in service.room.notices()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        (film,) = service.conductor.state.rundown.days[0].items
        assert film.media is not None
        assert film.media.loudness == pytest.approx(-20, abs=0.3)
        assert film.media.backdrop.startswith(str(settings.state_dir))
        texts = [notice["text"] for notice in service.room.notices()]
        assert "All 1 videos are measured." in texts
        assert not any("files were changed" in text for text in texts), "nobody has changed them"
    finally:
        await service.stop()
