"""A state as JSON and back: what a crash must not take away.

The rundown itself stays in its files; a snapshot names its items by id, and copies only what is on air.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.reconcile import adopt
from broadcaster.show.rundown import End, ExhibitorId, Item, ItemId, ItemType, Media
from broadcaster.show.state import Fill, Mode, OnAir, State, initial
from broadcaster.show.studio import TargetId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.show.rundown import Rundown

FORMAT = 1


def dump(state: State) -> dict[str, object]:
    """The state's JSON. Counterpart: `load`."""
    days = state.rundown.days
    return {
        "format": FORMAT,
        "mode": state.mode.value,
        "date": days[state.day].date.isoformat() if days else None,
        "order": [item.id for item in days[state.day].items] if days else [],
        "after": state.after,
        "on_air": _dump_on_air(state.on_air),
        "interrupted": _dump_on_air(state.interrupted),
        "soft_due": _instant(state.soft_due),
        "floor": _instant(state.floor),
        "armed": _instant(state.armed),
        "fill": state.fill and {"index": state.fill.index, "began": _instant(state.fill.began)},
        "ended": state.ended,
        "skips": sorted(state.skips),
        "outcomes": {key: value.value for key, value in state.outcomes.items()},
        "airings": dict(state.airings),
        "faults": dict(state.faults),
        "leaving": _dump_row(state.leaving),
        "place": state.place,
        "seq": state.seq,
        "released": state.released,
        "described": list(state.described) if state.described else None,
    }


def load(snapshot: Mapping[str, object], rundown: Rundown) -> State:
    """The state that `dump` saw, in the rundown as it is now: it may have been edited meanwhile.

    Raises:
        ValueError: not a snapshot of this format.
    """
    try:
        return _load(_Reader(snapshot), rundown)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a usable snapshot: {error!r}") from error


