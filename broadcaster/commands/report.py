"""`report`: what aired, against the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from broadcaster import answers, schedule_files
from broadcaster.app import REHEARSED
from broadcaster.commands import options, tables
from broadcaster.commands.options import CONFIG, AsJson, Config, OneDay, Show, escape, fail, out
from broadcaster.language import gettext as _
from broadcaster.show.chapters import chapters
from broadcaster.store import SqlStore, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.show.as_run import AsRun


def report(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    rehearsal: Annotated[bool, typer.Option(help=_("Of the rehearsal."))] = False,
    as_json: AsJson = False,
) -> None:
    settings = options.settings(config, show)
    try:
        store = SqlStore(settings.store.url)
    except StoreError as error:
        fail(str(error))
    try:
        rows = _of_day(store.as_run(settings.show.name + (REHEARSED if rehearsal else "")), day)
    finally:
        store.close()
    answer = [answers.as_run_row(row) for row in rows]
    if as_json:
        options.print_json(answer)
        return
    if not rows:
        out.print(_("Nothing of this show has aired yet."))
        return
    rundown = schedule_files.read(settings.show).rundown
    names = {str(key): exhibitor.name for key, exhibitor in rundown.exhibitors.items()} if rundown else {}
    tables.print_as_run(answer, rundown.timezone if rundown else "UTC")
    tables.print_airtime(answer, names)
    _print_chapters(rows)


def _of_day(rows: list[AsRun], day: str | None) -> list[AsRun]:
    days = sorted({row.day for row in rows})
    known = {date.isoformat(): date for date in days} | {str(n): date for n, date in enumerate(days, 1)}
    if day is None:
        return rows
    if day not in known:
        names = ", ".join(date.isoformat() for date in days)
        fail(_("Nothing aired on day %(day)s; there is %(days)s.", day=day, days=names or "–"))
    return [row for row in rows if row.day == known[day]]


def _print_chapters(rows: Sequence[AsRun]) -> None:
    """One block a day, counted from the day's first picture; move them if the stream began earlier."""
    for day in sorted({row.day for row in rows}):
        of_day = [row for row in rows if row.day == day]
        starts = [row.actual_start for row in of_day if row.actual_start]
        marks = chapters(of_day, min(starts), _("Opening")) if starts else ()
        if marks:
            out.print("\n[bold]" + _("Chapters") + f"[/] {day}")
            for mark in marks:
                out.print(escape(mark), highlight=False)
