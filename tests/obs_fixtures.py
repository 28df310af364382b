"""A real OBS of the tests' own, clips whose every frame says which it is, and eyes to look at program with."""

from __future__ import annotations

import base64
import io
import socket
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PIL import Image, ImageDraw

from broadcaster.devices.obs.connection import Connection
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.launch import PrivateObs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from broadcaster.show.messages import Event

E = TypeVar("E")

FPS = 30
CANVAS = (640, 360)
BITS = 10

COLOURS = {
    "merah": (255, 0, 0),
    "hijau": (0, 255, 0),
    "biru": (0, 0, 255),
    "kuning": (255, 255, 0),
    "panjang": (255, 128, 0),
    "jarang": (0, 128, 128),
}
"""Clips by name. "jarang" (rare) has a keyframe every 3 s; the others one a second."""

SECONDS = {"panjang": 20, "jarang": 12}
SCENES = {"Panggung Utama": (255, 0, 255), "Kamera 2": (0, 255, 255)}
"""Scenes of the operator's own, each a colour."""


@dataclass(frozen=True)
class Clip:
    """A video file of one colour. A strip at the top of a frame, where no overlay lies, carries its number in black and
    white."""

    name: str
    path: str
    duration: timedelta


@dataclass(frozen=True)
class Seen:
    """A look at program. `name` is the clip's or scene's, "black", or "slate" for anything else; `frame` of a clip."""

    name: str
    frame: int


class RealClock:
    """UTC that follows the monotonic clock."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._monotonic = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._monotonic)

    def jump(self) -> timedelta | None:
        return None


class Heard:
    """The events that a studio posted; any thread may wait for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._new = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._new:
            self.events.append(event)
            self._new.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in list(self.events) if isinstance(event, kind)]

    def wait_for(self, kind: type[E], matching: Callable[[E], bool] = lambda _event: True, within: float = 5.0) -> E:
        def found() -> E | None:
            return next((event for event in self.of(kind) if matching(event)), None)

        with self._new:
            self._new.wait_for(lambda: found() is not None, within)
        event = found()
        assert event is not None, f"no such {kind.__name__} within {within} s; heard: {self.events}"
        return event


class Viewer:
    """Looks at what OBS sends out, over a connection of its own; and has an operator's hands."""

    def __init__(self, private: PrivateObs) -> None:
        self._private = private
        self.connection = Connection(private.address)

    def close(self) -> None:
        self.connection.close()

    def reconnect(self) -> None:
        self.close()
        deadline = time.monotonic() + 15
        while True:
            try:
                self.connection = Connection(self._private.address)
                self.connection.ready()
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    @property
    def scene(self) -> str:
        return str(self.connection.call("GetCurrentProgramScene")["currentProgramSceneName"])

    def click(self, scene: str) -> None:
        """As an operator does in OBS's scene list."""
        self.connection.call("SetCurrentProgramScene", sceneName=scene)

    def picture(self, width: int = 160) -> Image.Image:
        answer = self.connection.call("GetSourceScreenshot", sourceName=self.scene, imageFormat="png", imageWidth=width)
        content = base64.b64decode(answer["imageData"].partition("base64,")[2])
        return Image.open(io.BytesIO(content)).convert("RGB")

    def look(self) -> Seen:
        return read(self.picture())

    def wait_until(self, condition: Callable[[Seen], bool], within: float = 4.0) -> Seen:
        deadline = time.monotonic() + within
        while not condition(seen := self.look()):
            assert time.monotonic() < deadline, f"still seen: {seen}"
            time.sleep(0.03)
        return seen

    def see(self, name: str, within: float = 4.0) -> Seen:
        """Wait for a clip or scene to be seen."""
        return self.wait_until(lambda seen: seen.name == name, within)

    @contextmanager
    def a_source_called(self, name: str, scene: str = "Kamera 2") -> Iterator[None]:
        """A source of the operator's own, for a while."""
        item = self.connection.call(
            "CreateInput",
            sceneName=scene,
            inputName=name,
            inputKind="color_source_v3",
            inputSettings={"width": 1, "height": 1},
        )["sceneItemId"]
        try:
            yield
        finally:
            # RemoveInput leaves what is off air where it is.
            self.connection.call("RemoveSceneItem", sceneName=scene, sceneItemId=item)
            time.sleep(0.3)

    def sees_go(self, scene: str, within: float = 3.0) -> None:
        """Wait for a scene to be gone: OBS removes it a little after it has said so."""
        deadline = time.monotonic() + within
        while scene in self.inventory()["items"]:
            assert time.monotonic() < deadline, f"{scene} is still there"
            time.sleep(0.05)

    def sees_rest(self, source: str, within: float = 3.0) -> None:
        """Wait for a source to be off air: OBS lets it rest a little after its scene has gone."""
        deadline = time.monotonic() + within
        while self.connection.call("GetSourceActive", sourceName=source)["videoActive"]:
            assert time.monotonic() < deadline, f"{source} is still active"
            time.sleep(0.05)

    def inventory(self) -> dict[str, dict[str, Any]]:
        """All scenes, their items, and all inputs' settings: what a set-up may change."""
        items = {}
        for each in self.connection.call("GetSceneList")["scenes"]:
            # OBS goes on listing a scene for a moment after it was removed.
            with suppress(Refused):
                scene = each["sceneName"]
                items[scene] = [
                    (item["sourceName"], item["sceneItemEnabled"], item["sceneItemTransform"])
                    for item in self.connection.call("GetSceneItemList", sceneName=scene)["sceneItems"]
                ]
        inputs = {
            each["inputName"]: self.connection.call("GetInputSettings", inputName=each["inputName"])["inputSettings"]
            for each in self.connection.call("GetInputList")["inputs"]
        }
        return {"items": items, "inputs": inputs}


