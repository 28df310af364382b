"""`demo`: a small expo of generated videos on a real OBS, from its first item to its last without a hand."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.live import Live
from rich.table import Table

import broadcaster
from broadcaster import schedule_files
from broadcaster.app import Service, private_obs
from broadcaster.commands import options, tables
from broadcaster.commands.options import CONFIG, Config, Show, escape, fail, out
from broadcaster.commands.reachable import operator_scenes
from broadcaster.commands.run import serve
from broadcaster.demo_show import prepare_demo
from broadcaster.devices import obs
from broadcaster.devices.demo_videos import SIZE, DemoVideosError, make_videos
from broadcaster.devices.obs.demo_scenes import make_operator_scenes
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from broadcaster.config import Settings
    from broadcaster.ports import Json

DEMO = Path(broadcaster.__file__).parent.parent / "schedules" / "demo"
COUNTDOWN = timedelta(seconds=12)
"""From the moment that OBS is ready to the first item: time to look at the page, and for the scenes to be made."""


def demo(
    config: Config = CONFIG,
    show: Show = None,
    limit: Annotated[int | None, typer.Option(min=1, help=_("Only the first so many items."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print the as-run in JSON at the end."))] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help=_("Log more."))] = False,
) -> None:
    settings = _demo_settings(options.settings(config))
    source = show.absolute() if show else DEMO
    if not (source / "expo.toml").exists():
        fail(_("There is no demo show in %(path)s.", path=source))
    options.log_to_screen(verbose=verbose)
    try:
        with options.progress(_("Making the demo's videos"), quiet=as_json) as tell:
            make_videos(source, lambda _name, done, total: tell(done, total))
    except DemoVideosError as error:
        fail(str(error))
    if not as_json:
        out.print(_("Starting OBS …"))
    private = private_obs(settings, headless=True)
    try:
        private.startup()
        start = datetime.now(UTC).replace(microsecond=0) + COUNTDOWN
        try:
            prepare_demo(source, settings.show, start, limit)
        except (OSError, ValueError) as error:
            fail(_("The demo show in %(path)s cannot be used: %(why)s", path=source, why=error))
        rundown = schedule_files.read(settings.show).rundown
        if rundown is not None:
            scenes = operator_scenes(rundown, settings.obs.prefix)
            make_operator_scenes(private.address, scenes, settings.state_dir, _("a camera of the operator's"))
        looker_on = _LookerOn(quiet=as_json)
        serve(Service(settings, fresh=True, headless=True), settings, looker_on.play)
    except obs.ObsError as error:
        fail(str(error))
    finally:
        private.stop()
    if as_json:
        options.print_json({"as_run": looker_on.rows, "descriptions": looker_on.revisions})
    else:
        looker_on.report()
    raise typer.Exit(options.FINE if looker_on.ended else options.ERRORS)


def _demo_settings(settings: Settings) -> Settings:
    """The demo has all to itself: its show, its database, its OBS; YouTube is told nothing."""
    home = settings.state_dir / "demo"
    web = settings.web.model_copy(update={"port": _free_port(settings.web.port)})
    return settings.model_copy(
        update={
            "show": home / "demo",
            "state_dir": home,
            "store": settings.store.model_copy(update={"url": f"sqlite:///{home / 'broadcaster.db'}"}),
            "obs": settings.obs.model_copy(
                update={
                    "host": "127.0.0.1",
                    "port": _free_port(settings.obs.port),
                    "launch": True,
                    "password": None,
                    "canvas": f"{SIZE[0]}x{SIZE[1]}",
                }
            ),
            "youtube": settings.youtube.model_copy(update={"mode": "rehearsal"}),
            # Its businesses are made up, and so are their links.
            "links": settings.links.model_copy(update={"check": False}),
            "web": web,
        }
    )


def _free_port(wanted: int) -> int:
    """The port wanted, or any other that is free."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as listener:
            return int(listener.getsockname()[1])
    return wanted


class _LookerOn:
    """Looks on while the demo plays, and remembers what it saw."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.ended = False
        self.rows: list[Json] = []
        self.revisions: list[Json] = []
        self.timezone = "UTC"

    async def play(self, service: Service) -> None:
        room = service.room
        live = contextlib.nullcontext() if self.quiet else Live(console=options.err, refresh_per_second=4)
        with live as screen:
            while not self.ended:
                status = room.status()
                self.ended = status["playback"] == "ended"
                if screen is not None:
                    screen.update(_now_showing(status))
                await asyncio.sleep(0.25)
        await asyncio.sleep(0.5)  # the last item's end is confirmed by the standby scene
        self.rows = room.as_run()
        self.revisions = room.revisions(1000)
        self.timezone = room.status()["timezone"]

    def report(self) -> None:
        tables.print_as_run(self.rows, self.timezone)
        late = sorted(abs(row["lateness_s"]) * 1000 for row in self.rows if row["lateness_s"] is not None)
        if late:
            out.print(
                _(
                    "Starts: median %(median)s ms off plan, largest %(largest)s ms.",
                    median=f"{statistics.median(late):.0f}",
                    largest=f"{late[-1]:.0f}",
                )
            )
        out.print("\n[bold]" + _("YouTube description, line 1 of each revision (rehearsed)") + "[/]")
        for revision in self.revisions:
            out.print(escape(revision["text"].partition("\n")[0]), highlight=False, soft_wrap=True)


def _now_showing(status: Json) -> Table:
    table = Table.grid(padding=(0, 2))
    current, following = status["current"], status["next"]
    words = {"standby": _("STANDBY"), "running": _("RUNNING"), "held": _("HELD"), "ended": _("ENDED")}
    if current:
        left = current["remaining_s"]
        table.add_row(
            "[bold red]● " + _("ON AIR") + "[/]",
            escape(f"{current['cue']} {current['title']}"),
            tables.clock(left or 0),
        )
    else:
        table.add_row("[bold]■ " + words[status["playback"]] + "[/]", "", "")
    if following:
        table.add_row("[green]▶ " + _("NEXT") + "[/]", escape(f"{following['cue']} {following['title']}"), "")
    table.add_row("OBS", escape(status["obs"]["program_scene"] or status["obs"]["state"]), "")
    return table
