"""`obs start | stop | setup | check`."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Annotated

import typer

from broadcaster import schedule_files
from broadcaster.app import obs_address, pages_of, pictures_of, private_obs
from broadcaster.commands import options
from broadcaster.commands.options import CONFIG, ERRORS, FINE, WARNINGS, AsJson, Config, Show, escape, fail, out
from broadcaster.commands.reachable import operator_scenes
from broadcaster.devices import obs
from broadcaster.language import gettext as _
from broadcaster.show.state import initial
from broadcaster.show.wanted import thin_scenes

log = logging.getLogger(__name__)

app = typer.Typer(no_args_is_help=True)

LOOK_EVERY_S = 1.0


@app.command("start", help=_("Run a private headless OBS, and restart it when it dies."))
def start(
    config: Config = CONFIG,
    background: Annotated[bool, typer.Option(help=_("Leave it running, and return once it answers."))] = False,
) -> None:
    settings = options.settings(config)
    options.log_to_screen()
    private = private_obs(settings)
    try:
        private.startup()
    except obs.ObsError as error:
        fail(str(error))
    out.print(
        "[bold green]●[/] "
        + _(
            "OBS answers at %(host)s:%(port)s; its password is in %(file)s, its log is %(log)s.",
            host="127.0.0.1",
            port=settings.obs.port,
            file=private.home / "websocket-password",
            log=private.log_file,
        ),
        soft_wrap=True,
    )
    if background:
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    keep_running(private, stop)


def keep_running(private: obs.PrivateObs, stop: threading.Event, every: float = LOOK_EVERY_S) -> None:
    """Restart OBS whenever it dies, until `stop` is set; then end it. Looks at it every so many seconds."""
    told = ""
    try:
        while not stop.wait(every):
            try:
                private.keep_running()
                told = ""
            except obs.LaunchFailed as error:
                if str(error) != told:
                    told = str(error)
                    log.error("%s", error)  # noqa: TRY400  (it says what to do; a traceback says nothing more)
    finally:
        private.stop()


@app.command("stop", help=_("End the private OBS."))
def stop(config: Config = CONFIG) -> None:
    private_obs(options.settings(config)).stop()


@app.command("setup", help=_("Make or mend the managed scenes."))
def setup(config: Config = CONFIG, show: Show = None, as_json: AsJson = False) -> None:
    settings = options.settings(config, show)
    rundown = schedule_files.read(settings.show).rundown if settings.show.is_dir() else None
    scenes = thin_scenes(initial(rundown)) if rundown else ()
    try:
        changes, missing = obs.setup(
            obs_address(settings),
            settings.obs.prefix,
            pictures_of(settings, rundown.title if rundown else ""),
            scenes,
            pages_of(settings),
        )
    except obs.ObsError as error:
        fail(str(error))
    if as_json:
        options.print_json({"changes": changes, "missing": missing})
    else:
        for change in changes:
            out.print(f"[green]✓[/] {escape(change)}", soft_wrap=True)
        for lack in missing:
            out.print(f"[yellow]![/] {escape(lack)}", soft_wrap=True)
        if not changes and not missing:
            out.print("[green]✓[/] " + _("All scenes are as they should be."))
    raise typer.Exit(WARNINGS if missing else FINE)


@app.command("check", help=_("Name what is wrong with OBS."))
def check(config: Config = CONFIG, show: Show = None, as_json: AsJson = False) -> None:
    settings = options.settings(config, show)
    rundown = schedule_files.read(settings.show).rundown if settings.show.is_dir() else None
    problems = obs.check(obs_address(settings), settings.obs.prefix, operator_scenes(rundown, settings.obs.prefix))
    if as_json:
        options.print_json({"problems": problems})
    for problem in problems if not as_json else ():
        out.print(f"[red]✗[/] {escape(problem)}", soft_wrap=True)
    if not problems and not as_json:
        out.print("[green]✓[/] " + _("OBS is ready."))
    raise typer.Exit(ERRORS if problems else FINE)
