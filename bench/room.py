"""The control room (`python -m bench room`): edits to 50 open pages, 200 idle ones, and a take to OBS's own event."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
from playwright.async_api import async_playwright
from websockets.asyncio.client import connect

from bench.timing import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = 50
IDLE = 200
EDITS = 40
TAKES = 20
ITEMS = 140
WATCHED_S = 15.0


def show(folder: Path) -> None:
    """A day as long as a real one, of slates, that begins in two hours."""
    folder.mkdir(parents=True)
    (folder / "expo.toml").write_text('title = "Bench"\ntimezone = "Asia/Jakarta"\n', "utf-8")
    start = datetime.now(UTC).astimezone(ZoneInfo("Asia/Jakarta")) + timedelta(hours=2)
    lines = [f"date = {start.date()}"]
    for number in range(ITEMS):
        first = f"start = {start:%H:%M:%S}\n" if number == 0 else ""
        lines.append(f'[[item]]\nid = "i{number}"\ntype = "slate"\ntitle = "Item {number}"\nduration = "4m"\n{first}')
    (folder / "hari-1.toml").write_text("\n".join(lines), "utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def service(folder: Path, *, on_obs: bool) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service as a process of its own, and its address."""
    show(folder / "schedules" / "bench")
    port, obs_port = free_port(), free_port()
    (folder / "config.toml").write_text(
        f'show = "schedules/bench"\n[web]\nport = {port}\n[obs]\nport = {obs_port}\nlaunch = {str(on_obs).lower()}\n'
        'canvas = "640x360"\n[youtube]\nmode = "rehearsal"\n',
        "utf-8",
    )
    command = [sys.executable, "-m", "broadcaster", "run", "--config", str(folder / "config.toml")]
    if not on_obs:
        command.append("--rehearsal")
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    home = f"http://127.0.0.1:{port}"
    try:
        for _turn in range(400):
            with contextlib.suppress(httpx.HTTPError):
                status = httpx.get(f"{home}/api/v1/status").json()
                if status["obs"]["state"] in {"rehearsal", "connected"}:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit((folder / "log").read_text("utf-8"))
        yield process, home
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


class Page:
    """An open page: it knows when it heard of which revision."""

    def __init__(self) -> None:
        self.heard: dict[str, float] = {}
        self.messages = 0

    async def run(self, home: str, parts: str) -> None:
        url = home.replace("http", "ws") + f"/api/v1/live?parts={parts}"
        async with connect(url, max_size=None) as live:
            async for message in live:
                at = time.perf_counter()
                self.messages += 1
                content = json.loads(message)
                if "rundown" in content:
                    self.heard.setdefault(content["rundown"]["revision"], at)


WATCHER = """() => {
  window.seen = {};
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const found = /Item (\\d+), retitled/.exec(target.textContent.slice(0, 200));
      if (found) window.seen[found[1]] ??= Date.now();
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""When a new title first stood in a page, by the number of its item."""


async def edits(home: str) -> None:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path="/usr/bin/chromium")
        shown = await chromium.new_page()
        await shown.goto(f"{home}/rundown")
        await shown.wait_for_selector("#items .row")
        await shown.evaluate(WATCHER)
        acknowledged = await edits_to_sockets(home)
        seen = await shown.evaluate("window.seen")
        await chromium.close()
    tell(
        "from there to the text of a page in Chromium", [seen[str(n)] - at * 1000 for n, at in enumerate(acknowledged)]
    )


async def edits_to_sockets(home: str) -> list[float]:
    """When each edit was acknowledged, in seconds since 1970."""
    pages = [Page() for _number in range(PAGES)]
    tasks = [asyncio.create_task(page.run(home, "rundown,notices")) for page in pages]
    async with httpx.AsyncClient(base_url=home) as web:
        while any(not page.heard for page in pages):  # noqa: ASYNC110  (they come one by one)
            await asyncio.sleep(0.05)
        acknowledged, reached, first, times = [], [], [], []
        for number in range(EDITS):
            edit = {"op": "change", "item": f"i{number}", "values": {"title": f"Item {number}, retitled"}}
            begun = time.perf_counter()
            answer = await web.post("/api/v1/edits", json={"base": "", "edits": [edit]})
            done = time.perf_counter()
            times.append(time.time())
            revision = answer.raise_for_status().json()["revision"]
            while any(revision not in page.heard for page in pages):  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            acknowledged.append((done - begun) * 1000)
            reached += [(page.heard[revision] - done) * 1000 for page in pages]
            first.append((max(page.heard[revision] for page in pages) - done) * 1000)
            await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    tell(f"edit of {ITEMS} items: acknowledged, on disk", acknowledged)
    tell(f"from there to each of {PAGES} pages", reached)
    tell(f"from there to the last of {PAGES} pages", first)
    return times


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def idle(home: str, pid: int) -> None:
    for count, parts in ((0, ""), (IDLE, "rundown,notices"), (IDLE, "")):
        pages = [Page() for _number in range(count)]
        tasks = [asyncio.create_task(page.run(home, parts)) for page in pages]
        await asyncio.sleep(3)
        before, begun = cpu_seconds(pid), time.perf_counter()
        await asyncio.sleep(WATCHED_S)
        share = (cpu_seconds(pid) - before) / (time.perf_counter() - begun) * 100
        what = "with the rundown" if parts else "with the status only"
        print(f"{count:>3} idle pages {what if count else '':<22} {share:5.1f} % of one core")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def takes(home: str) -> None:
    async with httpx.AsyncClient(base_url=home, timeout=30) as web:
        found = []
        for _number in range(TAKES):
            pressed = datetime.now(UTC)
            status = (await web.post("/api/v1/take", json={})).raise_for_status().json()
            current = status["current"]["id"]
            while True:
                shown: Any = (await web.get("/api/v1/status")).json()["current"]
                if shown and shown["id"] == current and shown["actual_start"]:
                    break
                await asyncio.sleep(0.05)
            began = datetime.fromisoformat(shown["actual_start"])
            found.append((began - pressed).total_seconds() * 1000)
            await asyncio.sleep(1.3)
        tell("from a press of take to OBS's own event", found)


def main() -> None:
    print("\n# Control room")
    with tempfile.TemporaryDirectory() as folder, service(Path(folder), on_obs=False) as (process, home):
        asyncio.run(edits(home))
        asyncio.run(idle(home, process.pid))
    with tempfile.TemporaryDirectory() as folder, service(Path(folder), on_obs=True) as (_process, home):
        asyncio.run(takes(home))
