"""From what OBS shows to what is wanted: the difference, as requests. Pure.

The recipe of a switch without a black frame (measured on OBS 29 and 32): both decks lie in one scene; the next one is
laid on top and shown, the program scene follows, and the old deck goes 120 ms later, when the new one certainly has a
picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request, sleep
from broadcaster.devices.obs.observed import PLAYING, Deck, Observed

if TYPE_CHECKING:
    from broadcaster.devices.obs.names import Names

OVERLAP_MS = 120
JOINED = timedelta(milliseconds=400)
"""A video whose place is beyond this when it is shown is joined in progress, and has to be sought."""

ASTRAY = timedelta(seconds=1)
"""A running video that is off its place by more is put right; less is not worth a visible jump."""


@dataclass(frozen=True, slots=True)
class Video:
    """A file at its place. `duration` is its length, None when unknown: then it is not looped in `position`."""

    path: str
    position: timedelta
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`scene`: full name of the program scene. Without `video` the decks are to be out of sight and silent."""

    scene: str
    video: Video | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """What to do. `load`: bring the video to `deck` first, off air. `seek`: then bring it to its place."""

    requests: tuple[Request, ...]
    deck: str | None = None
    load: bool = False
    seek: bool = False
    scene_changes: bool = False

    @property
    def hides(self) -> bool:
        return any(_hides(request) for request in self.requests)


def switch(
    observed: Observed,
    wanted: Wanted,
    names: Names,
    *,
    ready: tuple[str, str] | None = None,
    adopt: bool = True,
) -> Switch:
    """The difference between `observed` and `wanted`; no requests when there is none.

    `ready` is (deck, path) of the video that was loaded since its deck was last shown. `adopt` says whether a deck
    that already plays the file may simply go on; it may not when it plays it for another target.
    """
    changes = observed.scene != wanted.scene
    to_scene = (Request("SetCurrentProgramScene", {"sceneName": wanted.scene}),) if changes else ()
    if wanted.video is None:
        return Switch((*to_scene, *_clear(observed, wanted, names)), scene_changes=changes)

    running = observed.running
    if adopt and running is not None and running.file == wanted.video.path and running.state == PLAYING:
        return Switch(
            (*to_scene, *_hide(observed.other(running), names)),
            deck=running.name,
            seek=off_by(running.cursor, wanted.video) > ASTRAY,
            scene_changes=changes,
        )

    deck = spare(observed, ready[0] if ready and ready[1] == wanted.video.path else None)
    other = observed.other(deck)
    requests = [*_raise(deck, other, names), *_show(deck, names), *to_scene]
    if other.enabled:
        requests += [sleep(OVERLAP_MS), *_hide(other, names)]
    return Switch(
        tuple(requests),
        deck=deck.name,
        load=ready != (deck.name, wanted.video.path),
        seek=wanted.video.position > JOINED,
        scene_changes=changes,
    )


def spare(observed: Observed, preferred: str | None = None) -> Deck:
    """The deck that can be loaded without viewers noticing.

    While the decks are inactive, OBS defers what is done to their items: the one that is enabled then starts at once
    when its scene comes on air, the other some frames later. So the enabled one is the spare one.
    """
    if observed.decks_active:
        running = observed.running
        if running is not None:
            return observed.other(running)
        free: tuple[Deck, ...] = observed.decks
    else:
        free = tuple(deck for deck in observed.decks if deck.enabled) or observed.decks
    return next((deck for deck in free if deck.name == preferred), free[0])


def off_by(cursor: timedelta | None, video: Video) -> timedelta:
    """How far `cursor` is from the video's place, the shorter way round its loop; without a cursor, `timedelta.max`."""
    if cursor is None:
        return timedelta.max
    distance = abs(cursor - video.position)
    return distance if video.duration is None else min(distance, abs(video.duration - distance))


def _clear(observed: Observed, wanted: Wanted, names: Names) -> tuple[Request, ...]:
    if not names.nests_program(wanted.scene):
        return ()
    return tuple(request for deck in observed.decks for request in _hide(deck, names))


def _raise(deck: Deck, other: Deck, names: Names) -> tuple[Request, ...]:
    if deck.index > other.index:
        return ()
    return (
        Request(
            "SetSceneItemIndex",
            {"sceneName": names.program, "sceneItemId": deck.item, "sceneItemIndex": other.index},
        ),
    )


def _show(deck: Deck, names: Names) -> tuple[Request, ...]:
    return () if deck.enabled else (_enable(deck, names, enabled=True),)


def _hide(deck: Deck, names: Names) -> tuple[Request, ...]:
    return (_enable(deck, names, enabled=False),) if deck.enabled else ()


def _enable(deck: Deck, names: Names, *, enabled: bool) -> Request:
    return Request(
        "SetSceneItemEnabled",
        {"sceneName": names.program, "sceneItemId": deck.item, "sceneItemEnabled": enabled},
    )


def _hides(request: Request) -> bool:
    return request.type == "SetSceneItemEnabled" and not request.data["sceneItemEnabled"]
