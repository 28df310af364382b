"""Answers as tables for people: local times with their zone, colours with a word beside them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table

from broadcaster.commands.options import escape, out
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from broadcaster.ports import Json
    from broadcaster.show.quota_forecast import QuotaDay
    from broadcaster.show.rundown import Rundown

OUTCOME_STYLE = {"aired": "green", "partial": "yellow", "filled": "yellow", "skipped": "dim", "failed": "red"}


def print_problems(problems: Sequence[Json], rundown: Rundown | None, console: Console = out) -> None:
    for problem in problems:
        colour, sign = ("red", "✗") if problem["severity"] == "error" else ("yellow", "!")
        place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
        console.print(f"[{colour}]{sign}[/] [bold]{escape(place)}[/] {escape(problem['message'])}", soft_wrap=True)
        if problem["hint"]:
            console.print(f"    {escape(problem['hint'])}", style="dim", soft_wrap=True)
    errors = sum(1 for problem in problems if problem["severity"] == "error")
    if not problems and rundown is not None:
        items = sum(len(day.items) for day in rundown.days)
        console.print(
            "[green]✓[/] " + _("%(days)s days, %(items)s items, no problems.", days=len(rundown.days), items=items)
        )
    elif problems:
        text = _("%(errors)s errors, %(warnings)s warnings.", errors=errors, warnings=len(problems) - errors)
        console.print(text, style="red" if errors else "yellow")


def print_timeline(answer: Json, rundown: Rundown) -> None:
    zone = ZoneInfo(rundown.timezone)
    for day in answer["days"]:
        first = next((item["planned_start"] for item in day["items"] if item["planned_start"]), None)
        abbreviation = _parse(first).astimezone(zone).tzname() if first else rundown.timezone
        table = _table(f"{day['title']} · {day['day']} · {abbreviation}", _("Cue"), _("Start"), _("End"), _("Item"))
        for item in day["items"]:
            table.add_row(
                item["cue"],
                local(item["planned_start"], zone) + (" ●" if item["hard"] else "  "),
                local(item["planned_end"], zone),
                escape(item["title"]) + "\n".join(["", *_remarks(item)]),
                style="dim" if item["skip"] else None,
            )
        out.print(table)
        over = day["over_under_s"]
        if over is not None:
            end = local(day["planned_end"], zone)
            colour = "yellow" if over > 0 else "green"
            text = _("Planned end %(end)s, over/under %(over)s. ● hard start", end=end, over=signed(over))
            out.print(text, style=colour)


def _remarks(item: Json) -> list[str]:
    remarks = []
    if item["skip"]:
        remarks.append(_("skip"))
    if item["overlap_s"]:
        remarks.append("[red]" + _("overlap %(duration)s", duration=clock(item["overlap_s"])) + "[/]")
    if item["gap_s"]:
        remarks.append("[yellow]" + _("gap %(duration)s", duration=clock(item["gap_s"])) + "[/]")
    return remarks


def print_as_run(rows: Sequence[Json], timezone: str) -> None:
    zone = ZoneInfo(timezone)
    table = _table(_("As-run"), _("Cue"), _("Planned"), _("Actual"), _("Late"), _("Outcome"), _("Item"))
    day = None
    for row in rows:
        if day not in {None, row["day"]}:
            table.add_section()
        day = row["day"]
        outcome = row["outcome"] or "on air"
        note = f"\n[dim]{escape(row['note'])}[/]" if row["note"] else ""
        table.add_row(
            row["cue"],
            local(row["planned_start"], zone),
            local(row["actual_start"], zone),
            _late(row["lateness_s"]),
            f"[{OUTCOME_STYLE.get(outcome, 'red')}]{_(outcome)}[/]",
            escape(row["title"]) + note,
        )
    out.print(table)


def _late(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:+.0f} ms" if abs(seconds) < 10 else signed(seconds)


def _table(title: str, *headings: str) -> Table:
    """All columns as narrow as their content, but for the last: it takes the rest, and wraps."""
    table = Table(title=escape(title), title_style="bold", title_justify="left", box=SIMPLE_HEAD)
    for heading in headings[:-1]:
        table.add_column(heading, no_wrap=True)
    table.add_column(headings[-1], ratio=1, overflow="fold")
    return table


def print_airtime(rows: Sequence[Json], names: dict[str, str]) -> None:
    """Seconds on air per exhibitor, as the studio confirmed them."""
    seconds: dict[str, float] = defaultdict(float)
    for row in rows:
        if row["exhibitor"] and row["actual_start"] and row["actual_end"]:
            span = _parse(row["actual_end"]) - _parse(row["actual_start"])
            seconds[row["exhibitor"]] += span.total_seconds()
    if not seconds:
        return
    table = Table(title=_("Airtime per exhibitor"), title_style="bold")
    table.add_column(_("Exhibitor"))
    table.add_column(_("On air"), justify="right")
    for exhibitor, on_air in seconds.items():
        table.add_row(escape(names.get(exhibitor, exhibitor)), clock(on_air))
    out.print(table)


def print_quota_days(days: Sequence[QuotaDay], daily: int, timezone: str) -> None:
    """What the show costs of YouTube's quota, if it goes as planned; a quota day can end in the middle of a show."""
    zone = ZoneInfo(timezone)
    for day in days:
        until = f"{day.ends.astimezone(zone):%Y-%m-%d %H:%M %Z}"
        text = _("Quota until %(until)s: %(units)s of %(daily)s units.", until=until, units=day.total, daily=daily)
        out.print(text, style="red" if day.total > daily else None)


def local(text: str | None, zone: ZoneInfo) -> str:
    """hh:mm:ss, of the nearest second: a start that came 4 ms early is no second early."""
    return (_parse(text) + timedelta(milliseconds=500)).astimezone(zone).strftime("%H:%M:%S") if text else "–"


def clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def signed(seconds: float) -> str:
    return f"{'+' if seconds > 0 else '−' if seconds < 0 else '±'}{clock(abs(seconds))}"


def _parse(text: str) -> datetime:
    return datetime.fromisoformat(text)
