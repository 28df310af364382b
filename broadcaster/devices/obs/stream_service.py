"""Where OBS's stream goes: server and key, given to OBS when a stream begins. Nothing of it is ever logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadcaster.devices.obs.connection import Answer, Connection

CUSTOM = "rtmp_custom"


def give(connection: Connection, server: str, key: str) -> None:
    """Have OBS stream to `server` with `key`; OBS writes both into its profile.

    Raises:
        Refused: the stream is on.
        Offline: see `Connection`.
    """
    now = connection.call("GetStreamServiceSettings")
    if not _is(now, server, key):
        _set(connection, server, key)


def take_back(connection: Connection, server: str) -> None:
    """Have OBS forget the key for `server`. One for another server is somebody else's.

    Raises:
        Refused: the stream is on.
        Offline: see `Connection`.
    """
    now = connection.call("GetStreamServiceSettings")
    if now["streamServiceType"] == CUSTOM and now["streamServiceSettings"].get("server") == server:
        # Twice: OBS keeps what was there before in service.json.bak.
        for _ in range(2):
            _set(connection, server, "")


def _is(now: Answer, server: str, key: str) -> bool:
    settings = now["streamServiceSettings"]
    return now["streamServiceType"] == CUSTOM and (settings.get("server"), settings.get("key")) == (server, key)


def _set(connection: Connection, server: str, key: str) -> None:
    connection.call(
        "SetStreamServiceSettings",
        streamServiceType=CUSTOM,
        streamServiceSettings={"server": server, "key": key, "use_auth": False},
    )
