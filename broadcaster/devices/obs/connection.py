"""One connection to obs-websocket 5, owned by one thread.

obsws-python takes the next message for the answer, whatever it answers. So every call has a timeout, and after anything
but a clean answer the connection is thrown away: `Offline` means connect anew, never try again on this one.
"""

from __future__ import annotations

import itertools
import json
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import obsws_python
from obsws_python.error import OBSSDKError, OBSSDKRequestError
from websocket import WebSocketException

from broadcaster.devices.obs.errors import NOT_READY, BadPassword, Frozen, Offline, Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Answer = dict[str, Any]

BREAKDOWNS = (OSError, WebSocketException, OBSSDKError, ValueError, KeyError)
"""All that obsws-python and its socket are known to raise."""

SERIAL_REALTIME, SERIAL_FRAME = 0, 1
"""RequestBatchExecutionType of the protocol."""

# It writes the password at INFO, and a traceback for every refusal.
logging.getLogger("obsws_python").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Address:
    """Where OBS listens. The password is kept out of every repr."""

    host: str
    port: int
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the obs-websocket protocol."""

    type: str
    data: Mapping[str, Any] = field(default_factory=dict)


def sleep(milliseconds: int) -> Request:
    """A pause within a batch."""
    return Request("Sleep", {"sleepMillis": milliseconds})


def frames(count: int) -> Request:
    """A pause of so many of OBS's frames, within a batch that runs by frame."""
    return Request("Sleep", {"sleepFrames": count})


class Connection:
    """Requests, one after the other. Not thread-safe: it belongs to the thread that opened it.

    Args:
        timeout: seconds that OBS has for one answer.

    Raises:
        BadPassword: OBS wants another password, or any at all.
        Offline: nobody answers, or not an OBS that is ready.

    """

    def __init__(self, address: Address, timeout: float = 2.5) -> None:
        self._timeout = timeout
        self._ids = itertools.count(1)
        try:
            # All three, always: with none of them obsws-python goes and reads ./config.toml.
            self._client = obsws_python.ReqClient(
                host=address.host, port=address.port, password=address.password, timeout=timeout
            )
        except OBSSDKError as error:
            raise BadPassword(
                _("OBS at %(host)s:%(port)s refuses the password.", host=address.host, port=address.port)
            ) from error
        except BREAKDOWNS as error:
            raise Offline(_("No OBS answers at %(host)s:%(port)s.", host=address.host, port=address.port)) from error

    def call(self, request_type: str, /, **data: Any) -> Answer:
        """The answer's data.

        Raises:
            Refused: OBS said no.
            Offline: there was no answer that can be trusted; close this connection.
        """
        try:
            return self._client.send(request_type, data or None, raw=True) or {}
        except OBSSDKRequestError as error:
            comment = str(error).partition("With message: ")[2]
            raise Refused(request_type, error.code, comment) from error
        except BREAKDOWNS as error:
            raise Offline(f"{request_type}: {error or type(error).__name__}") from error

    def batch(
        self, requests: Sequence[Request], *, halt: bool = False, by_frame: bool = False
    ) -> list[Answer | Refused]:
        """Run `requests` in OBS, in order, without a round trip between them (op 8).

        With `halt` the first refusal is the last answer; the rest was not run. With `by_frame` (SERIAL_FRAME) OBS
        begins on its next frame, and `frames(n)` among the requests puts what follows n frames later.

        Raises:
            Offline: see `call`.
        """
        if not requests:
            return []
        wanted = f"batch-{next(self._ids)}"
        # At 10 fps, the least that OBS is set to.
        pauses = sum(request.data.get("sleepMillis", 0) for request in requests) / 1000
        pauses += sum(request.data.get("sleepFrames", 0) for request in requests) / 10
        message = {
            "op": 8,
            "d": {
                "requestId": wanted,
                "executionType": SERIAL_FRAME if by_frame else SERIAL_REALTIME,
                "haltOnFailure": halt,
                "requests": [{"requestType": request.type, "requestData": dict(request.data)} for request in requests],
            },
        }
        socket = self._client.base_client.ws
        try:
            socket.settimeout(self._timeout + pauses)
            socket.send(json.dumps(message))
            answer = json.loads(socket.recv())
            socket.settimeout(self._timeout)
            if answer["op"] != 9 or answer["d"]["requestId"] != wanted:
                raise Offline("the answer belongs to another request")
            return [_result(result) for result in answer["d"]["results"]]
        except BREAKDOWNS as error:
            raise Offline(f"batch: {error or type(error).__name__}") from error

    def ready(self, within: float = 5.0) -> str:
        """OBS's version, once OBS has finished loading and its clock of frames runs.

        Raises:
            Frozen: it renders nothing for `within` seconds.
            Offline: it is not ready within that time.
        """
        deadline = time.monotonic() + within
        frozen = False
        while True:
            try:
                version = str(self.call("GetVersion")["obsVersion"])
                before = self.call("GetStats")["renderTotalFrames"]
                time.sleep(0.15)
                if self.call("GetStats")["renderTotalFrames"] != before:
                    return version
                frozen = True
            except Refused as error:
                if error.code != NOT_READY:
                    raise Offline(str(error)) from error
                frozen = False
            if time.monotonic() > deadline:
                if frozen:
                    raise Frozen(_("OBS answers but renders no frames."))
                raise Offline(_("OBS is still loading."))
            time.sleep(0.1)

    def close(self) -> None:
        """Also when OBS is frozen: without the closing handshake, which would wait for it."""
        try:
            self._client.base_client.ws.shutdown()
        except BREAKDOWNS:
            logging.getLogger(__name__).debug("The socket was gone already.", exc_info=True)


def _result(result: Mapping[str, Any]) -> Answer | Refused:
    status = result["requestStatus"]
    if not status["result"]:
        return Refused(result["requestType"], status["code"], status.get("comment", ""))
    return dict(result.get("responseData") or {})
