"""An edited rundown back into the day files, as if their author had typed it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeGuard
from zoneinfo import ZoneInfo

import tomlkit

from broadcaster.language import gettext as _
from broadcaster.schedule_files import exhibitors as exhibitors_csv
from broadcaster.schedule_files import toml_text
from broadcaster.schedule_files.blocks import Blocks, cut, join
from broadcaster.schedule_files.exhibitor_rows import cells_of, with_changes
from broadcaster.schedule_files.items import KEYS, ORDER
from broadcaster.schedule_files.problems import Problem, ProblemList, familiar
from broadcaster.schedule_files.reading import Files, Reading, gather, interpret, revision
from broadcaster.schedule_files.replacing import prepared
from broadcaster.schedule_files.text import BOM
from broadcaster.schedule_files.times import Clock, is_of_this_age, parse_duration, parse_start, to_utc
from broadcaster.show.edits.arranging import Written
from broadcaster.show.edits.fields import duration_text
from broadcaster.show.rundown import ExhibitorId, ItemId

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit.items import Table as TomlTable

    from broadcaster.ports import Probe
    from broadcaster.show.edits.values import Value
    from broadcaster.show.rundown import Item, Rundown


Days = Mapping[date, Sequence[Mapping[str, object]]]
NO_EXHIBITORS: Mapping[ExhibitorId, Mapping[str, str] | None] = MappingProxyType({})
NO_BLOCKS: Mapping[str, str] = MappingProxyType({})


class FilesChanged(Exception):  # noqa: N818  (it is no breakdown: somebody else was faster)
    """The files are no longer those that the edit was made from. str() says so, in the current language."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit that is not yet in the files. `reading` is of the show as it would be."""

    reading: Reading
    _show: Path
    _before: Rundown
    _changed: Mapping[str, bytes]

    @property
    def changed(self) -> tuple[Path, ...]:
        return tuple(self._show / name for name in self._changed)

    def put(self) -> None:
        """Write it: all files that change, or none. On disk when this returns.

        Raises:
            FilesChanged: the files are no longer those that it was made from.
            OSError: a file cannot be written.
        """
        if not self._changed:
            return
        with prepared({self._show / name: content for name, content in self._changed.items()}) as replacement:
            # Probing the videos takes seconds, in which somebody may have saved one of the files.
            _refuse_changed(gather(self._show), self._before)
            replacement.put_in_place()


def draft(
    show: Path,
    before: Rundown,
    days: Days,
    exhibitors: Mapping[ExhibitorId, Mapping[str, str] | None] = NO_EXHIBITORS,
    *,
    blocks: Mapping[str, str] = NO_BLOCKS,
    probe: Probe | None = None,
) -> Draft:
    """What the files become by an edit: nothing is written yet.

    `days` are those that change, with all their items in the order wanted. An item is a mapping with at least `id`.
    Keys of an item that the show has already stay as they are unless given; None removes one. Items may move from
    day to day; those of a changed day that are given nowhere are deleted. `start` is a local time (`time`, local
    `datetime`, "09:00") or an aware datetime; `duration` a timedelta, seconds, or a text. A value that means what
    the file says already, or implies, leaves the file's way of writing it: items may be given back whole, as they
    were read.

    `exhibitors` are cells that change; None takes an exhibitor out. `blocks` are the texts of items that were deleted,
    for those that come back.

    Raises:
        FilesChanged: `before` is not what the files say now.
    """
    files = gather(show)
    _refuse_changed(files, before)
    texts = _texts(files)
    refused = _refused(days, before, texts, show)
    if refused:
        return Draft(Reading(None, refused), show, before, {})
    changed = {name: text.encode("utf-8") for name, text in _edited(texts, days, before, blocks).items()}
    if exhibitors:
        old = files.content.get(exhibitors_csv.FILE, b"").decode("utf-8")
        new = with_changes(old, exhibitors)
        if new != old:
            changed[exhibitors_csv.FILE] = new.encode("utf-8")
    reading = interpret(replace(files, content={**files.content, **changed}), show, probe)
    return Draft(reading, show, before, {} if reading.rundown is None else changed)


