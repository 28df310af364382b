"""`report`: what aired, against the plan, and where it is in the replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from broadcaster import answers, schedule_files
from broadcaster.app import REHEARSED
from broadcaster.commands import options, tables
from broadcaster.commands.options import CONFIG, AsJson, Config, OneDay, Show, escape, fail, out
from broadcaster.commands.youtube_finish import videos_of
from broadcaster.language import gettext as _
from broadcaster.show.chapters import chapters
from broadcaster.show.replay import Replay, replay_links
from broadcaster.store import SqlStore, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.config import YouTube
    from broadcaster.ports import Json
    from broadcaster.show.as_run import AsRun


def report(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    rehearsal: Annotated[bool, typer.Option(help=_("Of the rehearsal."))] = False,
    as_json: AsJson = False,
) -> None:
    settings = options.settings(config, show)
    name = settings.show.name + (REHEARSED if rehearsal else "")
    try:
        store = SqlStore(settings.store.url)
    except StoreError as error:
        fail(str(error))
    try:
        rows = _of_day(store.as_run(name), day)
        replays = [] if rehearsal else _replays(store, name, settings.youtube)
    finally:
        store.close()
    links = replay_links(rows, replays)
    answer: list[Json] = [answers.as_run_row(row) | {"replay": links.get((row.item, row.airing))} for row in rows]
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
    _print_links(answer, names)
    _print_chapters(rows, replays)


def _of_day(rows: list[AsRun], day: str | None) -> list[AsRun]:
    days = sorted({row.day for row in rows})
    known = {date.isoformat(): date for date in days} | {str(n): date for n, date in enumerate(days, 1)}
    if day is None:
        return rows
    if day not in known:
        names = ", ".join(date.isoformat() for date in days)
        fail(_("Nothing aired on day %(day)s; there is %(days)s.", day=day, days=names or "–"))
    return [row for row in rows if row.day == known[day]]


def _replays(store: SqlStore, show: str, youtube: YouTube) -> list[Replay]:
    """The broadcasts of which it is known when they began."""
    known = [store.known_video(video) for video in videos_of(store, show, youtube)]
    return [Replay(one.video, one.begins, one.ends) for one in known if one is not None and one.begins is not None]


def _print_links(rows: Sequence[Json], names: dict[str, str]) -> None:
    """One line for each airing of an exhibitor, ready to be sent to it."""
    found = [row for row in rows if row["exhibitor"] and row["replay"]]
    if found:
        out.print("\n[bold]" + _("In the replay") + "[/]")
    for row in found:
        who = names.get(row["exhibitor"], row["title"])
        out.print(f"{row['replay']}  {escape(who)}", highlight=False, soft_wrap=True)


def _print_chapters(rows: Sequence[AsRun], replays: Sequence[Replay]) -> None:
    """One block a broadcast, from its own start; of days of which none is known, from the day's first picture."""
    for replay in replays:
        _print_marks(f"https://youtu.be/{replay.video}", chapters(rows, replay.begins, _("Opening"), replay.ends))
    if replays:
        return
    for day in sorted({row.day for row in rows}):
        of_day = [row for row in rows if row.day == day]
        starts = [row.actual_start for row in of_day if row.actual_start]
        _print_marks(day.isoformat(), chapters(of_day, min(starts), _("Opening")) if starts else ())


def _print_marks(of: str, marks: Sequence[object]) -> None:
    if marks:
        out.print("\n[bold]" + _("Chapters") + f"[/] {of}")
    for mark in marks:
        out.print(escape(mark), highlight=False)
