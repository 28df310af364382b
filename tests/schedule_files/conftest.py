"""A small show in a folder of its own, to be bent in one place by each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from broadcaster import language
from broadcaster.schedule_files import Problem, Reading, read
from broadcaster.show.rundown import Item, Media

if TYPE_CHECKING:
    from broadcaster.ports import Probe

EXPO = """\
title = "Expo UMKM"
timezone = "Asia/Jakarta"
"""

EXHIBITORS = """\
id,name,kind,video
sekar,Batik Sekar,virtual,sekar.mp4
wangi,Kopi Wangi,virtual,wangi.mp4
"""

DAY = """\
date = 2026-11-24
title = "Hari 1"

[[item]]
id = "opening"
type = "live"
title = "Pembukaan"
scene = "Panggung"
start = 09:00:00
duration = "45m"

[[item]]
id = "p-sekar"
type = "profile"
exhibitor = "sekar"

[[item]]
id = "p-wangi"
type = "profile"
exhibitor = "wangi"
"""


@dataclass
class FakeProbe:
    """Knows each video's length in seconds, and the faults of some."""

    lengths: dict[str, float] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def media(self, path: str) -> Media:
        self.asked.append(Path(path).name)
        fault = self.faults.get(Path(path).name, "")
        seconds = self.lengths.get(Path(path).name, 40)
        return Media(path, None if fault else timedelta(seconds=seconds), fault)


@dataclass
class Show:
    """The files of a show, and what is read from them."""

    folder: Path

    def put(self, name: str, content: str | bytes) -> Show:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def change(self, name: str, old: str, new: str) -> Show:
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        return self.put(name, text.replace(old, new))

    def items(self, *items: str, date: str = "2026-11-24", name: str = "day1.toml", top: str = "") -> Show:
        """A day of items, each given by the lines between its [[item]] and the next."""
        return self.put(name, f"date = {date}\n{top}\n" + "\n".join(f"[[item]]\n{item}\n" for item in items))

    def read(self, probe: Probe | None = None) -> Reading:
        return read(self.folder, probe)

    def problems(self, probe: Probe | None = None) -> tuple[Problem, ...]:
        return self.read(probe).problems

    def day(self, probe: Probe | None = None, number: int = 0) -> tuple[Item, ...]:
        reading = self.read(probe)
        assert reading.rundown is not None, reading.problems
        return reading.rundown.days[number].items


@pytest.fixture(autouse=True)
def english() -> None:
    language.use("en")


@pytest.fixture
def show(tmp_path: Path) -> Show:
    show = Show(tmp_path / "expo")
    show.folder.mkdir()
    show.put("expo.toml", EXPO).put("exhibitors.csv", EXHIBITORS).put("day1.toml", DAY)
    return show.put("media/sekar.mp4", b"x").put("media/wangi.mp4", b"x")


@pytest.fixture
def probe() -> FakeProbe:
    return FakeProbe()