def read(picture: Image.Image) -> Seen:
    """What a picture of program shows."""
    width, height = picture.size
    colour = picture.getpixel((width // 2, height // 3))
    assert isinstance(colour, tuple)
    frame = 0
    for bit in range(BITS):
        pixel = picture.getpixel((bit * width // BITS + width // BITS // 2, height // 40))
        assert isinstance(pixel, tuple)
        frame |= (1 << bit) * (pixel[1] > 128)
    known = COLOURS | SCENES | {"black": (0, 0, 0)}
    name = min(known, key=lambda each: _distance(known[each], colour))
    return Seen(name if _distance(known[name], colour) < 4000 else "slate", frame)


def _distance(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Clips:
    """The test clips by name, each made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Clip] = {}

    def __getitem__(self, name: str) -> Clip:
        if name not in self._made:
            every = 90 if name == "jarang" else 30
            self._made[name] = make_clip(self._folder / f"{name}.mp4", name, SECONDS.get(name, 4), every)
        return self._made[name]


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


def make_clip(path: Path, name: str, seconds: int, keyframe_every: int) -> Clip:
    width, height = 320, 180
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
    command += ["-r", str(FPS), "-i", "-", "-f", "lavfi", "-i", f"sine=f={300 + len(name) * 40}:d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", str(keyframe_every), "-sc_threshold", "0"]
    command += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-t", str(seconds), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin is not None
        for number in range(seconds * FPS):
            frame = Image.new("RGB", (width, height), COLOURS[name])
            draw = ImageDraw.Draw(frame)
            for bit in range(BITS):
                left, right = bit * width // BITS, (bit + 1) * width // BITS - 1
                draw.rectangle((left, 0, right, height // 18), fill="white" if number >> bit & 1 else "black")
            ffmpeg.stdin.write(frame.tobytes())
    assert ffmpeg.returncode == 0
    return Clip(name, str(path), timedelta(seconds=seconds))


def make_slide_show(path: Path, every: float, seconds: float) -> Clip:
    """One picture, of the colour of "biru", every so many seconds, with music under it."""
    red, green, blue = COLOURS["biru"]
    colour = f"color=0x{red:02x}{green:02x}{blue:02x}:s=320x180:r=1/{every}:d={seconds}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", colour, "-f", "lavfi", "-i", f"sine=d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True)
    return Clip("biru", str(path), timedelta(seconds=seconds))


@pytest.fixture(scope="session")
def private_obs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateObs]:
    """A real OBS, 640×360 at 30 fps, with the operator's SCENES in it."""
    private = PrivateObs(tmp_path_factory.mktemp("obs"), free_port(), canvas=CANVAS, fps=FPS, headless=True)
    private.startup()
    try:
        with closing(Connection(private.address)) as connection:
            for scene, (red, green, blue) in SCENES.items():
                connection.call("CreateScene", sceneName=scene)
                connection.call(
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
        yield private
    finally:
        private.stop()


@pytest.fixture
def viewer(private_obs: PrivateObs) -> Iterator[Viewer]:
    viewer = Viewer(private_obs)
    yield viewer
    viewer.close()
