"""A control room without a show behind it: a small expo whose state tests set as they need it."""

from __future__ import annotations

import functools
import struct
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster import answers, language
from broadcaster.ports import Refused
from broadcaster.show.messages import Act
from broadcaster.show.overlay_state import CodePanel, LowerThird, Overlay, Timed, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from broadcaster.ports import Json
    from broadcaster.show.edits.values import Edit
    from broadcaster.show.rundown import ExhibitorId, ItemId

STREAM_IS_ON = "The stream is on already."
SUSPENDED = "Automation is already suspended."
"""A sentence that there is in every language."""

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)

PROGRAM: list[tuple[str, str, str, tuple[str, str] | None, int, Json]] = [
    ("opening", "live", "Pembukaan oleh Wali Kota", None, 45, {}),
    ("p-batik-sekar", "profile", "Batik Sekar Nusa", ("Ibu Sekar Wulandari", "Kota Pekalongan"), 4, {}),
    ("p-tenun-laras", "profile", "Tenun Laras ATBM", ("Pak Harjo Laras", "Kab. Pekalongan"), 5, {}),
    ("p-bandeng-juwita", "profile", "Bandeng Presto Juwita", ("Ibu Juwita Rahma", "Kota Semarang"), 4, {}),
    (
        "p-kopi-petung",
        "profile",
        "Kopi Petungkriyono <Robusta & Arabika>",
        ("Mas Bagus Petung", "Kab. Pekalongan"),
        6,
        {},
    ),
    (
        "p-rotan",
        "profile",
        "Rotan Jaya Mandiri",
        ("Ibu Asih", "Kab. Sukoharjo"),
        4,
        {"media_fault": "rotan-jaya.mp4 berisi data rusak sejak 01:12"},
    ),
    ("talkshow", "live", "Talkshow: UMKM Naik Kelas", None, 30, {"hard": True, "gap_s": 150.0}),
    ("p-sasirangan", "profile", "Sasirangan Galuh", ("Acil Galuh", "Banjarbaru"), 5, {}),
    ("ishoma", "break", "ISHOMA", None, 60, {"hard": True, "overlap_s": 45.0}),
    ("p-payung", "profile", "Payung Geulis Tasik", ("Kang Ujang", "Tasikmalaya"), 4, {"skip": True}),
    ("p-tauto", "profile", "Tauto Bumbu Bu Rini", ("Ibu Rini", "Kota Pekalongan"), 3, {"link": ""}),
    ("p-gula-semut", "profile", "Gula Semut Nira Cilacap", ("Pak Karsono", "Cilacap"), 4, {}),
    ("penutupan", "live", "Doorprize dan Penutupan", None, 20, {}),
]


def text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


