"""Answers as tables for people: local times with their zone, colours with a word beside them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.table import Table

from broadcaster.commands.options import escape, out
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from broadcaster.ports import Json
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
        table = Table(title=escape(f"{day['title']} · {day['day']} · {abbreviation}"), title_style="bold")
        for heading in (_("Cue"), _("Start"), _("End"), _("Item"), _("Type"), _("Gap / overlap")):
            table.add_column(heading, no_wrap=heading != _("Item"))
        for item in day["items"]:
            style, kind = "dim" if item["skip"] else None, item["type"]
            start = local(item["planned_start"], zone) + (" ●" if item["hard"] else "")
            table.add_row(
                item["cue"],
                start,
                local(item["planned_end"], zone),
                escape(item["title"]),
                _(kind) + (" (" + _("skip") + ")" if item["skip"] else ""),
                _unbooked(item),
                style=style,
            )
        out.print(table)
        over = day["over_under_s"]
        if over is not None:
            end = local(day["planned_end"], zone)
            colour = "yellow" if over > 0 else "green"
            text = _("Planned end %(end)s, over/under %(over)s. ● hard start", end=end, over=signed(over))
            out.print(text, style=colour)


def _unbooked(item: Json) -> str:
    if item["overlap_s"]:
        return "[red]" + _("overlap %(duration)s", duration=clock(item["overlap_s"])) + "[/]"
    if item["gap_s"]:
        return "[yellow]" + _("gap %(duration)s", duration=clock(item["gap_s"])) + "[/]"
    return ""


def print_as_run(rows: Sequence[Json], timezone: str) -> None:
    zone = ZoneInfo(timezone)
    table = Table(title=_("As-run"), title_style="bold")
    headings = (_("Cue"), _("Item"), _("Planned"), _("Actual"), _("End"), _("Late"), _("Outcome"), _("Note"))
    for heading in headings:
        table.add_column(heading, no_wrap=heading not in {_("Item"), _("Note")})
    day = None
    for row in rows:
        if day not in {None, row["day"]}:
            table.add_section()
        day = row["day"]
        outcome = row["outcome"] or "on air"
        lateness = row["lateness_s"]
        table.add_row(
            row["cue"],
            escape(row["title"]),
            local(row["planned_start"], zone),
            local(row["actual_start"], zone),
            local(row["actual_end"], zone),
            "" if lateness is None else f"{lateness * 1000:+.0f} ms" if abs(lateness) < 10 else signed(lateness),
            f"[{OUTCOME_STYLE.get(outcome, 'red')}]{_(outcome)}[/]",
            escape(row["note"]),
        )
    out.print(table)


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


def local(text: str | None, zone: ZoneInfo) -> str:
    return _parse(text).astimezone(zone).strftime("%H:%M:%S") if text else "–"


def clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def signed(seconds: float) -> str:
    return f"{'+' if seconds > 0 else '−' if seconds < 0 else '±'}{clock(abs(seconds))}"


def _parse(text: str) -> datetime:
    return datetime.fromisoformat(text)