def written(show: Path, before: Rundown) -> tuple[dict[ItemId, Written], dict[ExhibitorId, Written]]:
    """What the files say of every item and exhibitor, in the words of the files.

    Raises:
        FilesChanged: `before` is not what the files say now.
    """
    files = gather(show)
    _refuse_changed(files, before)
    items = {
        ItemId(raw["id"].strip()): Written({key: _plain(value) for key, value in raw.items() if key != "id"}, block)
        for text in _texts(files).values()
        if len(text.items) == len(text.blocks.items)
        for raw, block in zip(text.items, text.blocks.items, strict=True)
    }
    cells = cells_of(files.content.get(exhibitors_csv.FILE, b"").decode("utf-8"))
    return items, {key: Written(dict(values)) for key, values in cells.items()}


def _plain(value: object) -> Value:
    return value.isoformat() if isinstance(value, time | date) else value if _is_plain(value) else str(value)


def _is_plain(value: object) -> TypeGuard[Value]:
    return value is None or isinstance(value, str | bool | int | float)


def _refuse_changed(files: Files, before: Rundown) -> None:
    if revision(files) != before.revision:
        raise FilesChanged(_("The show's files have been changed in the meantime; look at them and try again."))


@dataclass(frozen=True, slots=True)
class _DayText:
    """A day file: its text (with byte order mark, if any), its blocks, and the raw items in them."""

    name: str
    blocks: Blocks
    items: list[dict[str, Any]]


def _texts(files: Files) -> dict[date, _DayText]:
    """The day files by date. They are valid, as a rundown has been made of them."""
    found: dict[date, _DayText] = {}
    for name in files.days:
        text = files.content[name].decode("utf-8")
        mark = BOM if text.startswith(BOM) else ""
        document = toml_text.parse(text.removeprefix(BOM), ProblemList(name, []))
        if document is None:
            continue
        blocks = cut(text.removeprefix(BOM))
        found[document.values["date"]] = _DayText(
            name, replace(blocks, head=mark + blocks.head), document.values.get("item", [])
        )
    return found


def _refused(days: Days, before: Rundown, texts: Mapping[date, _DayText], show: Path) -> tuple[Problem, ...]:
    """What is wrong with the edit itself, whatever it would leave in the files."""
    problems: list[Problem] = []
    given: set[object] = set()
    for day, items in days.items():
        text = texts.get(day)
        if text is None:
            ProblemList(str(familiar(show)), problems).error(
                1, _("The show has no day %(day)s.", day=day), _("Write a day file for it first.")
            )
            continue
        told = ProblemList(str(familiar(show / text.name)), problems)
        if len(text.items) != len(text.blocks.items):
            told.error(
                1,
                _("The items of this file are written as one list, which cannot be edited here."),
                _("Begin each item with a line [[item]]."),
            )
        for item in items:
            identifier = item.get("id")
            if not isinstance(identifier, str) or not identifier.strip():
                told.error(1, _("An item without id is given."))
                continue
            start = parse_start(item.get("start"), ZoneInfo(before.timezone), day)
            for key, value in item.items():
                if not _is_writable(value) or (key == "start" and not is_of_this_age(start)):
                    told.error(1, _("“%(key)s” of item %(id)s cannot be written.", key=key, id=ascii(identifier)))
            for key in item.keys() - KEYS:
                told.error(1, _("Unknown key “%(key)s”.", key=key))
            if identifier in given:
                told.error(1, _("The item “%(id)s” is given twice.", id=identifier))
            given.add(identifier)
    # An item that moves here from a day that is not given would be in both.
    for untouched in before.days:
        for twin in untouched.items if untouched.date not in days else ():
            if twin.id in given:
                ProblemList(str(familiar(show)), problems).error(
                    1,
                    _("The item “%(id)s” is on %(day)s as well.", id=twin.id, day=untouched.date),
                    _("Give both days when an item moves from one to the other."),
                )
    return tuple(problems)


def _is_writable(value: object) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    return value is None or isinstance(value, bool | int | float | time | datetime | timedelta)


def _edited(texts: Mapping[date, _DayText], days: Days, before: Rundown, blocks: Mapping[str, str]) -> dict[str, str]:
    """The new texts of the files that change, by name; those that lose items come last.

    If the power fails between two files, an item that moves is then in both, which is told, and not in neither.
    """
    zone = ZoneInfo(before.timezone)
    known = {
        raw["id"].strip(): _Block(raw, block, item)
        for text in texts.values()
        if len(text.items) == len(text.blocks.items)
        for raw, block in zip(text.items, text.blocks.items, strict=True)
        if (item := before.find(ItemId(raw["id"].strip()))) is not None
    }
    changed: dict[str, str] = {}
    given = {day: {str(edit["id"]).strip() for edit in items} for day, items in days.items()}
    for day in sorted(days, key=lambda day: any(raw["id"].strip() not in given[day] for raw in texts[day].items)):
        items, text = days[day], texts[day]
        new_blocks: list[str] = []
        for edit in items:
            identifier = str(edit["id"]).strip()
            new_blocks.append(_block(known.get(identifier) or _restored(blocks.get(identifier, "")), edit, day, zone))
        new = join(text.blocks, new_blocks)
        if new != join(text.blocks, text.blocks.items):
            changed[text.name] = new
    return changed


