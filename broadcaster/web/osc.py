"""Open Sound Control: presses come in, variables go out. OSC knows no password: addresses decide who is obeyed."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket, ParseError

from broadcaster.access import MACHINE_RIGHTS
from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.show.messages import Act
from broadcaster.show.rundown import ItemId
from broadcaster.web.server import ServerError
from broadcaster.web.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.config import Osc
    from broadcaster.ports import ControlRoom, Json
    from broadcaster.web.audit import Audit
    from broadcaster.web.variables import Variables

log = logging.getLogger(__name__)

ROOT = "/broadcaster/"
MACHINE = Visitor("OSC", frozenset(MACHINE_RIGHTS), "osc")
WHOLE_AGAIN_SECONDS = 10.0
"""UDP loses packets, and panels start late: so often all variables are sent anew."""
ANSWER_SECONDS = 5.0
WAITING = 64
"""How many packets may wait to be obeyed; what comes on top is dropped."""

Message = tuple[str, list[Any], str]
"""Address, arguments, and who sent it."""


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, hear: Callable[[bytes, str], None]) -> None:
        self._hear = hear

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._hear(data, str(addr[0]))

    def error_received(self, exc: Exception) -> None:
        log.debug("OSC: %s", exc)


class OscPanel:
    """`start` listens and sends; `port` is the one that it listens on, None for none."""

    def __init__(self, settings: Osc, room: ControlRoom, variables: Variables, audit: Audit) -> None:
        self._settings, self._room, self._variables, self._audit = settings, room, variables, audit
        self._allowed = [ipaddress.ip_network(each) for each in settings.allow]
        self._heard: asyncio.Queue[Message] = asyncio.Queue(WAITING)
        self._ear: asyncio.DatagramTransport | None = None
        self._mouth: socket.socket | None = None
        self._targets: list[tuple[str, int]] = []
        self._whole = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._strangers: set[str] = set()
        self.port: int | None = None

    async def start(self) -> None:
        """Raises ServerError: the port cannot be listened on, or a place to send to has no address."""
        settings = self._settings
        loop = asyncio.get_running_loop()
        if settings.port:
            try:
                self._ear, _protocol = await loop.create_datagram_endpoint(
                    lambda: _Ear(self._hear), local_addr=(settings.host, settings.port)
                )
            except OSError as error:
                raise ServerError(
                    _(
                        "OSC cannot be listened for on %(host)s port %(port)s: %(why)s. Set another [osc] port.",
                        host=settings.host,
                        port=settings.port,
                        why=error.strerror or error,
                    )
                ) from error
            self.port = settings.port
            self._tasks.append(asyncio.create_task(self._obey(), name="osc in"))
        if settings.send:
            self._mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._mouth.setblocking(False)
            self._targets = [await _place(loop, each) for each in settings.send]
            self._tasks.append(asyncio.create_task(self._tell(), name="osc out"))
            self._tasks.append(asyncio.create_task(self._tell_whole(), name="osc out, all"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._ear is not None:
            self._ear.close()
        if self._mouth is not None:
            self._mouth.close()

    # ------------------------------------------------------------------- in

    def _hear(self, packet: bytes, address: str) -> None:
        if self._allowed and not any(ipaddress.ip_address(address) in network for network in self._allowed):
            if address not in self._strangers and len(self._strangers) < 100:
                self._strangers.add(address)
                log.warning("OSC from %s is not obeyed: it is not in [osc] allow.", address)
            return
        try:
            messages = [timed.message for timed in OscPacket(packet).messages]
            heard = [(str(message.address), list(message.params), address) for message in messages]
        except (ParseError, ValueError, IndexError, UnicodeDecodeError) as error:
            log.debug("OSC from %s cannot be read: %s", address, error)
            return
        for message in heard:
            if message[0].startswith(ROOT):
                with contextlib.suppress(asyncio.QueueFull):
                    self._heard.put_nowait(message)

    async def _obey(self) -> None:
        while True:
            address, arguments, sender = await self._heard.get()
            word = address.removeprefix(ROOT)
            if word == "refresh":
                self._whole.set()
                continue
            values: Json = {}
            try:
                asked = self._asked(word, arguments, f"OSC@{sender}", values)
                if asked is None:
                    continue
                async with asyncio.timeout(ANSWER_SECONDS):
                    await asked
                status = 200
            except Refused as error:
                status = 409
                self._send("refused", str(error))
            except Exception:
                log.exception("OSC: %s from %s was not done", word, sender)
                status = 503
            await self._audit.write(MACHINE, sender, word, status, values)

    def _asked(self, word: str, arguments: list[Any], by: str, values: Json) -> Awaitable[Json] | None:
        """What is to be done; None for a button that is let go, and for what nobody knows."""
        first = arguments[0] if arguments else None
        is_number = isinstance(first, bool | int | float)
        if word == "stream":
            if not is_number:
                return None
            values["on"] = bool(first)
            return self._room.stream(on=bool(first), by=by)
        if word == "extend":
            if not is_number or not -3600 <= float(first) <= 3600:  # type: ignore[arg-type]
                return None
            values["seconds"] = first
            return self._room.press(Act.EXTEND, None, by, length=timedelta(seconds=float(first)))  # type: ignore[arg-type]
        if word not in set(Act):
            log.debug("OSC: there is no %s", word)
            return None
        act = Act(word)
        item = ItemId(first) if isinstance(first, str) and first else None
        if item is None and (act is Act.JUMP or (is_number and not first)):
            return None
        if act in {Act.JUMP, Act.SKIP}:
            values["item"] = item
            return self._room.press(act, item, by)
        return self._room.press(act, None, by)

    # ------------------------------------------------------------------ out

    async def _tell(self) -> None:
        async with contextlib.aclosing(self._variables.changes(self._whole)) as changes:
            async for news in changes:
                for name, value in news.items():
                    self._send(name, value)

    async def _tell_whole(self) -> None:
        while True:
            await asyncio.sleep(WHOLE_AGAIN_SECONDS)
            self._whole.set()

    def _send(self, name: str, value: str | float) -> None:
        if self._mouth is None:
            return
        message = OscMessageBuilder(ROOT + name)
        message.add_arg(value)
        packet = message.build().dgram
        for target in self._targets:
            try:
                self._mouth.sendto(packet, target)
            except OSError as error:  # nobody listens, or the network is gone: what is so now is sent again soon
                log.debug("OSC to %s: %s", target, error)


async def _place(loop: asyncio.AbstractEventLoop, named: str) -> tuple[str, int]:
    host, _colon, port = named.rpartition(":")
    try:
        found = await loop.getaddrinfo(host, int(port), family=socket.AF_INET, type=socket.SOCK_DGRAM)
    except OSError as error:
        raise ServerError(
            _("[osc] send: %(place)s has no address: %(why)s.", place=named, why=error.strerror or error)
        ) from error
    address = found[0][4]
    return str(address[0]), int(address[1])
