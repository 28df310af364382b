"""Links are tried beside a running show: soonest first, and none is called dead for a network that is down."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest

from broadcaster import config, language
from broadcaster.app import Service
from broadcaster.devices.links import REACHED, SILENT, Answer, Finding
from broadcaster.show.messages import Level, Tell
from broadcaster.show.rundown import Day, Exhibitor, ExhibitorId, Item, ItemId, ItemType, Rundown
from broadcaster.show.state import State, initial
from broadcaster.trying import AGAIN, AGAIN_AT_MOST, DEAD_SOON, EVERY, OFTEN, ROUND, Trying, nearest, soonest
from tests.shows_on_disk import write_show

NINE = datetime(2026, 11, 25, 2, tzinfo=UTC)
GONE = Finding(Answer.DEAD, "there is no host %(host)s", {"host": "batik.example"})


def link(name: str) -> str:
    return f"https://{name}.example/"


def show(items: str, others: str = "") -> State:
    """Each item is an exhibitor's own; `others` are exhibitors without one. `-` before an item skips it."""
    names = dict.fromkeys((items + " " + others).replace("-", "").split())
    exhibitors = {ExhibitorId(name): Exhibitor(ExhibitorId(name), name.title(), shop=link(name)) for name in names}
    plan = tuple(
        Item(
            ItemId(name.lstrip("-")),
            "01",
            ItemType.PROFILE,
            name,
            exhibitor=ExhibitorId(name.lstrip("-")),
            start=None if index else NINE,
            duration=timedelta(minutes=4),
            skip=name.startswith("-"),
        )
        for index, name in enumerate(items.split())
    )
    return initial(Rundown("Expo", "Asia/Jakarta", (Day(date(2026, 11, 25), "", plan),), MappingProxyType(exhibitors)))


def stems(links: list[str]) -> str:
    return " ".join(each.removeprefix("https://").removesuffix(".example/") for each in links)


class Desk:
    """A control room with a clock of its own; the internet is what `found` says, and `is_online`."""

    def __init__(self, state: State, **found: Finding) -> None:
        self.state, self.found, self.is_online = state, found, True
        self.time = 0.0
        self.told: list[Tell] = []
        self.looked: list[str] = []
        self.trying = Trying(self._look, lambda: self.state, self.told.append, now=lambda: self.time, settle=0)

    def _look(self, url: str) -> Finding:
        self.looked.append(url)
        return self.found.get(stems([url]), REACHED) if self.is_online else GONE

    async def after(self, seconds: float) -> None:
        """The rest of the round comes at once; `looked` has what was tried."""
        self.looked.clear()
        self.time += seconds
        while await self.trying.round() <= 0:
            pass

    @property
    def dead(self) -> str:
        return stems([url for url in soonest(self.state) if self.trying.why_dead(url)])


def test_what_viewers_get_first_is_tried_first_and_every_exhibitor_is():
    assert stems(soonest(show("a b -c d", "e"))) == "a b d c e"


def test_what_has_its_turn_behind_it_is_tried_last():
    assert stems(soonest(replace(show("a b c d"), after=ItemId("b")))) == "c d a b"


def test_near_are_those_on_air_and_the_next_three():
    state = replace(show("a b -c d e f"), after=ItemId("a"))
    assert [each.id for each in nearest(state)] == ["b", "d", "e"]


async def test_a_link_is_dead_once_it_has_failed_twice_minutes_apart_and_the_operator_is_told_once():
    desk = Desk(show("batik kopi"), batik=GONE)
    await desk.after(0)
    assert (desk.dead, desk.told) == ("", [])
    await desk.after(AGAIN - 1)
    assert (desk.looked, desk.dead) == ([], "")
    await desk.after(1)
    assert desk.dead == "batik"
    why = "there is no host batik.example"
    expected = [Tell(Level.WARNING, DEAD_SOON, {"name": "Batik", "why": why, "link": link("batik")})]
    assert desk.told == expected
    await desk.after(2 * AGAIN)
    assert (stems(desk.looked), desk.told) == ("batik kopi", expected)


