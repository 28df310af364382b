"""`youtube finish`: chapters and links of all who aired, under the replay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from broadcaster.commands import options
from broadcaster.commands.options import CONFIG, ERRORS, FINE, WARNINGS, AsJson, Config, OneDay, Show, escape, fail, out
from broadcaster.commands.show import only_day, rundown_of
from broadcaster.devices.clock import SystemClock
from broadcaster.language import gettext as _
from broadcaster.show import wanted
from broadcaster.show.state import initial
from broadcaster.store import SqlStore, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from broadcaster.config import YouTube
    from broadcaster.devices.youtube.finishing import Finished
    from broadcaster.ports import Json, Store
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.rundown import Rundown


def finish(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    video: Annotated[str, typer.Option("--video", help=_("The broadcast's id; else those that are known."))] = "",
    apply: Annotated[bool, typer.Option("--apply", help=_("Write it."))] = False,
    as_json: AsJson = False,
) -> None:
    from broadcaster.devices.youtube.channel import ledger_for
    from broadcaster.devices.youtube.faults import ChannelFault
    from broadcaster.devices.youtube.finishing import Finisher

    settings = options.settings(config, show)
    rundown = rundown_of(settings, quiet=as_json)
    name, clock, answer = settings.show.name, SystemClock(), []
    try:
        store = SqlStore(settings.store.url)
    except StoreError as error:
        fail(str(error))
    troubles = 0
    try:
        videos = [video] if video else videos_of(store, name, settings.youtube, only_day(rundown, day) if day else None)
        if not videos:
            fail(_("No broadcast of this show is known. Name one with --video."))
        ledger = ledger_for(settings.youtube, store, clock)
        for each in videos:
            finisher = Finisher(settings.youtube, store, name, clock, ledger, each)
            try:
                finished = finisher.finish(_words_of(rundown), apply=apply)
            except ChannelFault as fault:
                troubles += 1
                options.err.print(f"[yellow]![/] {escape(each)}: {escape(fault)}", soft_wrap=True)
                continue
            answer.append(_as_json(finished))
            if not as_json:
                _print(finished, apply=apply)
    finally:
        store.close()
    if as_json:
        options.print_json({"finished": answer})
    elif answer and not apply:
        out.print(_("Nothing has been sent. --apply does it."), style="dim")
    raise typer.Exit(FINE if not troubles else WARNINGS if answer else ERRORS)


def videos_of(store: Store, show: str, youtube: YouTube, days: Rundown | None = None) -> list[str]:
    """The broadcasts that are known of a show, of `days` only if they are given, in order."""
    wanted_days = None if days is None else {day.date for day in days.days}
    known = [one for one in store.broadcasts(show) if wanted_days is None or one.day in wanted_days]
    named = [video for date, video in sorted(youtube.broadcasts.items()) if wanted_days is None or date in wanted_days]
    videos = [*(one.video for one in known if one.video), *named, youtube.broadcast_id]
    return list(dict.fromkeys(video for video in videos if video))


def _words_of(rundown: Rundown) -> Callable[[datetime], DescriptionWish]:
    zone = ZoneInfo(rundown.timezone)

    def of_day(at: datetime) -> DescriptionWish:
        date = at.astimezone(zone).date()
        index = next((n for n, day in enumerate(rundown.days) if day.date == date), 0)
        return wanted.description(replace(initial(rundown), day=index), at)

    return of_day


def _as_json(finished: Finished) -> Json:
    return {
        "video": finished.video,
        "begins": finished.begins.isoformat(),
        "ends": finished.ends.isoformat(),
        "text": finished.block,
        "written": finished.was_written,
    }


def _print(finished: Finished, *, apply: bool) -> None:
    out.print(f"[bold]https://youtu.be/{escape(finished.video)}[/]")
    out.print(escape(finished.block), soft_wrap=True, highlight=False)
    if apply:
        done = _("written") if finished.was_written else _("it stood there already")
        out.print(f"[green]✓[/] {done}")
