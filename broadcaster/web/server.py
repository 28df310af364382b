"""uvicorn as a guest in the service's own loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import TYPE_CHECKING

import uvicorn

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

STOP_SECONDS = 3
"""How long open requests may take to end. Live sockets are closed at once, so this is rarely used up."""


class ServerError(Exception):
    """The control page cannot be served. str() says why and what to do."""


class _Guest(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals are the service's: it stops the show first, and this server when its turn comes.
        yield


class WebServer:
    """A running server; `port` is the one it listens on."""

    def __init__(self, server: uvicorn.Server, task: asyncio.Task[None], port: int) -> None:
        self._server = server
        self._task = task
        self.port = port

    async def stop(self) -> None:
        """Close live sockets, let open requests end within seconds, free the port. May be called twice."""
        self._server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(self._task)


async def serve(app: FastAPI, host: str, port: int) -> WebServer:
    """Listen, and return once requests are answered. Port 0 takes a free one.

    Raises:
        ServerError: the address cannot be listened on.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise ServerError(
            _(
                "The control page cannot listen on %(host)s port %(port)s: %(why)s. "
                "Stop the program that uses it, or set another [web] port.",
                host=host,
                port=port,
                # strerror itself also repeats the address.
                why=os.strerror(error.errno) if error.errno else error,
            )
        ) from error
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        # A page that is gone without a word (a laptop that was shut) is noticed within these.
        ws_ping_interval=10,
        ws_ping_timeout=10,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = _Guest(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    while not server.started:
        if task.done():
            listener.close()
            await task
            raise ServerError(_("The control page did not start; the log says why."))
        await asyncio.sleep(0.005)
    return WebServer(server, task, listener.getsockname()[1])
