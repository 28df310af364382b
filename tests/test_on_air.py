"""The whole service as its own process on a real OBS of its own: what viewers see, whatever is killed.

Every frame of the test clips says which clip it is and how far it has run, so that "the right picture, in the right
place of the video" is read off the program itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from broadcaster.devices.obs import PrivateObs
from tests.obs_fixtures import CANVAS, FPS, SCENES, Viewer, free_port
from tests.shows_on_disk import EXPO, WIB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.obs, pytest.mark.timeout(180)]

ROOT = Path(__file__).parent.parent
HEADER = "id,name,video,shop\n"


class Stage:
    """A service with a show of test clips, and eyes on its program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.show = folder / "schedules" / "expo"
        self.show.mkdir(parents=True)
        self.obs_port, self.web_port = free_port(), free_port()
        self.config = folder / "config.toml"
        self.config.write_text(
            f"""
show = "schedules/expo"
language = "en"
[web]
port = {self.web_port}
[obs]
port = {self.obs_port}
launch = true
canvas = "{CANVAS[0]}x{CANVAS[1]}"
fps = {FPS}
[youtube]
mode = "rehearsal"
"""
        )
        self.service: subprocess.Popen[bytes] | None = None
        self.obs = PrivateObs(folder / "var" / "obs", self.obs_port, canvas=CANVAS, fps=FPS, headless=True)
        self.viewer: Viewer | None = None

    def write(self, start: datetime, items: list[dict[str, Any]], videos: dict[str, str]) -> None:
        """A day of `items` from `start`; `videos` by exhibitor."""
        (self.show / "expo.toml").write_text(EXPO)
        rows = [
            f"{name},{name.title()},{path},https://www.pekalonganvirtualexpo.com/{name}"
            for name, path in videos.items()
        ]
        (self.show / "exhibitors.csv").write_text(HEADER + "\n".join(rows) + "\n")
        local = start.astimezone(WIB)
        text = [f"date = {local.date()}"]
        for index, item in enumerate(items):
            values = dict(item)
            text.append("\n[[item]]")
            if index == 0:
                text.append(f"start = {local.time().isoformat(timespec='milliseconds')}")
            text += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        (self.show / "hari-1.toml").write_text("\n".join(text) + "\n")

    def begin(self) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
        command = [sys.executable, "-m", "broadcaster", "run", "--config", str(self.config)]
        log = (self.folder / "service.log").open("ab")
        self.service = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        log.close()
        self.until(lambda: self.status() is not None, 40)

    def prepare_obs(self) -> None:
        """The OBS that the service will adopt, with the operator's own scenes in it."""
        self.obs.startup()
        self.viewer = Viewer(self.obs)
        for scene, (red, green, blue) in SCENES.items():
            self.viewer.connection.call("CreateScene", sceneName=scene)
            self.viewer.connection.call(
                "CreateInput",
                sceneName=scene,
                inputName=f"Warna {scene}",
                inputKind="color_source_v3",
                inputSettings={
                    "color": 0xFF << 24 | blue << 16 | green << 8 | red,
                    "width": CANVAS[0],
                    "height": CANVAS[1],
                },
            )

    @property
    def eyes(self) -> Viewer:
        assert self.viewer is not None
        return self.viewer

    def kill_service(self) -> None:
        assert self.service is not None
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()

    def end(self) -> None:
        if self.viewer is not None:
            self.viewer.close()
        if self.service is not None and self.service.poll() is None:
            self.service.send_signal(signal.SIGTERM)
            self.service.wait(30)
        self.obs.stop()

    # ------------------------------------------------------------ looking

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=5) as answer:
            return json.loads(answer.read())

    def status(self) -> dict[str, Any] | None:
        try:
            return dict(self.get("/api/v1/status"))
        except (OSError, urllib.error.URLError):
            return None

    def press(self, act: str) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}/api/v1/{act}", b"{}", {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200

    def current(self) -> str | None:
        status = self.status()
        return status["current"]["id"] if status and status["current"] else None

    def rows(self) -> dict[str, dict[str, Any]]:
        return {f"{row['item']}#{row['airing']}": row for row in self.get("/api/v1/as-run")}

    def until(self, condition: Callable[[], object], within: float) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, (self.folder / "service.log").read_text("utf-8", "replace")[-6000:]
            time.sleep(0.05)

    def position(self) -> float:
        """Seconds into the video that program shows now."""
        return self.eyes.look().frame / FPS


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.prepare_obs()
    yield stage
    stage.end()


def soon(seconds: float = 8) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def profile(name: str, **rest: Any) -> dict[str, Any]:
    return {"id": f"p-{name}", "type": "profile", "exhibitor": name, **rest}


