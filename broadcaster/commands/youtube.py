"""`youtube login | check | plan | live | complete`."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from broadcaster.commands import options, youtube_tables
from broadcaster.commands.options import CONFIG, ERRORS, FINE, WARNINGS, AsJson, Config, OneDay, Show, fail, out
from broadcaster.commands.show import only_day, rundown_of
from broadcaster.devices.clock import SystemClock
from broadcaster.devices.youtube.faults import ChannelFault, NotThere, Offline
from broadcaster.devices.youtube.preparation import INSERT, METHODS, Kind
from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.schedule_files.reading import DESCRIPTION
from broadcaster.show.broadcasts import day_parts
from broadcaster.show.quota_forecast import BROADCAST, Use, forecast
from broadcaster.store import SqlStore, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.oauth2.credentials import Credentials

    from broadcaster.config import Settings
    from broadcaster.devices.youtube.checking import Desk, PartPlan
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.quota_forecast import QuotaDay
    from broadcaster.show.rundown import Rundown

app = typer.Typer(no_args_is_help=True)

ROUNDS = 60
"""Looks and steps that applying a plan may take for one broadcast."""
PATIENCE_S = 180.0
AGAIN_S = 3.0


@dataclass(frozen=True, slots=True)
class _Place:
    """What a command on YouTube works with. `parts` are those that are not over."""

    settings: Settings
    rundown: Rundown
    parts: tuple[DayPart, ...]
    store: SqlStore
    clock: SystemClock
    ledger: Ledger

    def desk(self) -> Desk:
        from broadcaster.devices.youtube.checking import Desk

        settings = self.settings
        template = settings.show / DESCRIPTION
        return Desk(settings.youtube, self.store, settings.show.name, self.clock, self.ledger, template)


@app.command("login", help=_("Let Google know this service, once, in a browser."))
def login(
    config: Config = CONFIG,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=_("Agree in a browser on any other machine."))
    ] = False,
) -> None:
    from broadcaster.devices.youtube.login import Elsewhere, log_in

    loaded = options.settings(config)
    settings = loaded.youtube
    if settings.client_secrets is None:
        fail(_("Set [youtube] client_secrets to the client_secrets.json of your Google Cloud project."))
    channel: list[tuple[str, str]] = []

    def check(credentials: Credentials) -> None:
        channel.append(_channel_of(loaded, credentials))

    try:
        if not no_browser:
            log_in(settings.client_secrets, settings.token_file, check=check)
        else:
            elsewhere = Elsewhere(settings.client_secrets)
            out.print(_("1. Open this address in a browser on any machine, choose the channel, and agree:"))
            typer.echo(elsewhere.url)
            out.print(
                _(
                    "2. The browser then ends on a page that cannot be reached: that is right. Copy its whole address, "
                    "which begins with http://localhost."
                )
            )
            elsewhere.finish(typer.prompt(_("3. Paste it here")), settings.token_file, check=check)
    except ChannelFault as error:
        fail(str(error))
    mine, title = channel[-1]
    kept = _(
        "The login of channel “%(title)s” (%(id)s) is in %(path)s.", title=title, id=mine, path=settings.token_file
    )
    out.print(f"[green]✓[/] {options.escape(kept)}", soft_wrap=True)
    if not settings.channel_id:
        out.print(
            _('If that is the right channel, set channel_id = "%(id)s" below [youtube] in config.toml.', id=mine),
            soft_wrap=True,
        )


@app.command("check", help=_("Name what is wrong on YouTube: login, channel, broadcasts, quota."))
def check(config: Config = CONFIG, show: Show = None, day: OneDay = None, as_json: AsJson = False) -> None:
    from broadcaster.devices.youtube.checking import check as findings_of

    with _place(config, show, day, quiet=as_json) as place:
        findings = findings_of(place.desk(), place.parts)
    if as_json:
        options.print_json(youtube_tables.check_json(findings))
    else:
        youtube_tables.print_check(findings, place.rundown.timezone)
    errors = any(problem["severity"] == "error" for problem in findings.problems)
    raise typer.Exit(ERRORS if errors else WARNINGS if findings.problems else FINE)


@app.command("plan", help=_("What is to be done on YouTube, and what it costs; with --apply, do it."))
def plan(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    apply: Annotated[bool, typer.Option("--apply", help=_("Do it."))] = False,
    as_json: AsJson = False,
) -> None:
    with _place(config, show, day, quiet=as_json) as place:
        desk = place.desk()
        try:
            desk.connect()
            if apply:
                for part in place.parts:
                    _apply(desk, part, quiet=as_json)
            plans = desk.plan_all(place.parts)
        except ChannelFault as fault:
            fail(str(fault))
        days = _forecast(place, plans)
        left = place.ledger.left()
        if as_json:
            options.print_json(youtube_tables.plan_json(plans, days, left=left, ledger=place.ledger))
        else:
            youtube_tables.print_plan(plans, place.rundown.timezone, place.ledger)
            youtube_tables.print_forecast(days, place.settings.youtube.daily_quota, place.rundown.timezone)
            if not apply and any(each.steps for each in plans):
                out.print(_("Nothing has been sent. --apply does it."), style="dim")
    over = any(quota.total > place.settings.youtube.daily_quota for quota in days)
    raise typer.Exit(WARNINGS if over else FINE)


@app.command("live", help=_("Have the day's broadcast go live."))
def live(config: Config = CONFIG, show: Show = None, day: OneDay = None) -> None:
    _by_hand("live", config, show, day)


@app.command("complete", help=_("End the day's broadcast, for good."))
def complete(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> None:
    _by_hand("complete", config, show, day, sure=yes)


def _by_hand(act: str, config: Config, show: Show, day: OneDay, *, sure: bool = True) -> None:
    """What the service does on its own thread, done here: it works beside a running service, and without one."""
    from broadcaster.devices.youtube.channel import keeper_for

    with _place(config, show, day, quiet=True, with_past=True) as place:
        settings = place.settings
        keeper = keeper_for(
            settings.youtube,
            place.store,
            settings.show.name,
            place.clock,
            settings.show / DESCRIPTION,
            ledger=place.ledger,
        )
        keeper.follow(place.parts)
        keeper.turn()
        now = keeper.health()
        if not now.id:
            fail(now.detail or _("There is no broadcast on YouTube for this day."))
        if not sure:
            typer.confirm(_("End “%(title)s” for good?", title=now.title), abort=True)
        try:
            keeper.ask(act, now.id)
        except Refused as error:
            fail(str(error))
        until = time.monotonic() + PATIENCE_S
        with out.status(_("Waiting for YouTube")):
            while keeper.is_busy() and time.monotonic() < until:
                time.sleep(min(keeper.turn(), AGAIN_S))
                if keeper.health().detail and not keeper.is_busy():
                    fail(keeper.health().detail)
        now = keeper.health()
        if keeper.is_busy():
            why = now.detail or _("it is %(status)s, waiting for %(stage)s", status=now.status, stage=now.stage)
            fail(_("YouTube has not done it yet: %(why)s. A running service goes on trying.", why=why))
        out.print(f"[green]✓[/] {options.escape(now.title)}: {now.status} {now.url}", soft_wrap=True)


# ---------------------------------------------------------------- applying


def _apply(desk: Desk, part: DayPart, *, quiet: bool) -> None:
    """Step by step, looking before each; a step whose answer is lost is looked for before it is done again."""
    fault = None
    for _round in range(ROUNDS):
        plan = _look(desk, part)
        if plan is None:
            continue
        if not plan.steps:
            return
        step = plan.steps[0]
        known = desk.memory.of(part)
        if step.kind is Kind.BROADCAST and known.asked == INSERT and (wait := desk.preparation.patience(part)):
            time.sleep(min(wait, AGAIN_S))
        else:
            try:
                desk.preparation.do(part, plan.found, step)
                if not quiet:
                    out.print(f"[green]✓[/] {options.escape(step.what)}", soft_wrap=True)
            except (Offline, NotThere) as error:  # it may have worked all the same: look
                fault = error
                desk.renew()
                time.sleep(AGAIN_S)
    fail(str(fault) if fault else _("YouTube does not do what it is asked; try again later."))


def _look(desk: Desk, part: DayPart) -> PartPlan | None:
    try:
        return desk.plan(part)
    except Offline:
        desk.renew()
        time.sleep(AGAIN_S)
        return None


def _forecast(place: _Place, plans: Sequence[PartPlan]) -> tuple[QuotaDay, ...]:
    """The show's quota days, with what is still to be prepared today, and with going live and ending."""
    youtube, now = place.settings.youtube, place.clock.now()
    further = [Use(now, BROADCAST, METHODS[step.kind]) for each in plans for step in each.steps]
    for part in place.parts:
        moves = 2 if youtube.monitor else 1
        further.append(Use(part.start, BROADCAST, ("liveBroadcasts.transition",), moves))
        further.append(Use(part.end, BROADCAST, ("liveBroadcasts.transition",)))
    return forecast(place.rundown, chat=youtube.chat, further=further, costs=youtube.costs)


