"""What `youtube check` and `youtube plan` have found, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table

from broadcaster.answers import instant, quota_day
from broadcaster.commands.options import escape, out
from broadcaster.devices.youtube.preparation import METHODS
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.devices.youtube.checking import Findings, PartPlan
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.ports import Json
    from broadcaster.show.quota_forecast import QuotaDay


def check_json(findings: Findings) -> Json:
    days = findings.login_days
    return {
        "problems": findings.problems,
        "channel": findings.channel,
        "login": {"days_left": None if days is None else round(days, 2)},
        "broadcasts": [_broadcast(plan) for plan in findings.plans],
        "quota": findings.quota,
    }


def plan_json(plans: Sequence[PartPlan], days: Sequence[QuotaDay], *, left: int, ledger: Ledger) -> Json:
    """`units` are those of the steps; `days` the whole show's, by quota day."""
    return {
        "broadcasts": [
            _broadcast(plan)
            | {
                "steps": [
                    {"kind": step.kind.value, "what": step.what, "units": ledger.units(*METHODS[step.kind])}
                    for step in plan.steps
                ],
                "units": plan.units,
            }
            for plan in plans
        ],
        "units": sum(plan.units for plan in plans),
        "quota_left": left,
        "days": [quota_day(day) for day in days],
    }


def print_check(findings: Findings, timezone: str) -> None:
    if findings.channel:
        out.print(
            "[green]✓[/] "
            + _("Channel “%(title)s” (%(id)s).", title=escape(findings.channel["title"]), id=findings.channel["id"]),
            soft_wrap=True,
        )
    if findings.login_days is not None:
        out.print(_("The login lasts %(days)s more days.", days=f"{max(findings.login_days, 0):.1f}"))
    for plan in findings.plans:
        _print_broadcast(plan, timezone)
    for problem in findings.problems:
        colour, sign = ("red", "✗") if problem["severity"] == "error" else ("yellow", "!")
        out.print(f"[{colour}]{sign}[/] {escape(problem['message'])}", soft_wrap=True)
        if problem["hint"]:
            out.print(f"    {escape(problem['hint'])}", style="dim", soft_wrap=True)
    out.print(
        _("%(left)s of %(daily)s units are left today.", left=findings.quota["left"], daily=findings.quota["daily"])
    )
    if not findings.problems:
        out.print("[green]✓[/] " + _("YouTube is ready."))


def print_plan(plans: Sequence[PartPlan], timezone: str, ledger: Ledger) -> None:
    for plan in plans:
        _print_broadcast(plan, timezone)
        if plan.steps:
            table = Table(box=SIMPLE_HEAD)
            table.add_column(_("Step"), ratio=1, overflow="fold")
            table.add_column(_("Units"), justify="right", no_wrap=True)
            for step in plan.steps:
                table.add_row(escape(step.what), str(ledger.units(*METHODS[step.kind])))
            table.add_section()
            table.add_row(_("Together"), str(plan.units))
            out.print(table)
        else:
            out.print("  [green]✓[/] " + _("Nothing is to be done."))


def print_forecast(days: Sequence[QuotaDay], daily: int, timezone: str) -> None:
    """The show's quota days. One of them begins in the middle of a show: midnight in Los Angeles."""
    zone = ZoneInfo(timezone)
    names = {
        "broadcast": _("preparing, going live, ending"),
        "line_1": _("line 1"),
        "chat": _("chat"),
        "watching": _("watching"),
        "last_word": _("final description"),
    }
    table = Table(title=_("Units of the show, by quota day"), title_justify="left", box=SIMPLE_HEAD)
    table.add_column(_("Quota day"), no_wrap=True)
    table.add_column(_("For"), ratio=1, overflow="fold")
    table.add_column(_("Units"), justify="right", no_wrap=True)
    for day in days:
        begins, ends = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (day.begins, day.ends))
        parts = ", ".join(f"{names.get(what, what)} {units}" for what, units in day.units.items() if units)
        style = "red" if day.total > daily else None
        table.add_row(f"{begins} – {ends}", escape(parts), f"{day.total} / {daily}", style=style)
    out.print(table)


def _print_broadcast(plan: PartPlan, timezone: str) -> None:
    broadcast, part, zone = plan.found.broadcast, plan.part, ZoneInfo(timezone)
    when = f"{part.start.astimezone(zone):%Y-%m-%d %H:%M}–{part.end.astimezone(zone):%H:%M %Z}"
    if broadcast is None:
        out.print(f"[bold]{escape(part.title)}[/] · {when} · " + _("not on YouTube yet"), soft_wrap=True)
        return
    what = f"{broadcast.status} · {broadcast.privacy} · {broadcast.url}"
    out.print(f"[bold]{escape(broadcast.title)}[/] · {when} · {what}", soft_wrap=True)
    if plan.found.stream is not None and broadcast.stream:
        stream = plan.found.stream
        gets = _("video arrives (%(health)s)", health=stream.health) if stream.receives else _("no video arrives")
        out.print(f"  {escape(stream.title)} ({stream.id}): {gets}", soft_wrap=True)


def _broadcast(plan: PartPlan) -> Json:
    broadcast, stream, part = plan.found.broadcast, plan.found.stream, plan.part
    bound = stream if broadcast and broadcast.stream else None
    return {
        "day": part.day.isoformat(),
        "number": part.number,
        "title": broadcast.title if broadcast else part.title,
        "start": instant(part.start),
        "end": instant(part.end),
        "id": broadcast.id if broadcast else None,
        "url": broadcast.url if broadcast else None,
        "status": broadcast.status if broadcast else None,
        "privacy": broadcast.privacy if broadcast else None,
        "stream": bound and {"id": bound.id, "title": bound.title, "receives": bound.receives, "health": bound.health},
    }