class _Reader:
    """Typed look-ups in a JSON object."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str):
            raise TypeError(f"{key} is no text")
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self.values[key] is None else self.text(key)

    def number(self, key: str) -> float:
        value = self.values[key]
        if not isinstance(value, int | float):
            raise TypeError(f"{key} is no number")
        return value

    def truth(self, key: str) -> bool:
        return bool(self.values[key])

    def instant(self, key: str) -> datetime:
        return datetime.fromisoformat(self.text(key))

    def instant_or_none(self, key: str) -> datetime | None:
        return None if self.values[key] is None else self.instant(key)

    def span_or_none(self, key: str) -> timedelta | None:
        return None if self.values[key] is None else timedelta(seconds=self.number(key))

    def part(self, key: str) -> _Reader | None:
        value = self.values[key]
        return _Reader(value) if isinstance(value, dict) else None

    def mapping(self, key: str) -> dict[str, object]:
        value = self.values[key]
        if not isinstance(value, dict):
            raise TypeError(f"{key} is no object")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.values[key]
        if not isinstance(value, list):
            raise TypeError(f"{key} is no list")
        return [str(entry) for entry in value]


def _load(read: _Reader, rundown: Rundown) -> State:
    if read.number("format") != FORMAT:
        raise ValueError(f"a snapshot of format {read.values['format']}, not {FORMAT}")
    after = read.text_or_none("after")
    state = replace(
        initial(rundown),
        mode=Mode(read.text("mode")),
        on_air=_load_on_air(read.part("on_air")),
        interrupted=_load_on_air(read.part("interrupted")),
        soft_due=read.instant_or_none("soft_due"),
        floor=read.instant("floor"),
        armed=read.instant("armed"),
        ended=read.truth("ended"),
        skips=frozenset(ItemId(key) for key in read.texts("skips")),
        outcomes=MappingProxyType({ItemId(k): Outcome(str(v)) for k, v in read.mapping("outcomes").items()}),
        airings=MappingProxyType({ItemId(k): int(str(v)) for k, v in read.mapping("airings").items()}),
        faults=MappingProxyType({key: str(value) for key, value in read.mapping("faults").items()}),
        leaving=_load_row(read.part("leaving")),
        place=TargetId(read.text("place")),
        seq=int(read.number("seq")),
        released=read.truth("released"),
    )
    described = read.values["described"]
    if isinstance(described, list):
        state = replace(state, described=(described[0] and ItemId(str(described[0])), str(described[1])))
    fill = read.part("fill")
    if fill is not None and rundown.filler:
        index = int(fill.number("index"))
        media = rundown.filler[index % len(rundown.filler)]
        state = replace(state, fill=Fill(index, media, fill.instant("began")))
    return _placed(state, rundown, read.text_or_none("date"), read.texts("order"), after)


def _placed(state: State, rundown: Rundown, when: str | None, order: list[str], after: str | None) -> State:
    """Day and pointer, found again by date and id in a rundown that may have changed."""
    if when is None or not rundown.days:
        return state
    ids = [ItemId(key) for key in order]
    day, pointer = adopt(date.fromisoformat(when), ids, None if after is None else ItemId(after), rundown)
    return replace(state, day=day, after=pointer)


def _dump_on_air(on_air: OnAir | None) -> dict[str, object] | None:
    if on_air is None:
        return None
    return {
        "item": _dump_item(on_air.item),
        "airing": on_air.airing,
        "began": _instant(on_air.began),
        "media_began": _instant(on_air.media_began),
        "expected_start": _instant(on_air.expected_start),
        "end": _instant(on_air.end),
        "actual_start": _instant(on_air.actual_start),
        "fault": on_air.fault,
        "joined": on_air.joined,
        "lost_since": _instant(on_air.lost_since),
        "lost": on_air.lost.total_seconds(),
        "own_picture": on_air.own_picture,
    }


def _load_on_air(read: _Reader | None) -> OnAir | None:
    if read is None:
        return None
    item = read.part("item")
    if item is None:
        raise TypeError("on air without an item")
    return OnAir(
        item=_load_item(item),
        airing=int(read.number("airing")),
        began=read.instant("began"),
        media_began=read.instant("media_began"),
        expected_start=read.instant("expected_start"),
        end=read.instant_or_none("end"),
        actual_start=read.instant_or_none("actual_start"),
        fault=read.text("fault"),
        joined=read.text("joined"),
        lost_since=read.instant_or_none("lost_since"),
        lost=timedelta(seconds=read.number("lost")),
        own_picture=read.truth("own_picture"),
    )


def _dump_item(item: Item) -> dict[str, object]:
    media = item.media
    return {
        "id": item.id,
        "cue": item.cue,
        "type": item.type.value,
        "title": item.title,
        "exhibitor": item.exhibitor,
        "media": media and {"path": media.path, "duration": _span(media.duration), "fault": media.fault},
        "scene": item.scene,
        "start": _instant(item.start),
        "duration": _span(item.duration),
        "end": item.end.value,
        "skip": item.skip,
        "note": item.note,
    }


def _load_item(read: _Reader) -> Item:
    media, exhibitor = read.part("media"), read.text_or_none("exhibitor")
    return Item(
        id=ItemId(read.text("id")),
        cue=read.text("cue"),
        type=ItemType(read.text("type")),
        title=read.text("title"),
        exhibitor=None if exhibitor is None else ExhibitorId(exhibitor),
        media=None if media is None else Media(media.text("path"), media.span_or_none("duration"), media.text("fault")),
        scene=read.text_or_none("scene"),
        start=read.instant_or_none("start"),
        duration=read.span_or_none("duration"),
        end=End(read.text("end")),
        skip=read.truth("skip"),
        note=read.text("note"),
    )


def _dump_row(row: AsRun | None) -> dict[str, object] | None:
    if row is None:
        return None
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _load_row(read: _Reader | None) -> AsRun | None:
    if read is None:
        return None
    exhibitor, outcome = read.text_or_none("exhibitor"), read.text_or_none("outcome")
    return AsRun(
        day=date.fromisoformat(read.text("day")),
        item=ItemId(read.text("item")),
        airing=int(read.number("airing")),
        cue=read.text("cue"),
        type=ItemType(read.text("type")),
        title=read.text("title"),
        exhibitor=None if exhibitor is None else ExhibitorId(exhibitor),
        media=read.text_or_none("media"),
        planned_start=read.instant_or_none("planned_start"),
        expected_start=read.instant_or_none("expected_start"),
        actual_start=read.instant_or_none("actual_start"),
        actual_end=read.instant_or_none("actual_end"),
        outcome=None if outcome is None else Outcome(outcome),
        note=read.text("note"),
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _span(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
