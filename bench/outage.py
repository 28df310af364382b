"""`python -m bench outage`: the streaming server is killed in the middle of a show, and comes back after a while."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.received import ours
from bench.received.clips import make_clips
from bench.received.stage import on_stage

CLIPS = (1, 2, 5, 6, 7, 9, 10, 12, 14, 16, 18, 19)
AWAY = 20.0
"""Seconds for which the server is gone."""


def main(cache: Path = Path("var/bench")) -> None:
    out = Console(width=100)
    clips = make_clips(cache.absolute() / "clips", numbers=sorted(set(CLIPS)))
    with tempfile.TemporaryDirectory(prefix="bench-outage-") as name, on_stage(Path(name)) as stage:
        show = ours.Service(stage, clips)
        show.prepare()
        with stage.streaming(), show as service:
            service.until_on_air()
            time.sleep(6)
            stage.receiver.kill()
            killed = time.monotonic()
            while service.get("/api/v1/status")["obs"]["stream"]["state"] != "down":
                time.sleep(0.05)
            noticed = time.monotonic() - killed
            time.sleep(AWAY - noticed)
            stage.receiver.listen()
            listens = time.monotonic()
            while service.get("/api/v1/status")["obs"]["stream"]["state"] != "on":
                time.sleep(0.05)
            back = time.monotonic() - listens
            service.wait()
            rows = service.as_run()
    found = Table(title=f"The streaming server was gone for {AWAY:.0f} s", title_justify="left")
    found.add_column("")
    found.add_column("", justify="right")
    found.add_row("noticed after", f"{noticed:.1f} s")
    found.add_row("stream back after the server", f"{back:.1f} s")
    for row in rows:
        found.add_row(str(row["title"]), f"{row['outcome']}: {row['note']}" if row["note"] else str(row["outcome"]))
    out.print(found)
