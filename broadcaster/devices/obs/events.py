"""OBS's own events, stamped on arrival and handed over; nothing is decided here."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import obsws_python
from obsws_python.error import OBSSDKError
from obsws_python.subs import Subs

from broadcaster.devices.obs.connection import BREAKDOWNS
from broadcaster.devices.obs.errors import BadPassword, Offline
from broadcaster.show.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from broadcaster.devices.obs.connection import Address
    from broadcaster.ports import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SceneChanged:
    """The program scene is `scene`; with a Cut some 40 ms after the request, with a Fade at its end."""

    at: datetime
    scene: str


@dataclass(frozen=True, slots=True)
class MediaEnded:
    """OBS says that a media input ended: also when its deck was hidden, and when a file could not be opened."""

    at: datetime
    input: str


class OutputState(StrEnum):
    """obs-websocket's ObsOutputState, without its prefix. STOPPING is told of what is asked for alone."""

    STARTING = "STARTING"
    STARTED = "STARTED"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    RECONNECTING = "RECONNECTING"
    RECONNECTED = "RECONNECTED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"


@dataclass(frozen=True, slots=True)
class OutputChanged:
    """`file` is a recording's path, where OBS says it."""

    at: datetime
    output: Output
    state: OutputState
    file: str = ""


ObsEvent = SceneChanged | MediaEnded | OutputChanged


class EventFeed:
    """A second socket to OBS with a thread of obsws-python's own, which dies in silence: watch `alive`.

    Args:
        put: takes an event; called on that thread, must not block.

    Raises:
        Offline: see `Connection`.

    """

    def __init__(self, address: Address, clock: Clock, put: Callable[[ObsEvent], None]) -> None:
        self._clock = clock
        self._put = put
        try:
            self._client = obsws_python.EventClient(
                host=address.host,
                port=address.port,
                password=address.password,
                timeout=2.5,
                subs=Subs.SCENES | Subs.MEDIAINPUTS | Subs.OUTPUTS,
            )
        except OBSSDKError as error:
            raise BadPassword(str(error)) from error
        except BREAKDOWNS as error:
            raise Offline(f"events: {error or type(error).__name__}") from error
        # obsws-python finds a handler by its function's name.
        self._client.callback.register(
            [
                self.on_current_program_scene_changed,
                self.on_media_input_playback_ended,
                self.on_stream_state_changed,
                self.on_record_state_changed,
            ]
        )

    @property
    def alive(self) -> bool:
        return bool(self._client.worker.is_alive())

    def on_current_program_scene_changed(self, data: Any) -> None:
        self._hand_over(lambda at: SceneChanged(at, data.scene_name))

    def on_media_input_playback_ended(self, data: Any) -> None:
        self._hand_over(lambda at: MediaEnded(at, data.input_name))

    def on_stream_state_changed(self, data: Any) -> None:
        self._hand_over(lambda at: OutputChanged(at, Output.STREAM, _state(data)))

    def on_record_state_changed(self, data: Any) -> None:
        file = getattr(data, "output_path", None)
        self._hand_over(lambda at: OutputChanged(at, Output.RECORDING, _state(data), str(file or "")))

    def _hand_over(self, event: Callable[[datetime], ObsEvent]) -> None:
        # An exception would end obsws-python's thread without a word.
        try:
            self._put(event(self._clock.now()))
        except Exception:
            log.exception("An event of OBS was lost.")

    def close(self) -> None:
        """Without the closing handshake: a frozen OBS would never answer it."""
        web_socket = self._client.base_client.ws
        try:
            # Wakes the thread in recv(); closing alone would leave it there for ever.
            web_socket.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            log.debug("The event socket was gone already.", exc_info=True)
        self._client.worker.join(1.0)
        web_socket.shutdown()


def _state(data: Any) -> OutputState:
    return OutputState(str(data.output_state).removeprefix("OBS_WEBSOCKET_OUTPUT_"))