async def test_a_network_that_is_down_makes_nothing_dead_however_long():
    desk = Desk(show("batik kopi teh"))
    desk.is_online = False
    for _hours in range(8):
        await desk.after(AGAIN_AT_MOST)
    assert desk.looked
    assert (desk.dead, desk.told) == ("", [])


async def test_a_network_that_breaks_down_later_makes_nothing_dead():
    desk = Desk(show("batik kopi teh"), batik=GONE)
    await desk.after(0)
    desk.is_online = False
    for _hours in range(8):
        await desk.after(AGAIN_AT_MOST)
    assert (desk.dead, desk.told) == ("", [])
    desk.is_online = True
    await desk.after(AGAIN_AT_MOST)
    assert desk.dead == "batik"


async def test_a_dead_link_stays_so_while_the_network_is_down():
    desk = Desk(show("batik kopi"), batik=GONE)
    await desk.after(0)
    await desk.after(AGAIN)
    desk.is_online = False
    await desk.after(AGAIN_AT_MOST)
    assert desk.dead == "batik"


async def test_what_was_reached_lately_bears_witness_for_the_network():
    """Otherwise a single link that is due could never be told from a network that is down."""
    desk = Desk(show("batik kopi", "a b c d e"), batik=GONE)
    await desk.after(0)
    await desk.after(AGAIN)
    assert "batik" in stems(desk.looked)
    assert 4 == len(desk.looked)


async def test_one_that_failed_as_a_witness_is_not_called_again_before_its_time():
    """Else it could fail twice within a minute."""
    desk = Desk(show("batik kopi teh"), batik=GONE)
    await desk.after(0)
    desk.found["kopi"] = GONE
    await desk.after(AGAIN)
    desk.state, desk.found["sekar"] = show("batik kopi teh sekar"), GONE
    await desk.after(OFTEN)
    assert (stems(desk.looked), desk.dead) == ("sekar teh", "batik")
    await desk.after(AGAIN - OFTEN)
    assert desk.dead == "batik kopi"


async def test_one_that_does_not_answer_is_not_dead_and_is_tried_again_ever_more_rarely():
    desk = Desk(show("batik kopi"), batik=SILENT)
    await desk.after(0)
    waits = []
    for _time in range(5):
        waited = 0.0
        desk.looked.clear()
        while link("batik") not in desk.looked:
            await desk.after(OFTEN)
            waited += OFTEN
        waits.append(waited)
    assert waits == [AGAIN, 2 * AGAIN, 4 * AGAIN, 8 * AGAIN, AGAIN_AT_MOST]
    assert desk.dead == ""


async def test_one_that_comes_back_is_alive_and_is_told_of_when_it_dies_anew():
    desk = Desk(show("batik kopi"), batik=GONE)
    await desk.after(0)
    await desk.after(AGAIN)
    desk.found["batik"] = REACHED
    await desk.after(2 * AGAIN)
    assert (desk.dead, len(desk.told)) == ("", 1)
    desk.found["batik"] = GONE
    await desk.after(EVERY)
    await desk.after(AGAIN)
    assert (desk.dead, len(desk.told)) == ("batik", 2)


async def test_a_live_one_is_tried_every_six_hours():
    desk = Desk(show("batik kopi"))
    await desk.after(0)
    await desk.after(EVERY - 1)
    assert desk.looked == []
    await desk.after(1)
    assert sorted(desk.looked) == [link("batik"), link("kopi")]


async def test_a_dead_one_is_told_of_when_its_turn_comes_near():
    desk = Desk(show("a b c d batik"), batik=GONE)
    await desk.after(0)
    await desk.after(AGAIN)
    assert (desk.dead, desk.told) == ("batik", [])
    desk.state = replace(desk.state, after=ItemId("b"))
    await desk.after(OFTEN)
    assert [DEAD_SOON] == [tell.message for tell in desk.told]