# ----------------------------------------------------------------- shared


@contextmanager
def _place(config: Config, show: Show, day: OneDay, *, quiet: bool, with_past: bool = False) -> Iterator[_Place]:
    from broadcaster.devices.youtube.channel import ledger_for

    settings = options.settings(config, show)
    rundown = only_day(rundown_of(settings, quiet=quiet), day)
    clock = SystemClock()
    before, after = timedelta(minutes=settings.stream.before), timedelta(minutes=settings.stream.after)
    parts = day_parts(rundown, settings.youtube.title, before, after)
    coming = tuple(part for part in parts if part.end > clock.now())
    if with_past and day is None:
        # Before midnight a day's broadcast may still have to be ended.
        recent = tuple(part for part in parts if part.end > clock.now() - timedelta(hours=12))
        coming = recent[:1] or coming[:1]
    elif with_past:
        coming = parts[:1]
    try:
        store = SqlStore(settings.store.url)
    except StoreError as error:
        fail(str(error))
    try:
        yield _Place(settings, rundown, coming, store, clock, ledger_for(settings.youtube, store, clock))
    finally:
        store.close()


def _channel_of(settings: Settings, credentials: Credentials) -> tuple[str, str]:
    """The channel of a login that is not kept yet. What that costs is written down where the service counts."""
    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.broadcasts import Broadcasts
    from broadcaster.devices.youtube.channel import ledger_for
    from broadcaster.devices.youtube.login import check_channel

    try:
        store = SqlStore(settings.store.url)
    except StoreError as error:
        fail(str(error))
    try:
        ledger = ledger_for(settings.youtube, store, SystemClock())
        api = Api(settings.youtube.api_root, credentials, ledger)
        return check_channel(Broadcasts(api), settings.youtube.channel_id)
    finally:
        store.close()
