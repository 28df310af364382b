"""`make bench-onair`: what viewers receive when some two dozen videos of all kinds are played back to back.

Each player gets the same OBS, the same clips, and a stream into a receiver whose recording is then looked at frame by
frame. Nothing here fails on a slow machine: the players are compared with each other.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.received import alternative, ours, score
from bench.received.clips import KINDS, Clip, make_clips
from bench.received.receiver import Receiver
from bench.received.stage import CANVAS, FPS, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.received.alternative import ByHandOfAScript, SceneSwitcher
    from bench.received.score import Score
    from bench.received.switches import Flaws

OURS = "Broadcaster"
TAIL = 1.0
"""Seconds that the stream goes on after the last clip, so that its end is in the recording."""


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    out = Console(width=None if sys.stdout.isatty() else 120)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="bench-onair-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        scores = run(
            folder, options.cache, _chosen(options), options.players, transition=options.transition, tell=out.print
        )
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    out.print(table(scores))
    if options.each:
        for each in scores:
            out.print(switch_table(each))
    if options.json is not None:
        options.json.write_text(json.dumps([each.as_json() for each in scores], indent=1, ensure_ascii=False), "utf-8")


def run(
    folder: Path,
    cache: Path,
    numbers: Sequence[int] | None = None,
    players: Sequence[str] = ("ours", "switcher", "script"),
    *,
    transition: str = "cut",
    tell: Callable[[str], object] = print,
) -> list[Score]:
    """Play the clips by each player on one OBS; what viewers got.

    Args:
        folder: for OBS, the show, logs, and the recordings (in received/).
        cache: where clips, and the scene switcher's package, are kept from run to run.
        numbers: of the clips, in order; by default all.
        players: of "ours", "switcher" and "script".
        transition: as in expo.toml; the others cut.
        tell: called with a line on what is being done.

    """
    tell("Making the clips …")
    clips = make_clips(cache / "clips", numbers=numbers)
    libraries = alternative.fetch_plugin(cache / "plugin") if "switcher" in players else None
    others: list[ByHandOfAScript | SceneSwitcher] = []
    if "switcher" in players:
        if libraries is None:
            tell(f"{alternative.PLUGIN} cannot be had here; a script stands in for it.")
        else:
            others.append(alternative.SceneSwitcher())
    if "script" in players or ("switcher" in players and libraries is None):
        others.append(alternative.ByHandOfAScript())
    seconds = sum(clip.duration for clip in clips)
    scores = []
    with Receiver(folder / "received") as receiver:
        stage = Stage(folder, receiver)
        if libraries is not None:
            alternative.install_plugin(libraries, stage.obs.home)
        stage.start()
        try:
            if "ours" in players:
                tell(f"{OURS}: {len(clips)} clips, {seconds:.0f} s …")
                scores.append(_ours(stage, clips, transition))
            for other in others:
                tell(f"{other.name}: the same …")
                scores.append(_other(stage, other, clips))
        finally:
            stage.stop()
    return scores


def _ours(stage: Stage, clips: Sequence[Clip], transition: str) -> Score:
    prepared = ours.Service(stage, clips, expo=f'transition = "{transition}"')
    prepared.prepare()
    with stage.streaming(), prepared as service:
        service.until_on_air()
        stage.begin_load()
        service.wait()
        load = stage.load()
        plan = service.plan()
        time.sleep(TAIL)
    links = {clip.number: ours.link(clip) for clip in clips}
    return score.score(OURS, stage.receiver.wait(), plan, FPS, load, links)


def _other(stage: Stage, player: ByHandOfAScript | SceneSwitcher, clips: Sequence[Clip]) -> Score:
    player.prepare(stage, clips)
    with stage.streaming():
        time.sleep(TAIL)
        stage.begin_load()
        plan = player.play(stage, clips)
        load = stage.load()
        time.sleep(TAIL)
    return score.score(player.name, stage.receiver.wait(), plan, FPS, load)


def table(scores: Sequence[Score]) -> Table:
    found = Table(title=f"On air, as received ({CANVAS[0]}×{CANVAS[1]}, {FPS} fps)", title_justify="left")
    found.add_column("")
    for each in scores:
        found.add_column(each.player, justify="right")
    for lines in zip(*(score.rows(each) for each in scores), strict=True):
        found.add_row(lines[0][0], *(value for _, value in lines))
    return found


def switch_table(each: Score) -> Table:
    """Every switch of one player by itself."""
    kinds = {number: kind.name for number, kind in enumerate(KINDS, 1)}
    found = Table(title=each.player, title_justify="left")
    for column in ("to", "at s", "late", "end", "start", "flaws", "gap ms", "leak ms", "sound ms"):
        found.add_column(column, justify="left" if column in {"to", "flaws"} else "right")
    for switch, splice in zip(each.report.switches, each.splices, strict=True):
        flaws = ", ".join(f"{getattr(switch.flaws, name)} {name}" for name in _flaws(switch.flaws))
        sound = ["" if value is None else f"{value * 1000:.0f}" for value in (splice.gap, splice.leak, splice.late)]
        found.add_row(
            kinds[switch.after],
            f"{switch.at:.2f}",
            f"{switch.lateness:+.1f}",
            f"{switch.missing_at_end}",
            f"{switch.missing_at_start}",
            flaws,
            *sound,
        )
    return found


def _flaws(flaws: Flaws) -> list[str]:
    return [name for name in flaws.__slots__ if getattr(flaws, name)]


def _chosen(options: argparse.Namespace) -> list[int] | None:
    if options.clips is None:
        return None
    return [int(number) for number in options.clips.split(",")]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.onair", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers into FILE")
    parser.add_argument("--each", action="store_true", help="print every switch")
    parser.add_argument(
        "--clips", metavar="1,2,…", help="only these, in this order (numbers as in the clips' pictures)"
    )
    parser.add_argument(
        "--players", nargs="+", choices=("ours", "switcher", "script"), default=("ours", "switcher", "script")
    )
    parser.add_argument(
        "--transition", default="cut", help="Broadcaster's, as in expo.toml, like “fade 500ms”; the others cut"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path("var/bench"), help="clips are kept here (default: %(default)s)"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep recordings and logs in FOLDER")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
