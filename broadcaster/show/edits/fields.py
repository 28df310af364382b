"""An item's and an exhibitor's values as people write them, and as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broadcaster.show.edits.values import EXHIBITOR_KEYS
from broadcaster.show.rundown import ItemType, TransitionKind

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from broadcaster.show.edits.values import Value
    from broadcaster.show.rundown import Exhibitor, Item, Rundown, Transition


def duration_text(duration: timedelta) -> str:
    """The shortest way to write it: "1h15m", "45m", "1m30s", "12.5s"."""
    seconds = duration.total_seconds()
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{int(hours)}h" if hours else "", f"{int(minutes)}m" if minutes else ""]
    if left:
        parts.append(f"{round(left, 3):g}s")
    return "".join(parts) or "0s"


def start_text(start: datetime, day: date, timezone: str) -> str:
    """Local time; with its date where that is not the day's."""
    local = start.astimezone(ZoneInfo(timezone)).replace(tzinfo=None, microsecond=0)
    return local.time().isoformat() if local.date() == day else local.isoformat()


def transition_text(transition: Transition) -> str:
    if transition.kind is TransitionKind.CUT:
        return "cut"
    return f"{transition.kind.value} {transition.duration.total_seconds():g}s"


def item_fields(item: Item, day: date, timezone: str) -> dict[str, Value]:
    """All of ITEM_KEYS; also what the file leaves out, by what it means."""
    return {
        "type": item.type.value,
        "title": item.title,
        "exhibitor": item.exhibitor,
        "scene": item.scene,
        "media": item.media.path if item.media and item.media.path else None,
        "start": None if item.start is None else start_text(item.start, day, timezone),
        "duration": None if item.duration is None else duration_text(item.duration),
        "end": item.end.value,
        "transition": None if item.transition is None else transition_text(item.transition),
        "skip": item.skip,
        "note": item.note,
    }


def exhibitor_fields(exhibitor: Exhibitor) -> dict[str, Value]:
    """All of EXHIBITOR_KEYS."""
    return {key: _exhibitor_field(exhibitor, key) for key in EXHIBITOR_KEYS}


def _exhibitor_field(exhibitor: Exhibitor, key: str) -> str:
    if key == "video":
        return exhibitor.video.path if exhibitor.video else ""
    return str(getattr(exhibitor, key))


def copy_of(rundown: Rundown, item: Item, day: date) -> dict[str, Value]:
    """The values of a second item like this one: what would be implied stays so, and it follows in order."""
    values = item_fields(item, day, rundown.timezone)
    exhibitor = rundown.exhibitor_of(item)
    if exhibitor is not None and item.type is ItemType.PROFILE:
        if item.title == exhibitor.name:
            values["title"] = None
        if item.media == exhibitor.video:
            values["media"] = None
    if item.media is not None and item.duration == item.media.duration:
        values["duration"] = None
    if item.media is not None and item.media.fault:
        values["media"] = None if item.type is ItemType.PROFILE else values["media"]
    values["start"] = None
    defaults: dict[str, Value] = {"end": "auto", "skip": False, "note": ""}
    return {key: value for key, value in values.items() if value is not None and value != defaults.get(key)}
