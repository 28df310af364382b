"""Clips played by the service, as its own process, from a show written on disk."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from bench.received.stage import CANVAS, FPS, free_port
from bench.received.switches import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.received.clips import Clip
    from bench.received.stage import Stage

ROOT = Path(__file__).parent.parent.parent
WIB = ZoneInfo("Asia/Jakarta")
FIRST = timedelta(seconds=12)
"""From the service's start to the first clip: time to connect, and to make a scene for each."""


def link(clip: Clip) -> str:
    """The shop of the exhibitor whose video the clip is."""
    return f"https://www.pekalonganvirtualexpo.com/uji-{clip.number}"


class Service:
    """The service on a stage, playing each clip as the profile of an exhibitor of its own. Used in a `with`.

    Args:
        expo: more lines for expo.toml, before its [policy].
        item: more lines for each item.
        config: more lines for config.toml.

    """

    def __init__(
        self, stage: Stage, clips: Sequence[Clip], *, expo: str = "", item: str = "", config: str = ""
    ) -> None:
        self.clips = list(clips)
        self.log = stage.folder / "service.log"
        self._folder = stage.folder
        self._web = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
        show = stage.folder / "schedules" / "expo"
        show.mkdir(parents=True, exist_ok=True)
        (stage.folder / "config.toml").write_text(
            f'show = "{show}"\nlanguage = "en"\n'
            f"[web]\nport = {self._web}\n"
            f"[obs]\nport = {stage.port}\nlaunch = true\n"
            f'canvas = "{CANVAS[0]}x{CANVAS[1]}"\nfps = {FPS}\n'
            f'[youtube]\nmode = "rehearsal"\n{config}\n',
            "utf-8",
        )
        (show / "expo.toml").write_text(
            'title = "Expo Uji"\ntimezone = "Asia/Jakarta"\nshop_url = "https://www.pekalonganvirtualexpo.com"\n'
            f"{expo}\n",
            "utf-8",
        )
        (show / "exhibitors.csv").write_text(_exhibitors(self.clips), "utf-8")
        self._day, self._item = show / "hari-1.toml", item

    def __enter__(self) -> Self:
        start = (datetime.now(UTC) + FIRST).astimezone(WIB)
        self._day.write_text(f"date = {start.date()}\n" + "\n".join(self._items(start)) + "\n", "utf-8")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command("run", "--fresh"), cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        return self

    def prepare(self) -> None:
        """What an organizer does the day before: `check`, which measures the videos."""
        self._day.write_text(f"date = {datetime.now(WIB).date()}\n" + "\n".join(self._items()) + "\n", "utf-8")
        subprocess.run(self._command("check"), cwd=ROOT, env=self._environment, capture_output=True, check=False)

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "broadcaster", *words, "--config", str(self._folder / "config.toml")]

    def _items(self, start: datetime | None = None) -> Iterator[str]:
        for place, clip in enumerate(self.clips):
            yield from ("[[item]]", f'id = "p-{clip.number}"', 'type = "profile"', f'exhibitor = "uji-{clip.number}"')
            if place == 0 and start is not None:
                yield f"start = {start.time().isoformat('milliseconds')}"
            yield self._item

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def get(self, path: str) -> Any:
        """The JSON answer; None while the service isn't there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._web}{path}", timeout=5) as answer:
                return json.loads(answer.read())
        except (OSError, urllib.error.URLError):
            return None

    def plan(self) -> list[Planned]:
        """The clips, and how long each is to be on air, as the service plans it."""
        rundown = self.get("/api/v1/rundown")
        items = {item["id"]: item for day in rundown["days"] for item in day["items"]}
        return [Planned(clip, _seconds(items[f"p-{clip.number}"])) for clip in self.clips]

    def until_on_air(self, within: float = 40.0) -> None:
        """Until the first clip is on air.

        Raises:
            RuntimeError: it isn't within so many seconds.
        """
        deadline = time.monotonic() + within
        while (status := self.get("/api/v1/status")) is None or status["current"] is None:
            self._give_up_after(deadline)
            time.sleep(0.1)

    def wait(self, beyond: float = 30.0) -> None:
        """Until the show is over.

        Raises:
            RuntimeError: it isn't, `beyond` seconds after the clips' own length; the service's last words.
        """
        deadline = time.monotonic() + FIRST.total_seconds() + sum(clip.duration for clip in self.clips) + beyond
        while (status := self.get("/api/v1/status")) is None or status["playback"] != "ended":
            self._give_up_after(deadline)
            time.sleep(0.5)

    def _give_up_after(self, deadline: float) -> None:
        ended = self._process is not None and self._process.poll() is not None
        if ended or time.monotonic() > deadline:
            raise RuntimeError(f"The show doesn't go on: {self.log.read_text('utf-8', 'replace')[-3000:]}")

    def as_run(self) -> list[dict[str, Any]]:
        return list(self.get("/api/v1/as-run"))


def _seconds(item: dict[str, Any]) -> float:
    start, end = (datetime.fromisoformat(item[key]) for key in ("planned_start", "planned_end"))
    return (end - start).total_seconds()


def _exhibitors(clips: Sequence[Clip]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "name", "owner", "city", "category", "tagline", "video", "shop"])
    for clip in clips:
        name = f"Usaha {clip.kind}"
        rows.writerow([f"uji-{clip.number}", name, "Ibu Siti", "Pekalongan", "Batik", "", clip.path, link(clip)])
    return text.getvalue()
