"""What follows from a state: the studio wanted now, the scenes that should exist, the description's content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.show.description import DescriptionWish, Entry
from broadcaster.show.expectation import expect
from broadcaster.show.loudness import gain
from broadcaster.show.overlay_state import EMPTY, NextUp, Overlay, Timed, overlay_of
from broadcaster.show.rundown import ItemType
from broadcaster.show.state import (
    LONG_AGO,
    Mode,
    State,
    day_start,
    fault_of,
    item_fault,
    next_item,
    start_of,
)
from broadcaster.show.studio import Card, Clip, OnDeck, OperatorScene, Picture, Safe, Target, ThinScene
from broadcaster.show.timeline import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from broadcaster.show.overlay_state import Part
    from broadcaster.show.rundown import ExhibitorId, Item, Media, Rundown
    from broadcaster.show.state import Fill, OnAir

FILLER_SCENE = "Filler"
FOLLOWING = 5
"""How many of the next items the description and the slates name."""
CHANGES = 200
"""How many changes to come the description's quota is budgeted for: a day's units pay for no more."""


def target(state: State) -> Target:
    """The studio that this state asks for."""
    upcoming = next_item(state)
    next_title = upcoming.title if upcoming else ""
    on_air = state.on_air
    cue_overlay = _first_parts(state, upcoming)
    if on_air is not None:
        is_break = on_air.item.type is ItemType.BREAK
        return Target(
            id=state.place,
            item=on_air.item.id,
            scene=scene_name(on_air.item),
            picture=_picture(state, on_air),
            at=state.place_at,
            transition=on_air.item.transition or state.rundown.transition,
            overlay=_overlay(state, on_air, upcoming),
            cue=_cue(state, upcoming),
            cue_overlay=cue_overlay,
            next_title=next_title,
            countdown_to=on_air.expected_end if is_break else None,
        )
    return Target(
        id=state.place,
        item=None,
        scene=FILLER_SCENE if state.fill else "",
        picture=_filler(state.fill) if state.fill else _safe(state),
        at=state.place_at,
        transition=state.rundown.transition,
        overlay=Overlay((Timed(_following(state, upcoming)),)) if state.fill and upcoming else EMPTY,
        cue=_cue(state, upcoming),
        cue_overlay=cue_overlay,
        next_title=next_title,
        countdown_to=_next_start(state, upcoming),
        is_over=state.ended,
    )


def scene_name(item: Item) -> str:
    return f"{item.cue} {item.title}"


def thin_scenes(state: State) -> tuple[ThinScene, ...]:
    """One per item of the day, and one for the fillers in gaps."""
    if not state.rundown.days:
        return ()
    scenes = [ThinScene(scene_name(item), item.id, item.scene) for item in state.rundown.days[state.day].items]
    if state.on_air is not None and all(scene.item != state.on_air.item.id for scene in scenes):
        scenes.append(ThinScene(scene_name(state.on_air.item), state.on_air.item.id, state.on_air.item.scene))
    return (*scenes, ThinScene(FILLER_SCENE, None))


def description(state: State, now: datetime) -> DescriptionWish:
    """What the description says while `state.on_air` is on air (or nothing is)."""
    rundown, on_air = state.rundown, state.on_air
    coming = expect(state, now, FOLLOWING)
    following = [
        (rundown.find(key), times.start) for key, times in coming.items() if on_air is None or key != on_air.item.id
    ]
    shown = on_air.item.exhibitor if on_air else None
    return DescriptionWish(
        at=now,
        item=on_air.item.id if on_air else None,
        expo_title=rundown.title,
        shop_url=rundown.shop_url,
        timezone=rundown.timezone,
        hashtags=rundown.hashtags,
        on_air=entry(rundown, on_air.item, on_air.began) if on_air else None,
        following=tuple(entry(rundown, item, start) for item, start in following if item is not None),
        others=tuple(entry(rundown, item, None) for item in _exhibitors(rundown, state.day) if item.exhibitor != shown),
        changes=_changes(state, now),
    )


def _changes(state: State, now: datetime) -> tuple[datetime, ...]:
    on_air = state.on_air.item.id if state.on_air else None
    today = [times.start for key, times in expect(state, now, CHANGES).items() if key != on_air]
    days = state.rundown.days[state.day + 1 : state.day + 2]
    later = [entry.start for day in days for entry in plan(day)[:CHANGES] if entry.start and not entry.item.skip]
    return tuple([*today, *later][:CHANGES])


def _exhibitors(rundown: Rundown, day: int) -> Iterator[Item]:
    """The first item of each of the day's exhibitors, in rundown order."""
    seen: set[ExhibitorId] = set()
    for item in rundown.days[day].items if rundown.days else ():
        if item.exhibitor is not None and not item.skip and item.exhibitor not in seen:
            seen.add(item.exhibitor)
            yield item