def test_program_shows_the_exhibitor_that_the_as_run_names_and_broken_videos_do_not_stop_the_show(stage, clips):
    corrupt = stage.folder / "corrupt.mp4"
    corrupt.write_bytes(b"\0\0\0\x18ftypmp42" + os.urandom(50_000))
    videos = {
        "merah": clips["merah"].path,
        "hilang": str(stage.folder / "missing.mp4"),
        "hijau": clips["hijau"].path,
        "rusak": str(corrupt),
        "biru": clips["biru"].path,
    }
    items = [profile(name) | ({"duration": "3s"} if name in {"hilang", "rusak"} else {}) for name in videos]
    items.insert(1, {"id": "gong", "type": "live", "title": "Gong", "scene": "Panggung Utama", "duration": "3s"})
    stage.write(soon(), items, videos)
    stage.begin()
    seen: dict[str, set[str]] = {}
    deadline = time.monotonic() + 60
    while (status := stage.status()) is None or status["playback"] != "ended":
        assert time.monotonic() < deadline
        current = status["current"] if status else None
        if current and current["actual_start"] and 0.7 < (current["remaining_s"] or 0) < 2.5:
            look = stage.eyes.look()
            if stage.current() == current["id"]:
                seen.setdefault(current["id"], set()).add(look.name)
        time.sleep(0.05)
    time.sleep(0.5)
    assert seen == {
        "p-merah": {"merah"},
        "gong": {"Panggung Utama"},
        "p-hilang": {"slate"},
        "p-hijau": {"hijau"},
        "p-rusak": {"slate"},
        "p-biru": {"biru"},
    }
    rows = stage.rows()
    assert list(rows) == ["p-merah#1", "gong#1", "p-hilang#1", "p-hijau#1", "p-rusak#1", "p-biru#1"]
    assert [row["outcome"] for row in rows.values()] == ["aired", "aired", "filled", "aired", "filled", "aired"]
    first_lines = [text["text"].partition("\n")[0] for text in reversed(stage.get("/api/v1/descriptions"))]
    named = [line.rpartition("/")[2] for line in first_lines if "Sedang tayang" in line]
    assert sorted(named) == sorted(["merah", "www.pekalonganvirtualexpo.com", "hilang", "hijau", "rusak", "biru"])


def test_obs_killed_mid_video_comes_back_with_the_right_picture_in_the_right_place(stage, clips):
    videos = {"panjang": clips["panjang"].path, "hijau": clips["hijau"].path}
    start = soon()
    stage.write(start, [profile("panjang"), profile("hijau")], videos)
    stage.begin()
    stage.until(lambda: stage.current() == "p-panjang" and stage.eyes.look().name == "panjang", 30)
    stage.until(lambda: datetime.now(UTC) > start + timedelta(seconds=4), 30)
    os.kill(_obs_pid(stage), signal.SIGKILL)
    time.sleep(1)
    stage.eyes.reconnect()
    stage.eyes.see("panjang", within=12)
    stage.until(lambda: abs(stage.position() - (datetime.now(UTC) - start).total_seconds()) < 0.6, 6)
    stage.until(lambda: stage.current() == "p-hijau", 25)
    stage.eyes.see("hijau")
    row = stage.rows()["p-panjang#1"]
    assert row["outcome"] == "partial"
    assert "lost" in row["note"]
    stage.until(lambda: "p-hijau#1" in stage.rows(), 4)
    assert abs(stage.rows()["p-hijau#1"]["lateness_s"]) < 0.5


def test_the_service_killed_mid_video_leaves_the_picture_and_goes_on_at_the_right_place(stage, clips):
    videos = {"panjang": clips["panjang"].path, "hijau": clips["hijau"].path}
    start = soon()
    stage.write(start, [profile("panjang"), profile("hijau")], videos)
    stage.begin()
    stage.until(lambda: stage.current() == "p-panjang" and stage.eyes.look().name == "panjang", 30)
    stage.until(lambda: "p-panjang#1" in stage.rows(), 4)
    before = stage.rows()["p-panjang#1"]
    stage.kill_service()
    assert stage.eyes.look().name == "panjang", "OBS plays on without the service"
    frames = [stage.eyes.look().frame]
    stage.begin()
    while stage.current() == "p-panjang" and (datetime.now(UTC) - start).total_seconds() < 19:
        look = stage.eyes.look()
        if look.name == "panjang":
            frames.append(look.frame)
        time.sleep(0.1)
    assert len(frames) > 3
    assert frames == sorted(frames), "the video was not restarted"
    stage.until(lambda: stage.current() == "p-hijau", 15)
    stage.eyes.see("hijau")
    stage.until(lambda: "p-hijau#1" in stage.rows(), 4)
    rows = stage.rows()
    assert rows["p-panjang#1"]["actual_start"] == before["actual_start"]
    assert rows["p-panjang#1"]["outcome"] == "aired"
    assert abs(rows["p-hijau#1"]["lateness_s"]) < 0.5


def test_a_hand_at_obs_makes_automation_yield_and_resume_takes_it_back(stage, clips):
    videos = {"panjang": clips["panjang"].path, "hijau": clips["hijau"].path, "biru": clips["biru"].path}
    start = soon()
    stage.write(start, [profile("panjang"), profile("hijau", duration="30s"), profile("biru")], videos)
    stage.begin()
    stage.until(lambda: stage.current() == "p-panjang" and stage.eyes.look().name == "panjang", 30)
    stage.eyes.click("Kamera 2")
    stage.until(lambda: (stage.status() or {}).get("automation") == "yielded", 5)
    stage.eyes.see("Kamera 2")
    time.sleep(1.5)
    assert stage.eyes.look().name == "Kamera 2", "automation does not fight the hand"
    stage.press("resume")
    stage.eyes.see("panjang")
    stage.until(lambda: abs(stage.position() - (datetime.now(UTC) - start).total_seconds()) < 0.6, 5)
    item_scene = next(
        str(scene["sceneName"])
        for scene in stage.eyes.connection.call("GetSceneList")["scenes"]
        if "Hijau" in scene["sceneName"]
    )
    stage.eyes.click(item_scene)
    stage.until(lambda: stage.current() == "p-hijau", 5)
    stage.eyes.see("hijau")
    status = stage.status()
    assert status is not None
    assert status["automation"] == "auto", "a click on an item's scene is a jump"


def _obs_pid(stage: Stage) -> int:
    """The OBS whose HOME is the stage's."""
    home = str(stage.folder / "var" / "obs").encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "comm").read_text().strip() == "obs" and home in (entry / "environ").read_bytes():
                    return int(entry.name)
            except OSError:
                continue
    raise AssertionError("no OBS of this stage runs")