async def test_a_link_that_was_corrected_is_tried_at_once_and_the_old_one_forgotten():
    desk = Desk(show("batik kopi"), batik=GONE)
    await desk.after(0)
    await desk.after(AGAIN)
    desk.state = show("sekar kopi")
    await desk.after(0)
    assert (stems(desk.looked), desk.dead) == ("sekar", "")
    assert desk.trying.why_dead(link("batik")) == ""


async def test_a_big_show_is_tried_a_dozen_at_a_time():
    desk = Desk(show(" ".join(f"n{number}" for number in range(30))))
    assert await desk.trying.round() == 0
    assert len(desk.looked) == ROUND
    await desk.after(0)
    assert len(desk.looked) == 30 - ROUND


async def test_why_is_told_in_the_language_of_whoever_asks():
    desk = Desk(show("batik kopi"), batik=Finding(Answer.DEAD, "no link"))
    await desk.after(0)
    await desk.after(AGAIN)
    language.use("id")
    assert desk.trying.why_dead(link("batik")) == "tidak ada tautan"


async def test_never_more_than_two_are_tried_at_once_and_a_fault_in_the_program_costs_one_look():
    busy, most, lock = 0, 0, threading.Lock()
    both = threading.Barrier(2)

    def look(url: str) -> Finding:
        nonlocal busy, most
        with lock:
            busy, most = busy + 1, max(most, busy + 1)
        both.wait(10)
        with lock:
            busy -= 1
        if "a" in stems([url]):
            raise ZeroDivisionError
        return REACHED

    state = show("a b c d")
    trying = Trying(look, lambda: state, lambda told: None)
    await trying.round()
    assert (most, trying.why_dead(link("a"))) == (2, "")


async def test_it_runs_by_itself_takes_up_edits_and_ends_while_a_look_hangs():
    hang, begun, second = threading.Event(), threading.Event(), threading.Event()
    state = show("a")

    def look(url: str) -> Finding:
        if url == link("b"):
            second.set()
            hang.wait(10)
        begun.set()
        return REACHED

    trying = Trying(look, lambda: state, lambda told: None, settle=0)
    task = asyncio.create_task(trying.run())
    assert await asyncio.to_thread(begun.wait, 10)
    state = show("a b")
    trying.follow()
    assert await asyncio.to_thread(second.wait, 10)
    task.cancel()
    await asyncio.wait({task}, timeout=1)
    assert task.cancelled()
    hang.set()


@pytest.mark.parametrize("check", [True, False])
async def test_the_service_tries_links_unless_it_is_told_not_to_and_cards_say_what_is_dead(tmp_path, check):
    folder = write_show(tmp_path / "schedules", seconds=(120, 120))
    settings = config.load(
        tmp_path / "config.toml", show=folder, language="en", web={"port": 0}, links={"check": check}
    )
    service = Service(settings, rehearsal=True)
    batik, gone = "https://www.pekalonganvirtualexpo.com/batik", Finding(Answer.DEAD, "nobody is there")
    await service.start()
    try:
        assert check is any(task.get_name() == "trying" for task in asyncio.all_tasks())
        times = [0.0]
        service.trying._look = lambda url: gone if url == batik else REACHED
        service.trying._now = lambda: times[-1]
        await service.trying.round()
        times.append(AGAIN)
        await service.trying.round()
        cards = {card["id"]: card for card in service.room.exhibitors()["exhibitors"]}
        assert [cards[name]["dead_link"] for name in ("batik", "kopi")] == ["nobody is there", ""]
        assert [lack["key"] for lack in cards["batik"]["lacks"]] == ["no_video", "dead_link"]
        assert any(f"leads nowhere (nobody is there): {batik}" in each["text"] for each in service.room.notices())
    finally:
        await service.stop()