def entry(rundown: Rundown, item: Item, start: datetime | None) -> Entry:
    exhibitor = rundown.exhibitor_of(item)
    return Entry(
        item=item.id,
        exhibitor=item.exhibitor,
        name=exhibitor.name if exhibitor else item.title,
        city=exhibitor.city if exhibitor else "",
        tagline=exhibitor.tagline if exhibitor else "",
        link=exhibitor.link if exhibitor else "",
        start=start,
    )


def _picture(state: State, on_air: OnAir) -> Picture:
    item = on_air.item
    exhibitor = state.rundown.exhibitor_of(item)
    subtitle = " · ".join(part for part in (exhibitor.tagline, exhibitor.city) if part) if exhibitor else ""
    if on_air.fault:
        return Card(item.title, subtitle)
    if item.scene is not None:
        return OperatorScene(item.scene)
    if state.fill is not None:
        return _filler(state.fill)
    if item.media is not None:
        return OnDeck(clip(item.media), on_air.media_began)
    return Card(item.title, subtitle)


def _filler(fill: Fill) -> OnDeck:
    return OnDeck(clip(fill.media), fill.began)


def _safe(state: State) -> Safe:
    music = state.rundown.music
    return Safe(state.rundown.standby_scene, music.path if music else "")


def clip(media: Media) -> Clip:
    return Clip(media.path, media.duration, gain(media), media.size, media.backdrop, media.rotation)


def _overlay(state: State, on_air: OnAir, upcoming: Item | None) -> Overlay:
    return overlay_of(
        on_air.item,
        state.rundown.exhibitor_of(on_air.item),
        began=on_air.began,
        end=on_air.end if state.mode is Mode.AUTO else None,
        following=_following(state, upcoming) if upcoming else None,
        is_own_picture=not on_air.fault,
    )


def _first_parts(state: State, upcoming: Item | None) -> tuple[Part, ...]:
    """What will lie over the next item as it begins."""
    if upcoming is None:
        return ()
    first = overlay_of(
        upcoming,
        state.rundown.exhibitor_of(upcoming),
        began=LONG_AGO,
        end=None,
        following=None,
        is_own_picture=not item_fault(state, upcoming),
    )
    return first.at(LONG_AGO)


def _following(state: State, upcoming: Item) -> NextUp:
    exhibitor = state.rundown.exhibitor_of(upcoming)
    if exhibitor is None:
        return NextUp(upcoming.title)
    return NextUp(exhibitor.name, exhibitor.city)


def _cue(state: State, upcoming: Item | None) -> Clip | None:
    """The next video in line, be it an item's or the next filler's."""
    candidates: list[Media | None] = []
    if state.fill is not None and len(state.rundown.filler) > 1:
        candidates.append(state.rundown.filler[(state.fill.index + 1) % len(state.rundown.filler)])
    elif upcoming is not None and upcoming.type is ItemType.BREAK:
        candidates.extend(state.rundown.filler[:1])
    if upcoming is not None and upcoming.scene is None:
        candidates.append(upcoming.media)
    return next((clip(media) for media in candidates if media is not None and not fault_of(state, media)), None)


def _next_start(state: State, upcoming: Item | None) -> datetime | None:
    if state.mode is not Mode.AUTO:
        return None  # nobody knows when
    if upcoming is not None:
        return start_of(state, upcoming)
    return day_start(state.rundown, state.day + 1)
