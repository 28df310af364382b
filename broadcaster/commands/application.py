"""All commands in one application."""

from __future__ import annotations

import typer

from broadcaster.commands import demo, obs, people, report, run, show, youtube, youtube_finish
from broadcaster.language import gettext as _

app = typer.Typer(
    name="broadcaster",
    help=_("Live-stream scheduling and broadcast automation: OBS, YouTube, and the record of what aired."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run", help=_("Run the show."))(run.run)
app.command("check", help=_("Name every problem of the show."))(show.check)
app.command("timeline", help=_("Planned times, gaps, overlaps, over/under."))(show.timeline)
app.command("simulate", help=_("Play whole days in seconds, without OBS or YouTube."))(show.simulate)
app.command("describe", help=_("The YouTube description as it would stand at a time."))(show.describe)
app.command("report", help=_("What aired, against the plan."))(report.report)
app.command("demo", help=_("A small expo of generated videos on a real OBS, YouTube in rehearsal."))(demo.demo)
youtube.app.command("finish", help=_("Chapters and links of all who aired, under the replay; with --apply, write it."))(
    youtube_finish.finish
)
app.add_typer(people.app, name="people", help=_("People: who may come into the control room."))
app.add_typer(youtube.app, name="youtube", help=_("YouTube: login, broadcasts, quota."))
app.add_typer(obs.app, name="obs", help=_("OBS: a private one, the managed scenes, what is wrong."))
