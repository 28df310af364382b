"""One look over the network at where a link leads: whether viewers find something there.

What is asked for was written by others, and so was where it is sent on to. Hence only public addresses are called, and
the very address that was judged, however the name resolves a moment later.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import h11

from broadcaster.language import gettext as _
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

TIMEOUT = 10.0
"""Seconds that one request may take, from the name to the answer's head."""
ALTOGETHER = 30.0
"""Seconds for a link with all that it is sent on to."""
REDIRECTS = 5
MOST = 32 * 1024
"""Bytes that are read of an answer. Its head is enough."""
ADDRESSES = 4
"""How many addresses of a host are tried."""

GONE = frozenset({404, 410})
NO_SUCH_HOST = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})
UNJUDGED = frozenset({2, 20, 21})
"""OpenSSL's numbers for a chain without its issuer: browsers fetch it, or this machine knows no issuers."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
SIGN_IN = re.compile(r"log-?in|sign-?in|passport|verify|captcha|challenge|consent", re.IGNORECASE)
"""Where shops send robots; people get through."""
AGENT = f"Broadcaster/{version('broadcaster')} (link check)"


class Answer(StrEnum):
    REACHED = "reached"
    """Somebody is there, be it one who turns robots away."""
    DEAD = "dead"
    SILENT = "silent"
    """Nothing is known: no network, no answer, or one that says neither."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` and `values` say why a link is dead, to be put into words in the language of whoever asks."""

    answer: Answer
    message: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def why(self) -> str:
        return _(self.message, **self.values) if self.message else ""


REACHED, SILENT = Finding(Answer.REACHED), Finding(Answer.SILENT)


class _Dead(Exception):  # noqa: N818  (it is about the link, not a breakdown)
    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.finding = Finding(Answer.DEAD, message, MappingProxyType(values))


def resolve(host: str, port: int) -> list[str]:
    """The host's addresses, in the order in which they are to be tried. Raises socket.gaierror."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether the address can be reached by everybody, also that within an IPv6 address that only wraps one of IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return wrapped.is_global and not wrapped.is_multicast
    return ip.is_global and not ip.is_multicast


class LinkProbe:
    """Looks at links, on whatever thread asks.

    Args:
        may_call: which addresses may be asked.
        schemes: how they may be asked.
        names: how a host's name becomes addresses.
        timeout: seconds for one request.

    """

    def __init__(
        self,
        *,
        may_call: Callable[[str], bool] = is_public,
        schemes: Container[str] = frozenset({"https"}),
        names: Callable[[str, int], Sequence[str]] = resolve,
        timeout: float = TIMEOUT,
    ) -> None:
        self._may_call, self._schemes = may_call, schemes
        self._names, self._timeout = names, timeout

    def look(self, link: str) -> Finding:
        """Never raises for what is found, and takes at most ALTOGETHER seconds and what the system's resolver takes."""
        try:
            return self._follow(link, time.monotonic() + ALTOGETHER)
        except _Dead as dead:
            return dead.finding
        except (OSError, ValueError, h11.ProtocolError):
            return SILENT

    def _follow(self, link: str, deadline: float) -> Finding:
        url = link
        for _hop in range(REDIRECTS + 1):
            status, location = self._status(url, deadline)
            if status in GONE:
                raise _Dead(N_("its server says that there is no such page (%(status)s)"), status=str(status))
            if not 300 <= status < 400 or not location:
                return REACHED
            url = urljoin(url, location)
            parts = urlsplit(url)
            # An app's own scheme, or plain http, is not for us to try: browsers do.
            if parts.scheme not in self._schemes or SIGN_IN.search(parts.path):
                return REACHED
        return REACHED  # browsers, which keep cookies, are sent on less often

    def _status(self, url: str, deadline: float) -> tuple[int, str]:
        try:
            head = self._ask("HEAD", url, deadline)
        except (h11.RemoteProtocolError, ConnectionResetError):
            head = (0, "")
        # Servers that do not know HEAD say so in many ways; 404 is one of them.
        return head if 200 <= head[0] < 400 else self._ask("GET", url, deadline)

    def _ask(self, method: str, url: str, deadline: float) -> tuple[int, str]:
        """The status, and where it is sent on to."""
        until = min(deadline, time.monotonic() + self._timeout)
        parts = urlsplit(url)
        if not parts.hostname or parts.scheme not in self._schemes:
            raise ValueError(url)
        host = parts.hostname.encode("idna").decode("ascii")
        named = f"[{host}]" if ":" in host else host
        target = quote(parts.path or "/", safe="%/:=&~+!$,;'@()*") + (
            "?" + quote(parts.query, safe="%/:=&?~+!$,;'@()*[]") if parts.query else ""
        )
        headers = [
            ("Host", named if parts.port is None else f"{named}:{parts.port}"),
            ("User-Agent", AGENT),
            ("Accept", "*/*"),
            ("Accept-Language", "id, en;q=0.5"),
            ("Connection", "close"),
        ]
        talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST)
        request = talk.send(h11.Request(method=method, target=target, headers=headers)) or b""
        with self._call(host, parts.port, until, secure=parts.scheme == "https") as line:
            line.settimeout(_left(until))
            line.sendall(request + (talk.send(h11.EndOfMessage()) or b""))
            answer = _head(talk, line, until)
        location = next((value for name, value in answer.headers if name == b"location"), b"")
        return answer.status_code, location.decode("utf-8", "replace")

    @contextmanager
    def _call(self, host: str, port: int | None, until: float, *, secure: bool) -> Iterator[socket.socket]:
        port = port or (443 if secure else 80)
        with self._connected(host, port, until) as line:
            if not secure:
                yield line
                return
            line.settimeout(_left(until))
            with self._greeted(line, host) as safe:
                yield safe

    def _connected(self, host: str, port: int, until: float) -> socket.socket:
        try:
            addresses = self._names(host, port)
        except socket.gaierror as error:
            if error.errno in NO_SUCH_HOST:
                raise _Dead(N_("there is no host %(host)s"), host=host) from error
            raise
        if not all(self._may_call(address) for address in addresses):
            raise _Dead(N_("%(host)s is not on the public internet"), host=host)
        refusals: list[OSError] = []
        for address in addresses[:ADDRESSES]:
            try:
                return socket.create_connection((address, port), timeout=_left(until))
            except OSError as error:
                refusals.append(error)
        if refusals and all(isinstance(error, ConnectionRefusedError) for error in refusals):
            raise _Dead(N_("%(host)s refuses connections"), host=host)
        raise OSError(host)

    def _greeted(self, line: socket.socket, host: str) -> ssl.SSLSocket:
        try:
            return self._trust.wrap_socket(line, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code in UNJUDGED:
                raise
            raise _Dead(
                N_("the certificate of %(host)s is not valid (%(why)s)"), host=host, why=error.verify_message
            ) from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            raise  # hung up, as some do on robots
        except ssl.SSLError as error:
            raise _Dead(N_("there is no secure connection with %(host)s"), host=host) from error

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _head(talk: h11.Connection, line: socket.socket, until: float) -> h11.Response:
    received = 0
    while True:
        event = talk.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA and received < MOST:
            line.settimeout(_left(until))
            piece = line.recv(4096)
            received += len(piece)
            talk.receive_data(piece)
        elif not isinstance(event, h11.InformationalResponse):
            raise OSError(event)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
