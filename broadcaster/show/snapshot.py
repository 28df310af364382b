"""A state as JSON and back: what a crash must not take away.

The rundown itself stays in its files; a snapshot names its items by id, and copies only what is on air. What only
holds between this process and its devices (wishes, failures, who is at the studio before the show) is not in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.as_run import Outcome
from broadcaster.show.outputs import DayOver, Hand, Output
from broadcaster.show.reconcile import Remembered, reconcile, remember
from broadcaster.show.rundown import End, ExhibitorId, Item, ItemId, ItemType, Media, Transition, TransitionKind
from broadcaster.show.state import Fill, Mode, OnAir, State, initial
from broadcaster.show.studio import TargetId
from broadcaster.show.transitions import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.show.rundown import Rundown

FORMAT = 2


def dump(state: State, at: datetime) -> dict[str, object]:
    """The state's JSON, as of `at`. Counterpart: `load`."""
    known = remember(state)
    return {
        "format": FORMAT,
        "at": _instant(at),
        "revision": known.revision,
        "date": known.date.isoformat() if known.date else None,
        "order": list(known.order),
        "starts": {key: _instant(start) for key, start in known.starts.items()},
        "mode": state.mode.value,
        "after": state.after,
        "on_air": _dump_on_air(state.on_air),
        "interrupted": _dump_on_air(state.interrupted),
        "soft_due": _instant(state.soft_due),
        "floor": _instant(state.floor),
        "stream_down": _instant(state.stream_down),
        "counted_until": _instant(state.counted_until),
        "running": sorted(output.value for output in state.running),
        "hands": {
            output.value: {"on": hand.on, "day": hand.day and hand.day.isoformat()}
            for output, hand in state.hands.items()
        },
        "over": state.over and {"date": state.over.date.isoformat(), "at": _instant(state.over.at)},
        "late": sorted(state.late),
        "fill": state.fill and {"index": state.fill.index, "began": _instant(state.fill.began)},
        "ended": state.ended,
        "skips": sorted(state.skips),
        "outcomes": {key: value.value for key, value in state.outcomes.items()},
        "airings": dict(state.airings),
        "place": state.place,
        "place_at": _instant(state.place_at),
        "seq": state.seq,
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

    def number_or_none(self, key: str) -> float | None:
        return None if self.values[key] is None else self.number(key)

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
    when, after = read.text_or_none("date"), read.text_or_none("after")
    known = Remembered(
        revision=read.text("revision"),
        date=None if when is None else date.fromisoformat(when),
        order=tuple(ItemId(key) for key in read.texts("order")),
        starts={ItemId(k): datetime.fromisoformat(str(v)) for k, v in read.mapping("starts").items()},
    )
    same = next((i for i, day in enumerate(rundown.days) if day.date == known.date), 0)
    state = replace(
        initial(rundown),
        mode=Mode(read.text("mode")),
        day=same,
        after=None if after is None else ItemId(after),
        on_air=_load_on_air(read.part("on_air")),
        interrupted=_load_on_air(read.part("interrupted")),
        soft_due=read.instant_or_none("soft_due"),
        floor=read.instant("floor"),
        stream_down=read.instant_or_none("stream_down"),
        counted_until=read.instant_or_none("counted_until"),
        running=frozenset(Output(output) for output in read.texts("running")),
        hands=_load_hands(read),
        over=_load_over(read.part("over")),
        late=frozenset(ItemId(key) for key in read.texts("late")),
        fill=_load_fill(read.part("fill"), rundown),
        ended=read.truth("ended"),
        skips=frozenset(ItemId(key) for key in read.texts("skips")),
        outcomes=MappingProxyType({ItemId(k): Outcome(str(v)) for k, v in read.mapping("outcomes").items()}),
        airings=MappingProxyType({ItemId(k): int(str(v)) for k, v in read.mapping("airings").items()}),
        place=TargetId(read.text("place")),
        place_at=read.instant_or_none("place_at"),
        seq=int(read.number("seq")),
    )
    if known.revision == rundown.revision:
        return state
    doing = Step(state)
    reconcile(doing, known, rundown, read.instant("at"))
    return doing.state


def _load_hands(read: _Reader) -> Mapping[Output, Hand]:
    hands = {}
    for output, value in read.mapping("hands").items():
        hand = _Reader(value if isinstance(value, dict) else {})
        day = hand.text_or_none("day")
        hands[Output(output)] = Hand(hand.truth("on"), None if day is None else date.fromisoformat(day))
    return MappingProxyType(hands)


def _load_over(read: _Reader | None) -> DayOver | None:
    return None if read is None else DayOver(date.fromisoformat(read.text("date")), read.instant("at"))


def _load_fill(read: _Reader | None, rundown: Rundown) -> Fill | None:
    if read is None or not rundown.filler:
        return None
    index = int(read.number("index")) % len(rundown.filler)
    return Fill(index, rundown.filler[index], read.instant("began"))


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
        "late": on_air.late.total_seconds(),
        "lost_since": _instant(on_air.lost_since),
        "lost": on_air.lost.total_seconds(),
        "own_picture": on_air.own_picture,
        "unseen": on_air.unseen.total_seconds(),
        "extended": on_air.extended.total_seconds(),
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
        late=timedelta(seconds=read.number("late")),
        lost_since=read.instant_or_none("lost_since"),
        lost=timedelta(seconds=read.number("lost")),
        own_picture=read.truth("own_picture"),
        unseen=timedelta(seconds=read.number("unseen")),
        # Absent in what an earlier version of the service has left.
        extended=timedelta(seconds=read.number("extended")) if "extended" in read.values else timedelta(0),
    )