@dataclass(frozen=True, slots=True)
class _Block:
    """An item as it stands in a file, and as it was read; all empty for a new one."""

    raw: Mapping[str, Any] = field(default_factory=dict)
    block: str = ""
    item: Item | None = None


def _restored(block: str) -> _Block:
    """A new item; or one that comes back, if its text is known."""
    try:
        (raw,) = tomllib.loads(block)["item"]
    except (tomllib.TOMLDecodeError, KeyError, ValueError):
        return _Block()
    return _Block(raw, block)


def _block(written: _Block, item: Mapping[str, object], day: date, zone: ZoneInfo) -> str:
    """The item's block with its values changed to those given."""
    edits = {key: value for key, value in item.items() if not _says(written, key, value, day, zone)}
    if not edits:
        return written.block
    body = written.block.rstrip("\r\n\t ")
    behind = written.block[len(body) :] or "\n"
    document = tomlkit.parse((body or "[[item]]") + "\n")
    table = document["item"][0]
    for key in sorted(edits, key=ORDER.index):
        value = _toml(key, edits[key], day, zone)
        if value is None:
            table.remove(key)
        elif key in table:
            table[key] = value
        else:
            _insert(table, key, value)
    text = tomlkit.dumps(document).rstrip("\r\n\t ")
    if "\r\n" in written.block:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text + behind


def _insert(table: TomlTable, key: str, value: object) -> None:
    """A new key behind the last of those that come before it in the usual order."""
    usual = ORDER[: ORDER.index(key)]
    earlier = [name.key for name, _value in table.value.body if name is not None and name.key in usual]
    if not earlier:
        table.add(key, tomlkit.item(value))
        return
    last = earlier[-1]
    table.value._insert_after(last, key, tomlkit.item(value))  # noqa: SLF001  (tomlkit offers no other way)


def _says(written: _Block, key: str, new: object, day: date, zone: ZoneInfo) -> bool:
    """Whether the file says this already, in whatever way; what it leaves out, by its default."""
    old, item = written.raw.get(key), written.item
    if old is None or new is None:
        return old is None and (new is None or _implied(item, key, new))
    if key == "duration":
        return parse_duration(old) == _duration(new)
    if key == "media" and item is not None and item.media is not None and new == item.media.path:
        return True
    if key == "start" and item is not None and item.start is not None:
        start = parse_start(new, zone, day)
        if isinstance(start, Clock):
            return start.time == item.start.astimezone(zone).time()
        return isinstance(start, datetime) and item.start == (start if start.tzinfo else to_utc(start, zone).utc)
    if isinstance(old, str) and isinstance(new, str):
        return old.strip() == new.strip()
    return type(old) is type(new) and old == new


def _implied(item: Item | None, key: str, new: object) -> bool:
    """Whether a key that is not written has this value all the same."""
    if item is None:
        return False
    if key == "media":
        return item.media is not None and new == item.media.path
    if key == "duration":
        return item.duration is not None and _duration(new) == item.duration
    return key in {"title", "end", "skip", "note"} and isinstance(new, str | bool) and new == getattr(item, key)


def _duration(value: object) -> timedelta | None:
    return value if isinstance(value, timedelta) else parse_duration(value)


def _toml(key: str, value: object, day: date, zone: ZoneInfo) -> object:
    if key == "duration" and isinstance(value, timedelta):
        return duration_text(value)
    if key == "start":
        start = parse_start(value, zone, day)
        if isinstance(start, Clock):
            return start.time.replace(microsecond=0)
        if isinstance(start, datetime):
            local = start.astimezone(zone).replace(tzinfo=None) if start.tzinfo else start
            local = local.replace(microsecond=0, fold=0)
            # On the day itself the time is enough; the rule for times past midnight is not relied on.
            return local.time() if local.date() == day else local
    return value.strip() if isinstance(value, str) else value
