"""A panel that speaks OSC, on real sockets of this machine."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from broadcaster.config import Osc, Settings
from broadcaster.web import osc
from broadcaster.web.house import open_house
from broadcaster.web.osc import OscPanel
from broadcaster.web.server import ServerError
from broadcaster.web.variables import Variables
from tests.web.people import nobody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broadcaster.web.house import House
    from tests.web.room import FakeRoom


def message(address: str, *arguments: Any) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


class Desk:
    """A panel beside the service: what it sends, and what it hears."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        self.there = ("127.0.0.1", _free_port())

    def send(self, packet: bytes) -> None:
        self.ear.sendto(packet, self.there)

    async def hear(self, address: str) -> list[Any]:
        """The arguments of the next message to `address`."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            while True:
                heard = OscMessage(await loop.sock_recv(self.ear, 65535))
                if heard.address == address:
                    return list(heard.params)

    async def deeds(self, count: int) -> list[tuple[str, str, str, int, dict[str, Any]]]:
        """So many lines of the audit log, once they are there."""
        async with asyncio.timeout(5):
            while len(found := self.house.store.deeds()) < count:  # noqa: ASYNC110  (the log tells nobody)
                await asyncio.sleep(0.01)
        return [(deed.who, deed.address, deed.act, deed.status, dict(deed.values)) for deed in reversed(found)]


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def panel(room: FakeRoom, **more: Any) -> AsyncIterator[Desk]:
    house = open_house(nobody(), Settings().web)
    desk = Desk(house)
    port = desk.ear.getsockname()[1]
    given = {"port": desk.there[1], "send": (f"127.0.0.1:{port}",), **more}
    panel = OscPanel(Osc.model_validate(given), room, Variables(room, spacing=0.001), house.audit)
    await panel.start()
    try:
        yield desk
    finally:
        await panel.stop()
        desk.ear.close()
        house.close()


async def test_presses_come_in_and_are_in_the_audit_log(room: FakeRoom) -> None:
    async with panel(room) as desk:
        desk.send(message("/broadcaster/take"))
        desk.send(message("/broadcaster/hold", 1.0))
        desk.send(message("/broadcaster/jump", "talkshow"))
        desk.send(message("/broadcaster/skip", "ishoma"))
        desk.send(message("/broadcaster/extend", -30))
        desk.send(message("/broadcaster/stream", 0))

        deeds = await desk.deeds(6)

    assert [
        ("OSC", "127.0.0.1", "take", 200, {}),
        ("OSC", "127.0.0.1", "hold", 200, {}),
        ("OSC", "127.0.0.1", "jump", 200, {"item": "talkshow"}),
        ("OSC", "127.0.0.1", "skip", 200, {"item": "ishoma"}),
        ("OSC", "127.0.0.1", "extend", 200, {"seconds": -30}),
        ("OSC", "127.0.0.1", "stream", 200, {"on": False}),
    ] == deeds
    assert {"OSC@127.0.0.1"} == {by for _act, _item, by in room.presses}


async def test_a_button_that_is_let_go_and_what_makes_no_sense_do_nothing(room: FakeRoom) -> None:
    """Panels send 1 when a button goes down and 0 when it comes up."""
    async with panel(room) as desk:
        for packet in (
            message("/broadcaster/take", 0.0),
            message("/broadcaster/take", 0),
            message("/broadcaster/jump"),
            message("/broadcaster/jump", 1),
            message("/broadcaster/stream"),
            message("/broadcaster/extend", "long"),
            message("/broadcaster/extend", 1e9),
            message("/broadcaster/explode", 1),
            message("/other/take"),
            b"",
            b"/broadcaster/take",
            b"#bundle\0garbage",
            bytes(range(256)),
        ):
            desk.send(packet)
        desk.send(message("/broadcaster/hold"))
        await desk.deeds(1)

    assert ["hold"] == [act for act, _item, _by in room.presses]


async def test_a_bundle_is_done_in_its_order(room: FakeRoom) -> None:
    bundle = OscBundleBuilder(IMMEDIATELY)
    for address in ("/broadcaster/hold", "/broadcaster/resume"):
        bundle.add_content(OscMessageBuilder(address).build())
    async with panel(room) as desk:
        desk.send(bundle.build().dgram)
        await desk.deeds(2)

    assert ["hold", "resume"] == [act for act, _item, _by in room.presses]


async def test_a_refusal_is_told(room: FakeRoom) -> None:
    room.refuse = "There is nothing to take."
    async with panel(room) as desk:
        desk.send(message("/broadcaster/take"))

        assert ["There is nothing to take."] == await desk.hear("/broadcaster/refused")
        assert [409] == [status for _who, _address, _act, status, _values in await desk.deeds(1)]


async def test_variables_go_out_when_they_change_and_all_when_asked_for(room: FakeRoom) -> None:
    async with panel(room) as desk:
        assert ["Bandeng Presto Juwita"] == await desk.hear("/broadcaster/current_title")
        assert [107.0] == await desk.hear("/broadcaster/current_remaining_s")
        room.automation = "held"
        room.change()
        assert ["held"] == await desk.hear("/broadcaster/automation")
        desk.send(message("/broadcaster/refresh"))
        assert ["Bandeng Presto Juwita"] == await desk.hear("/broadcaster/current_title")


async def test_strangers_are_not_obeyed(room: FakeRoom) -> None:
    async with panel(room, allow=("10.0.0.0/8",)) as desk:
        desk.send(message("/broadcaster/take"))
        await desk.hear("/broadcaster/clock")

    assert [] == room.presses


async def test_by_default_there_is_no_osc(room: FakeRoom) -> None:
    house = open_house(nobody(), Settings().web)
    quiet = OscPanel(Osc(), room, Variables(room), house.audit)
    await quiet.start()
    await quiet.stop()

    assert (None, []) == (quiet.port, quiet._tasks)


async def test_a_port_in_use_is_explained(room: FakeRoom) -> None:
    house = open_house(nobody(), Settings().web)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"{port}"):
            await OscPanel(Osc(port=port), room, Variables(room), house.audit).start()


@pytest.mark.parametrize(
    "given",
    [
        {"port": 9000, "host": "0.0.0.0"},
        {"port": 9000, "host": "192.168.1.5"},
        {"allow": ["somewhere"]},
        {"send": ["127.0.0.1"]},
        {"send": [":9000"]},
        {"send": ["127.0.0.1:0"]},
        {"send": ["127.0.0.1:many"]},
    ],
)
def test_an_unsafe_or_unreadable_configuration_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Osc.model_validate(given)


def test_beyond_loopback_osc_is_for_named_addresses() -> None:
    assert Osc.model_validate({"port": 9000, "host": "0.0.0.0", "allow": ["192.168.1.40"]}).port == 9000


async def test_a_flood_is_dropped_and_the_rest_obeyed(room: FakeRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osc, "WAITING", 3)
    async with panel(room) as desk:
        for _ in range(3):
            desk.send(message("/broadcaster/hold"))
        await desk.deeds(3)
        desk.send(message("/broadcaster/resume"))
        await desk.deeds(4)

    assert "resume" == room.presses[-1][0]
