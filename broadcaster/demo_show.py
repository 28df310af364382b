"""A show made ready to run now: its files copied, its day moved in time."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import tomlkit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def prepare_demo(source: Path, target: Path, start: datetime, limit: int | None = None) -> Path:
    """Copy the one-day show in `source` into the folder `target`, with its first item at `start`; `target`.

    The show that stood in `target` before is replaced. The videos stay where they are: the copy's `media` is their
    absolute path. `limit` is retime's.

    Raises:
        ValueError: the show has not exactly one day, or see retime.

    """
    target.mkdir(parents=True, exist_ok=True)
    expo = tomlkit.parse((source / "expo.toml").read_text("utf-8"))
    zone = ZoneInfo(str(expo["timezone"]))
    expo["media"] = str((source / str(expo.get("media", "media"))).resolve())
    days = [path for path in sorted(source.glob("*.toml")) if path.name != "expo.toml"]
    if len(days) != 1:
        raise ValueError(f"{source} has {len(days)} day files; a demo is one day")
    day = retime(days[0].read_text("utf-8"), start, zone, limit)
    for stale in target.glob("*.toml"):
        stale.unlink()
    (target / "expo.toml").write_text(tomlkit.dumps(expo), "utf-8")
    (target / days[0].name).write_text(day, "utf-8")
    for name in ("exhibitors.csv", "description.txt"):
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
        else:
            (target / name).unlink(missing_ok=True)
    return target


def retime(day: str, start: datetime, zone: ZoneInfo, limit: int | None = None) -> str:
    """The text of a day file, moved so that its first item begins at the instant `start`. Comments and order stay.

    All times move by the same real time, over midnight and changes of the clocks too. With `limit` only the first so
    many items are kept; the planned end goes then, as it means nothing any more.

    Raises:
        ValueError: the first item has no start, or a time is not a TOML time.

    """
    document = tomlkit.parse(day)
    items: Any = document.get("item", [])
    if not items or "start" not in items[0]:
        raise ValueError("the day's first item has no start to move")
    if limit is not None:
        del items[limit:]
        document.pop("planned_end", None)
    before = datetime.combine(cast("date", document["date"]), time.min, zone)
    shift = start.astimezone(UTC) - _instant(items[0]["start"], before)
    document["date"] = start.astimezone(zone).date()
    moved = datetime.combine(start.astimezone(zone), time.min, zone)
    for table, key in [*((item, "start") for item in items), (document, "planned_end")]:
        if key in table:
            before = _instant(table[key], before).astimezone(zone)
            after, moved = moved, (before.astimezone(UTC) + shift).astimezone(zone)
            bare = _instant(moved.time(), after) == moved
            table[key] = moved.time() if bare else moved.replace(tzinfo=None)
    return tomlkit.dumps(document)


def _instant(written: object, before: datetime) -> datetime:
    """A day file's local time in UTC. A bare one that goes back by more than 12 hours is of the next date."""
    zone = before.tzinfo
    if isinstance(written, datetime):
        return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
    if not isinstance(written, time):
        raise ValueError(f"{written!r} is not a TOML time like 09:00:00")  # noqa: TRY004  (it is about the file)
    instant = datetime.combine(before, written, zone).astimezone(UTC)
    if before - instant > timedelta(hours=12):
        instant = datetime.combine(before + timedelta(days=1), written, zone).astimezone(UTC)
    return instant
