"""`run`: the show, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from broadcaster.app import Service
from broadcaster.commands import options, tables
from broadcaster.commands.options import CONFIG, Config, Show, fail
from broadcaster.config import ConfigError
from broadcaster.devices.obs import ObsError
from broadcaster.language import gettext as _
from broadcaster.running_files import ShowUnusable
from broadcaster.store import StoreError
from broadcaster.web import ServerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.config import Settings


def run(
    config: Config = CONFIG,
    show: Show = None,
    rehearsal: Annotated[bool, typer.Option(help=_("Rehearsal devices instead of OBS and YouTube."))] = False,
    fresh: Annotated[bool, typer.Option(help=_("Forget what has aired of this show, and begin anew."))] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help=_("Log more."))] = False,
) -> None:
    settings = options.settings(config, show)
    options.log_to_screen(verbose=verbose)
    serve(Service(settings, rehearsal=rehearsal, fresh=fresh), settings, until_told)


async def until_told(_service: Service) -> None:
    """Until SIGINT or SIGTERM."""
    await asyncio.Event().wait()


def serve(service: Service, settings: Settings, work: Callable[[Service], Awaitable[None]]) -> None:
    """Start the service, do `work` with it, stop it. SIGINT and SIGTERM end the work; a start that fails says why."""
    try:
        asyncio.run(_serve(service, settings, work))
    except ShowUnusable as error:
        tables.print_problems([problem.as_json() for problem in error.problems], None, options.err)
        raise typer.Exit(options.ERRORS) from error
    except (ConfigError, StoreError, ServerError, ObsError) as error:
        fail(str(error))


async def _serve(service: Service, settings: Settings, work: Callable[[Service], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_stop.set)
    await service.start()
    try:
        page = f"http://{settings.web.host}:{service.web.port}/"
        options.err.print(
            f"[bold green]●[/] {options.escape(service.show)} · " + _("control page: %(page)s", page=page),
            soft_wrap=True,
        )
        working = asyncio.ensure_future(work(service))
        stopping = asyncio.create_task(asked_to_stop.wait())
        await asyncio.wait({working, stopping, service.loop}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, service.loop):
            if task.done():
                task.result()  # whoever restarts services shall see that this one failed
        stopping.cancel()
        working.cancel()
    finally:
        await service.stop()