class FakeRoom:
    """`presses` is what was asked of it; `refuse` is the reason to refuse the next presses with."""

    def __init__(self, clock: Callable[[], datetime] = lambda: NOON) -> None:
        self.clock = clock
        self.playback = "running"
        self.automation = "auto"
        self.place = 3
        self.expected_end = clock() + timedelta(seconds=107)
        self.next_waits = False
        self.next_start: datetime | None = None
        """When the next item is expected; None for the end of what is on air."""
        self.ends = "auto"
        self.refuse = ""
        self.broken = False
        self.presses: list[tuple[str, str | None, str]] = []
        self.machine: Json = {"free_gb": 212.4, "clock_synchronized": True}
        self.edited: list[tuple[str, list[Json], str]] = []
        self.pressed_through: list[bool] = []
        """Of each of `edited`, whether it may change what is on air, too."""
        self.applied: list[tuple[list[Edit], str, str]] = []
        self.screenshots: list[int] = []
        self.picture: bytes | None = png(320, 180)
        self.title = "Pekalongan Hybrid Expo UMKM"
        self.cards: list[Json] = []
        """The exhibitors, as pages are told of them."""
        self.streaming = True
        self.stream_state = ""
        self.alarms: list[str] = []
        self.parts: Overlay | None = None
        """What lies over the picture; None for what follows from the item on air."""
        self._listeners: list[Callable[[], None]] = []
        self._items = self._plan()

    # ------------------------------------------------------------ what tests do to it

    def change(self) -> None:
        for listener in list(self._listeners):
            listener()

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    # ------------------------------------------------------------ ports.ControlRoom

    def status(self) -> Json:
        if self.broken:
            raise RuntimeError("the conductor has ended")
        now = self.clock()
        current = self._items[self.place] if self.playback in {"running", "held"} else None
        following = self._items[self.place + 1] if self.place + 1 < len(self._items) else None
        return {
            "now": text(now),
            "show": "pekalongan",
            "title": self.title,
            "day": "2026-11-24",
            "timezone": "Asia/Jakarta",
            "playback": self.playback,
            "automation": self.automation,
            "revision": "r1",
            "current": current
            and {
                **self._named(current),
                "actual_start": text(self.expected_end - timedelta(minutes=4)),
                "expected_end": text(self.expected_end),
                "end": self.ends,
                "remaining_s": (self.expected_end - now).total_seconds(),
            },
            "next": following
            and {
                **self._named(following),
                "expected_start": None if self.next_waits else text(self.next_start or self.expected_end),
            },
            "over_under_s": 42.0,
            "obs": {
                "state": "yielded" if self.automation == "yielded" else "connected",
                "program_scene": "Expo · 4 Bandeng Presto Juwita",
                "streaming": self.streaming,
                "recording": False,
                "version": "29.0.2",
                "detail": "",
                "fps": 30.0,
                "skipped_frames": 3,
                "cpu_percent": 21.5,
                "stream": {
                    "state": self.stream_state or ("on" if self.streaming else "off"),
                    "uptime_s": 5025.0 if self.streaming else None,
                    "kbps": 4012.0 if self.streaming else None,
                    "dropped_frames": 2 if self.streaming else None,
                    "dropped_percent": 0.0 if self.streaming else None,
                    "congestion": 0.0 if self.streaming else None,
                },
                "recorded": {"file": "", "length_s": None, "free_gb": 120.5, "hours_left": 60.2},
                "alarms": self.alarms,
            },
            "youtube": {"state": "ok", "detail": "", "quota_left": 7350, "description_sha256": "0" * 64},
            "videos": {"measured": 3, "total": 12},
            "machine": self.machine,
        }

    def overlay(self) -> Json:
        is_on = self.playback in {"running", "held"}
        current = self._named(self._items[self.place])
        following = self._items[self.place + 1] if self.place + 1 < len(self._items) else None
        parts = self.parts
        if parts is None:
            who = " · ".join(part for part in (current["owner"], current["city"]) if part)
            name = Timed(LowerThird(current["name"], who, "", current["tagline"]))
            code = Timed(CodePanel(current["name"], current["link"], label(current["link"])))
            parts = Overlay((name, code) if is_on and current["type"] == "profile" else ())
        counts = self.playback == "standby" and not self.next_waits
        return {
            "parts": answers.overlay_parts(parts, None),
            "countdown_to": text(self.expected_end) if counts else None,
            "is_standby": not is_on,
            "is_over": self.playback == "ended",
            "next_title": following["title"] if following else "",
        }

    async def press(
        self, act: Act, item: ItemId | None = None, by: str = "", *, length: timedelta = timedelta(0)
    ) -> Json:
        if self.refuse:
            raise Refused(language.gettext(self.refuse))
        self.presses.append((act.value, str(length.total_seconds()) if length else item, by))
        ids = [row["id"] for row in self._items]
        match act:
            case Act.TAKE:
                self._put_on_air(self.place + 1)
            case Act.JUMP if item not in ids:
                raise Refused(f"no item {item}")
            case Act.JUMP:
                self._put_on_air(ids.index(item))
            case Act.HOLD:
                self.playback, self.automation = "held", "held"
            case Act.RESUME:
                self.playback, self.automation = "running", "auto"
            case Act.STANDBY:
                self.playback, self.automation = "standby", "standby"
            case Act.SKIP:
                self._items[ids.index(item) if item else self.place + 1]["skip"] = True
            case Act.BACK:
                self._put_on_air(self.place - 1)
            case Act.EXTEND:
                self.expected_end += length
        self.change()
        return self.status()

    async def preview(self, template: str | None = None) -> Json:
        text = "🔴 Sedang tayang: Bandeng Presto Juwita" if template is None else template
        size = len(text.encode())
        return {
            "at": self.clock().isoformat(),
            "item": "p-juwita",
            "text": text,
            "block": text,
            "bytes": size,
            "own_bytes": 0,
            "limit": 5000,
            "template": template,
            "fault": None,
        }

    async def save_template(self, template: str, by: str = "") -> Json:
        if self.refuse:
            raise Refused(language.gettext(self.refuse))
        self.presses.append(("template", template, by))
        return await self.preview(template)

    async def stream(self, *, on: bool, by: str = "") -> Json:
        if self.streaming == on:
            raise Refused(STREAM_IS_ON if on else "The stream is off already.")
        self.presses.append(("stream", "on" if on else "off", by))
        self.streaming = on
        self.change()
        return self.status()

    async def youtube(self, act: str, broadcast: str = "", by: str = "") -> Json:
        if act == "complete" and broadcast != "expo-video-1":
            raise Refused("Name the broadcast by its id, expo-video-1.")
        self.presses.append((f"youtube {act}", broadcast or None, by))
        self.change()
        return self.status()

    def rundown(self) -> Json:
        days = [
            {"day": "2026-11-24", "title": "Hari 1", "items": [self._row(i) for i in range(len(self._items))]},
            {"day": "2026-11-25", "title": "Hari 2", "items": []},
        ]
        return {"revision": "r1", "title": self.title, "timezone": "Asia/Jakarta", "days": days}

    async def edit_rundown(self, revision: str, days: list[Json], by: str = "", *, may_press: bool = True) -> Json:
        if revision != "r1":
            raise Refused("Somebody else has changed the rundown meanwhile.")
        self.edited.append((revision, days, by))
        self.pressed_through.append(may_press)
        return {**self.rundown(), "revision": "r2"}

    def exhibitors(self) -> Json:
        return {"revision": "r1", "exhibitors": self.cards}

    def edits(self, by: str = "") -> Json:
        return {"edits": [], "undo": None, "redo": None}

    async def preview_edits(self, edits: Sequence[Edit], base: str) -> Json:
        return {"consequences": [], "conflicts": [], "problems": [], "refusal": "", "rundown": self.rundown()}

    async def apply_edits(self, edits: Sequence[Edit], base: str, by: str = "", key: str = "") -> Json:
        if self.refuse:
            raise Refused(language.gettext(self.refuse))
        self.applied.append((list(edits), base, by))
        return {"id": len(self.applied), "revision": "r2", "consequences": []}

    async def undo_edit(self, by: str = "") -> Json:
        raise Refused("There is nothing of yours to undo.")

    async def redo_edit(self, by: str = "") -> Json:
        raise Refused("There is nothing of yours to redo.")

    def thumbnail(self, exhibitor: ExhibitorId, width: int = 320) -> bytes | None:
        return self.picture

    def upcoming_picture(self, width: int = 640) -> bytes | None:
        return self.picture

    def as_run(self, day: date | None = None) -> list[Json]:
        rows = [
            as_run_row("opening", "2026-11-24", "aired", 0.012),
            as_run_row("p-batik-sekar", "2026-11-24", "partial", 0.04),
            as_run_row("p-tenun-laras", "2026-11-25", "aired", -0.003),
        ]
        return [row for row in rows if day is None or row["day"] == day.isoformat()]

    def revisions(self, limit: int = 50) -> list[Json]:
        line = "SEDANG TAYANG: Bandeng Presto Juwita — https://juwita.example/toko"
        return [{"at": text(NOON), "item": "p-bandeng-juwita", "text": line + "\nEtalase", "state": "sent"}][:limit]

    def notices(self, limit: int = 50) -> list[Json]:
        at = self.clock()
        return [
            {
                "at": text(at - timedelta(seconds=40)),
                "level": "alarm",
                "text": "Video rotan-jaya.mp4 rusak. Kartu nama akan tayang sebagai gantinya.",
            },
            {
                "at": text(at - timedelta(minutes=3)),
                "level": "warning",
                "text": "Gagal menyegarkan deskripsi; dicoba lagi dalam 20 s.",
            },
            {"at": text(at - timedelta(minutes=9)), "level": "info", "text": language.gettext(SUSPENDED)},
        ][:limit]

    def screenshot(self, width: int = 640) -> bytes | None:
        self.screenshots.append(width)
        return self.picture

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # ------------------------------------------------------------ inside

    def _put_on_air(self, place: int) -> None:
        if not 0 <= place < len(self._items):
            raise Refused("There is nothing to take.")
        self.place = place
        self.playback = "running"
        self.expected_end = self.clock() + timedelta(seconds=self._items[place]["duration_s"])

    def _plan(self) -> list[Json]:
        before = sum(minutes for *_rest, minutes, _extra in PROGRAM[: self.place + 1])
        at = self.expected_end - timedelta(minutes=before, seconds=42)
        items = []
        for number, (id_, type_, title, who, minutes, extra) in enumerate(PROGRAM, 1):
            end = at + timedelta(minutes=minutes)
            items.append(
                {
                    "id": id_,
                    "cue": str(number),
                    "type": type_,
                    "title": title,
                    "exhibitor": id_.removeprefix("p-") if who else None,
                    "who": who,
                    "planned_start": text(at),
                    "planned_end": text(end),
                    "duration_s": minutes * 60.0,
                    "hard": False,
                    "skip": False,
                    "gap_s": 0.0,
                    "overlap_s": 0.0,
                    "media_fault": "",
                    "link": f"https://{id_}.example/toko" if who else "",
                    **extra,
                }
            )
            at = end
        return items

    def _row(self, place: int) -> Json:
        item = {key: value for key, value in self._items[place].items() if key != "who"}
        past = ("aired", "partial", "filled")
        state = "upcoming"
        if place < self.place:
            state = past[place % len(past)]
        elif place == self.place and self.playback in {"running", "held"}:
            state = "on_air"
        elif place == self.place + 1:
            state = "next"
        if item["skip"] and state != "on_air":
            state = "skipped"
        late = timedelta(seconds=42)
        expected = datetime.fromisoformat(item["planned_start"]) + late
        actual = text(expected) if place <= self.place else None
        return {**item, "state": state, "expected_start": text(expected), "actual_start": actual}

    @staticmethod
    def _named(item: Json) -> Json:
        owner, city = item["who"] or ("", "")
        return {
            **{key: item[key] for key in ("id", "cue", "type", "title", "exhibitor", "planned_start", "link")},
            "name": item["title"],
            "owner": owner,
            "city": city,
            "tagline": "Dibuat dengan tangan, dikirim ke seluruh Indonesia" if owner else "",
        }


def as_run_row(item: str, day: str, outcome: str, lateness: float) -> Json:
    return {"item": item, "day": day, "cue": "1", "outcome": outcome, "lateness_s": lateness}


@functools.cache
def png(width: int, height: int) -> bytes:
    """A picture with something to see: a warm gradient with stripes."""
    rows = b"".join(
        b"\0"
        + b"".join(
            bytes((60 + 150 * x // width, 30 + 90 * y // height, 90 if (x + y) // 24 % 2 else 60)) for x in range(width)
        )
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
