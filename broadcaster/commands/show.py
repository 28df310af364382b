"""Commands on a show's files: check, timeline, simulate, describe."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from broadcaster import answers, schedule_files, simulation
from broadcaster.commands import options, tables, videos
from broadcaster.commands.options import CONFIG, ERRORS, FINE, WARNINGS, AsJson, Config, OneDay, Show, escape, fail, out
from broadcaster.commands.reachable import studio_problems
from broadcaster.devices.media import MediaProbe
from broadcaster.devices.youtube.template import Template, TemplateFault
from broadcaster.language import gettext as _
from broadcaster.schedule_files.reading import DESCRIPTION
from broadcaster.show.description import MAX_BYTES, merge, sha256
from broadcaster.show.public_text import size
from broadcaster.show.quota_forecast import forecast

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.config import Settings
    from broadcaster.ports import Json
    from broadcaster.schedule_files import Reading
    from broadcaster.show.rundown import Media, Rundown


def check(config: Config = CONFIG, show: Show = None, as_json: AsJson = False) -> None:
    settings = options.settings(config, show)
    probe = _probe(settings)
    reading = _read(settings, probe, quiet=as_json)
    unmeasured = videos.measure(probe, reading.videos, quiet=as_json)
    reading = _read(settings, probe, quiet=True)  # once more: measuring can find that OBS cannot play a video
    told = [*reading.problems, *unmeasured, *videos.problems(probe, reading)]
    problems = [problem.as_json() for problem in sorted(told, key=schedule_files.reading.place)]
    problems += _template_problems(settings, problems)
    problems += studio_problems(settings, reading.rundown)
    errors = sum(1 for problem in problems if problem["severity"] == "error")
    if as_json:
        options.print_json({"problems": problems})
    else:
        tables.print_problems(problems, reading.rundown)
        if remark := videos.note(probe, reading):
            out.print(remark, style="dim", soft_wrap=True)
    raise typer.Exit(ERRORS if errors else WARNINGS if problems else FINE)


def timeline(config: Config = CONFIG, show: Show = None, day: OneDay = None, as_json: AsJson = False) -> None:
    rundown = rundown_of(options.settings(config, show), quiet=as_json)
    answer = answers.timeline(only_day(rundown, day))
    if as_json:
        options.print_json(answer)
    else:
        tables.print_timeline(answer, rundown)


def simulate(
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help=_("Write the result there; - is standard output."))
    ] = None,
) -> None:
    settings = options.settings(config, show)
    rundown = only_day(rundown_of(settings, quiet=str(json_file) == "-"), day)
    total = sum(len(each.items) for each in rundown.days)
    with options.progress(_("Simulating"), quiet=json_file is not None) as tell:
        result = simulation.simulate(rundown, settings.show / DESCRIPTION, lambda done: tell(done, total))
    youtube = settings.youtube
    days = forecast(rundown, chat=youtube.chat, costs=youtube.costs)
    answer: Json = {
        "as_run": [answers.as_run_row(row) for row in result.as_run],
        "descriptions": [
            {"at": answers.instant(text.at), "item": text.item, "text": text.text, "sha256": sha256(text.text)}
            for text in result.descriptions
        ],
        "quota": {"used": result.quota_used, "days": [answers.quota_day(each) for each in days]},
    }
    if json_file is None:
        tables.print_as_run(answer["as_run"], rundown.timezone)
        out.print(
            _(
                "%(items)s items, %(texts)s descriptions, %(units)s units of YouTube's quota.",
                items=len(answer["as_run"]),
                texts=len(answer["descriptions"]),
                units=result.quota_used,
            )
        )
        tables.print_quota_days(days, youtube.daily_quota, rundown.timezone)
    elif str(json_file) == "-":
        options.print_json(answer)
    else:
        json_file.write_text(json.dumps(answer, ensure_ascii=False, indent=2) + "\n", "utf-8")


def describe(
    at: Annotated[str, typer.Option("--at", help=_("Local time (10:30) of the day, or a date and time."))],
    config: Config = CONFIG,
    show: Show = None,
    day: OneDay = None,
    as_json: AsJson = False,
) -> None:
    settings = options.settings(config, show)
    rundown = rundown_of(settings, quiet=as_json)
    if not rundown.days:
        fail(_("The show has no days."))
    moment = moment_of(at, only_day(rundown, day), datetime.now(UTC))
    result = simulation.simulate(rundown, settings.show / DESCRIPTION)
    standing = [revision for revision in result.descriptions if revision.at <= moment]
    text = standing[-1].text if standing else ""
    taken = size(merge("", text)) if text else 0
    if as_json:
        item = standing[-1].item if standing else None
        options.print_json(
            {"at": answers.instant(moment), "item": item, "text": text, "bytes": taken, "limit": MAX_BYTES}
        )
    elif text:
        out.print(escape(text), soft_wrap=True, highlight=False)
        options.err.print(
            _("%(bytes)s of %(limit)s bytes, with its two marker lines.", bytes=taken, limit=MAX_BYTES), style="dim"
        )
    else:
        options.err.print(_("Nothing has been on air by then: the description has no managed block yet."))


def _template_problems(settings: Settings, found: list[Json]) -> list[Json]:
    """What the channel refuses in a template that is Jinja all the same; nothing when reading has told of it."""
    template = settings.show / DESCRIPTION
    file = str(schedule_files.problems.familiar(template))
    if not template.exists() or any(problem["file"] == file for problem in found):
        return []
    try:
        Template(template)
    except TemplateFault as fault:
        hint = _("Compare it with docs/schedule-files.md, or remove the file to use the built-in text.")
        return [schedule_files.Problem("error", file, max(1, fault.line), fault.message, hint).as_json()]
    return []


def _probe(settings: Settings) -> MediaProbe:
    return MediaProbe.kept_in(settings.state_dir, own_obs=settings.obs.launch)


def _read(settings: Settings, probe: MediaProbe, *, quiet: bool) -> Reading:
    with options.progress(_("Looking at the videos"), quiet=quiet) as tell:
        return schedule_files.read(
            schedule_files.problems.familiar(settings.show), _CountingProbe(probe, lambda n: tell(n, 0))
        )


class _CountingProbe:
    """ports.Probe that tells how many files it has looked at."""

    def __init__(self, probe: MediaProbe, tell: Callable[[int], None]) -> None:
        self._probe, self._tell, self._seen = probe, tell, 0

    def media(self, path: str) -> Media:
        self._seen += 1
        self._tell(self._seen)
        return self._probe.media(path)


def rundown_of(settings: Settings, *, quiet: bool) -> Rundown:
    """The show as its files have it; ends the command when they cannot be used."""
    if not settings.show.is_dir():
        fail(_("There is no folder %(path)s; name the show with --show.", path=settings.show))
    reading = _read(settings, _probe(settings), quiet=quiet)
    if reading.rundown is None:
        tables.print_problems(
            [problem.as_json() for problem in reading.problems if problem.blocking], None, options.err
        )
        raise typer.Exit(ERRORS)
    return reading.rundown


def only_day(rundown: Rundown, day: str | None) -> Rundown:
    """The show with one of its days, named by date or number."""
    if day is None:
        return rundown
    for index, each in enumerate(rundown.days):
        if day in {each.date.isoformat(), str(index + 1)}:
            return replace(rundown, days=(each,))
    known = ", ".join(each.date.isoformat() for each in rundown.days)
    return fail(_("The show has no day %(day)s; it has %(days)s.", day=day, days=known))


def moment_of(text: str, rundown: Rundown, now: datetime) -> datetime:
    """The instant that a person means; a time without a date is today's, or of the first day of another day's show."""
    zone = ZoneInfo(rundown.timezone)
    try:
        if len(text) <= len("hh:mm:ss"):
            clock = time.fromisoformat(text.replace(".", ":").zfill(5))
            today = now.astimezone(zone).date()
            day = today if any(day.date == today for day in rundown.days) else rundown.days[0].date
            return datetime.combine(day, clock, zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(_("“%(text)s” is no time. Write it like 10:30, or 2026-11-25T10:30.", text=text))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