def _dump_item(item: Item) -> dict[str, object]:
    media = item.media
    return {
        "id": item.id,
        "cue": item.cue,
        "type": item.type.value,
        "title": item.title,
        "exhibitor": item.exhibitor,
        "media": media and _dump_media(media),
        "scene": item.scene,
        "start": _instant(item.start),
        "duration": _span(item.duration),
        "end": item.end.value,
        "skip": item.skip,
        "note": item.note,
        "transition": item.transition
        and {"kind": item.transition.kind.value, "duration": item.transition.duration.total_seconds()},
    }


def _dump_media(media: Media) -> dict[str, object]:
    return {
        "path": media.path,
        "duration": _span(media.duration),
        "fault": media.fault,
        "size": media.size and list(media.size),
        "loudness": media.loudness,
        "true_peak": media.true_peak,
        "backdrop": media.backdrop,
        "rotation": media.rotation,
    }


def _load_media(read: _Reader) -> Media:
    size = read.values["size"]
    return Media(
        path=read.text("path"),
        duration=read.span_or_none("duration"),
        fault=read.text("fault"),
        size=(int(size[0]), int(size[1])) if isinstance(size, list) else None,
        loudness=read.number_or_none("loudness"),
        true_peak=read.number_or_none("true_peak"),
        backdrop=read.text("backdrop"),
        rotation=int(read.number("rotation")),
    )


def _load_item(read: _Reader) -> Item:
    media, exhibitor, transition = read.part("media"), read.text_or_none("exhibitor"), read.part("transition")
    return Item(
        id=ItemId(read.text("id")),
        cue=read.text("cue"),
        type=ItemType(read.text("type")),
        title=read.text("title"),
        exhibitor=None if exhibitor is None else ExhibitorId(exhibitor),
        media=None if media is None else _load_media(media),
        scene=read.text_or_none("scene"),
        start=read.instant_or_none("start"),
        duration=read.span_or_none("duration"),
        end=End(read.text("end")),
        skip=read.truth("skip"),
        note=read.text("note"),
        transition=None
        if transition is None
        else Transition(TransitionKind(transition.text("kind")), timedelta(seconds=transition.number("duration"))),
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _span(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
