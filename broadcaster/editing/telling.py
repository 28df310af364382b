"""Edits, what they do and what stands against them, in sentences and as JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from broadcaster import answers
from broadcaster.language import gettext as _
from broadcaster.show.edits.consequences import NAMED, Titles
from broadcaster.show.edits.fields import exhibitor_fields
from broadcaster.show.edits.values import (
    AddExhibitor,
    Change,
    ChangeExhibitor,
    Delete,
    Duplicate,
    Insert,
    Move,
    RemoveExhibitor,
)
from broadcaster.show.readiness import Lack, lacks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from broadcaster.ports import Json
    from broadcaster.schedule_files import Problem
    from broadcaster.show.edits.conflicts import Conflict
    from broadcaster.show.edits.consequences import Consequence
    from broadcaster.show.edits.history import Entry, History
    from broadcaster.show.edits.values import Edit
    from broadcaster.show.rundown import Exhibitor, Rundown


def consequence(what: Consequence, timezone: str) -> Json:
    values = {name: _shown(value, timezone) for name, value in what.values.items()}
    return {"level": what.level.value, "text": _(what.message, **values)}


def _shown(value: object, timezone: str) -> str:
    match value:
        case datetime():
            local = value.astimezone(ZoneInfo(timezone))
            return f"{local:%H:%M}" if local.second == 0 else f"{local:%H:%M:%S}"
        case timedelta():
            return span(value)
        case Titles():
            named = ", ".join(value[:NAMED])
            rest = len(value) - NAMED
            return named if rest <= 0 else _("%(titles)s and %(count)s more", titles=named, count=rest)
        case _:
            return str(value)


def span(length: timedelta) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    whole = round(abs(length.total_seconds()))
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def problem(what: Problem) -> Json:
    """`text` is what is wrong with the edit, and what to do."""
    return {"level": "alarm", "text": f"{what.message} {what.hint}".strip(), "file": what.file, "line": what.line}


def conflict(what: Conflict, timezone: str) -> Json:
    return {
        "target": what.target,
        "key": what.key,
        "yours": what.yours,
        "theirs": what.theirs,
        "by": what.by,
        "at": answers.instant(what.at),
        "text": conflict_text(what, timezone),
    }


def conflict_text(what: Conflict, timezone: str) -> str:
    """Who has changed it, to what, and when."""
    who = person(what.by) if what.by else _("Somebody, in the files,")
    values = {
        "who": who if what.at is None else f"{who} ({_shown(what.at, timezone)})",
        "title": what.title,
        "key": key_name(what.key),
        "theirs": _value(what.theirs),
    }
    match what.key:
        case "place":
            return _("%(who)s has moved “%(title)s” meanwhile.", **values)
        case "changed":
            return _("%(who)s has changed “%(title)s” meanwhile.", **values)
        case "deleted":
            return _("%(who)s has deleted “%(title)s” meanwhile.", **values)
        case _:
            return _("%(who)s has changed %(key)s of “%(title)s” to “%(theirs)s” meanwhile.", **values)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in {None, ""} else str(value)


def person(by: str) -> str:
    """Whoever a press or an edit is signed with: a name, or the address of one without."""
    name, at, address = by.rpartition("@")
    if at and name:
        return name
    return _("this machine") if address in {"127.0.0.1", "::1"} else address or _("somebody")


def key_name(key: str) -> str:
    """A key of the files as pages call it."""
    return {
        "type": _("type"),
        "title": _("title"),
        "exhibitor": _("exhibitor"),
        "scene": _("OBS scene"),
        "media": _("video"),
        "start": _("fixed start"),
        "duration": _("duration"),
        "end": _("end"),
        "transition": _("transition"),
        "skip": _("skip"),
        "note": _("note"),
        "name": _("name"),
        "owner": _("owner"),
        "city": _("city"),
        "category": _("category"),
        "kind": _("kind"),
        "stand": _("stand number"),
        "tagline": _("tagline"),
        "products": _("products"),
        "video": _("video"),
        "catalogue": _("catalogue"),
        "shop": _("shop"),
    }.get(key, key.title())


def history(what: History, by: str) -> Json:
    """{"edits": newest first, "undo": what an undo of `by` would take back or null, "redo": likewise}."""
    undo, redo = what.to_undo(by), what.to_redo(by)
    return {
        "edits": [_entry(entry, what) for entry in reversed(what.entries)],
        "undo": undo and _entry(undo, what),
        "redo": redo and _entry(redo, what),
    }


def _entry(entry: Entry, history: History) -> Json:
    return {
        "id": entry.id,
        "at": answers.instant(entry.at),
        "by": person(entry.by),
        "what": [_deed(edit, title) for edit, title in zip(entry.edits, entry.titles, strict=False)],
        "of": entry.of,
        "undoes": entry.undoes,
        "is_undone": entry.of is None and history.is_undone(entry.id),
    }


def _deed(edit: Edit, title: str) -> str:
    match edit:
        case Insert() if edit.block:
            return _("“%(title)s” brought back", title=title)
        case Insert():
            return _("“%(title)s” inserted", title=title)
        case Duplicate():
            return _("“%(title)s” duplicated", title=title)
        case Delete():
            return _("“%(title)s” deleted", title=title)
        case Move():
            return _("“%(title)s” moved", title=title)
        case Change() | ChangeExhibitor():
            keys = ", ".join(key_name(key) for key in edit.values)
            return _("“%(title)s”: %(keys)s changed", title=title, keys=keys)
        case AddExhibitor():
            return _("Exhibitor “%(title)s” added", title=title)
        case RemoveExhibitor():
            return _("Exhibitor “%(title)s” removed", title=title)
        case _:
            assert_never(edit)


def titles(edits: Iterable[Edit], *rundowns: Rundown) -> tuple[str, ...]:
    """What each edit is about, as it is called in the first of the rundowns that has it."""
    return tuple(_title(edit, rundowns) for edit in edits)


def _title(edit: Edit, rundowns: Sequence[Rundown]) -> str:
    for rundown in rundowns:
        if isinstance(edit, ChangeExhibitor | AddExhibitor | RemoveExhibitor):
            exhibitor = rundown.exhibitors.get(edit.exhibitor)
            if exhibitor is not None:
                return exhibitor.name
        else:
            item = rundown.find(edit.item)
            if item is not None:
                return item.title
    return str(edit.exhibitor if isinstance(edit, ChangeExhibitor | AddExhibitor | RemoveExhibitor) else edit.item)


def exhibitors(rundown: Rundown, why_dead: Callable[[str], str]) -> Json:
    """Everything that the cards show. Paths of this machine stay here: a video is told by its file's name.

    `why_dead` says why a link leads nowhere; empty for one that is not known to.
    """
    scheduled: dict[str, list[str]] = {}
    for day in rundown.days:
        for item in day.items:
            if item.exhibitor is not None and not item.skip:
                scheduled.setdefault(item.exhibitor, []).append(item.id)
    return {
        "revision": rundown.revision,
        "exhibitors": [
            _exhibitor(each, scheduled.get(key, []), why_dead(each.link)) for key, each in rundown.exhibitors.items()
        ],
    }


def _exhibitor(exhibitor: Exhibitor, items: list[str], dead_link: str) -> Json:
    video = exhibitor.video
    missing = lacks(exhibitor, is_scheduled=bool(items), is_link_dead=bool(dead_link))
    return {
        "id": exhibitor.id,
        **exhibitor_fields(exhibitor),
        "video": Path(video.path).name if video else "",
        "video_fault": video.fault if video else "",
        "duration_s": answers.span(video.duration) if video else None,
        "loudness": answers.rounded(video.loudness, 1) if video else None,
        "size": list(video.size) if video and video.size else None,
        "link": exhibitor.link,
        "dead_link": dead_link,
        "items": items,
        "is_ready": not missing,
        "lacks": [{"key": lack.value, "text": lack_text(lack)} for lack in missing],
    }


def lack_text(lack: Lack) -> str:
    match lack:
        case Lack.NO_VIDEO:
            return _("no video")
        case Lack.BAD_VIDEO:
            return _("video broken")
        case Lack.NO_LINK:
            return _("no link")
        case Lack.DEAD_LINK:
            return _("link dead")
        case Lack.NOT_SCHEDULED:
            return _("not in the rundown")
        case _:
            assert_never(lack)
