"""An edit that was acknowledged is there after a kill; one that was not is there whole, or not at all."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from broadcaster.schedule_files import read
from tests.shows_on_disk import write_show

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """The service as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.show = write_show(folder / "schedules", seconds=(120,) * 6)
        config = f'show = "schedules/expo"\n[web]\nport = {self.port}\n[youtube]\nmode = "off"\n'
        (folder / "config.toml").write_text(config)
        self.begin()

    def begin(self) -> None:
        command = [sys.executable, "-m", "broadcaster", "run", "--rehearsal", "--config", f"{self.folder}/config.toml"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=log, stderr=log)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                self.ask("/api/v1/status")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def edit(self, *edits: Any) -> Any:
        return self.ask("/api/v1/edits", {"base": "", "edits": list(edits)})

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def service(tmp_path):
    running = Running(tmp_path)
    yield running
    running.kill()


def test_an_edit_outlives_a_kill_right_after_its_acknowledgement_and_can_still_be_undone(service):
    before = (service.show / "hari-1.toml").read_bytes()
    answer = service.edit({"op": "delete", "item": "i2"})
    service.kill()
    assert "# item 2" not in (service.show / "hari-1.toml").read_text()
    service.begin()
    assert service.ask("/api/v1/rundown")["revision"] == answer["revision"]
    service.ask("/api/v1/edits/undo", {})
    assert (service.show / "hari-1.toml").read_bytes() == before


def test_a_kill_in_the_midst_of_many_edits_leaves_every_acknowledged_one_and_files_that_can_be_read(service):
    acknowledged: list[int] = []
    refusals: list[str] = []

    def write() -> None:
        for number in range(500):
            try:
                service.edit({"op": "change", "item": f"i{number % 6}", "values": {"note": f"catatan {number}"}})
            except urllib.error.HTTPError as error:
                refusals.append(error.read().decode())
                return
            except OSError:
                return  # it was killed
            acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 15:
        assert refusals == []
        time.sleep(0.01)
    service.kill()
    writer.join()
    assert read(service.show).rundown is not None
    text = tomllib.loads((service.show / "hari-1.toml").read_text())
    newest = {item["id"]: int(item["note"].split()[1]) for item in text["item"]}
    for number in acknowledged:
        # A later one, acknowledged or not, may stand in its place.
        assert newest[f"i{number % 6}"] >= number
    assert not [name for name in os.listdir(service.show) if name.endswith(".new") and not name.startswith(".")]
