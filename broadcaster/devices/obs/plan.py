"""From what OBS shows to what is wanted: the difference, as requests, frame by frame. Pure.

The recipe of a switch without a black, repeated or lost picture (measured on OBS 29, see `reel`): both decks lie in one
scene. The next one is started unseen at the very bottom, one frame ahead; on the frame itself it is raised over the old
one and the program scene follows; the old deck goes a few frames later, when the new one certainly has a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.observed import PLAYING, Deck, Layer, Observed

if TYPE_CHECKING:
    from broadcaster.devices.obs.names import Names

COVERS = 3
"""Frames for which the old deck stays under the new one."""

JOINED = timedelta(milliseconds=400)
"""A video whose place is beyond this when it is shown is joined in progress, and has to be sought."""

ASTRAY = timedelta(seconds=1)
"""A running video that is off its place by more is put right; less is not worth a visible jump."""

SILENCE = -100.0
"""dB: the least that OBS takes."""


@dataclass(frozen=True, slots=True)
class Video:
    """A file at its place. `duration` is its length, None when unknown: then it is not looped in `position`."""

    path: str
    position: timedelta
    duration: timedelta | None
    has_backdrop: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """`scene`: full name of the program scene. Without `video` the decks are to be out of sight and silent.

    `shows_slate`: it is the slate beneath the decks that is to be seen.
    """

    scene: str
    video: Video | None = None
    shows_slate: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """What to do: `ready` one frame ahead, `show` on the frame itself, `clear` some frames later.

    `load`: bring the video to `deck` first, off air. `seek`: then bring it to its place. `starts`: `deck` is to play.
    """

    ready: tuple[Request, ...] = ()
    show: tuple[Request, ...] = ()
    clear: tuple[Request, ...] = ()
    deck: str | None = None
    load: bool = False
    seek: bool = False
    starts: bool = False
    scene_changes: bool = False
    leaves: tuple[str, ...] = ()
    """The decks that go off air."""


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
        return _without_video(observed, wanted, names, to_scene)

    running = observed.running
    if adopt and running is not None and running.file == wanted.video.path and running.state == PLAYING:
        other = observed.other(running)
        return Switch(
            show=to_scene,
            clear=hide(other, names),
            deck=running.name,
            seek=off_by(running.cursor, wanted.video) > ASTRAY,
            scene_changes=changes,
            leaves=_enabled(other),
        )

    deck = spare(observed, ready[0] if ready and ready[1] == wanted.video.path else None)
    other = observed.other(deck)
    # Where the decks are inactive, OBS does what is asked of them when they are on air again, in its own time.
    under = _lower(deck, names) if observed.decks_active else ()
    start = _show(deck, names, backdrop=wanted.video.has_backdrop)
    return Switch(
        ready=(*under, *start, *silence(other)) if observed.decks_active else (),
        show=(
            *(() if observed.decks_active else (*start, *silence(other))),
            *_raise(deck, observed.top, names),
            *to_scene,
        ),
        clear=hide(other, names),
        deck=deck.name,
        load=ready != (deck.name, wanted.video.path),
        seek=wanted.video.position > JOINED,
        starts=True,
        scene_changes=changes,
        leaves=_enabled(other),
    )


def _without_video(observed: Observed, wanted: Wanted, names: Names, to_scene: tuple[Request, ...]) -> Switch:
    changes = bool(to_scene)
    if not names.nests_program(wanted.scene):
        return Switch(show=to_scene, scene_changes=changes)
    gone = tuple(request for deck in observed.decks for request in hide(deck, names))
    quiet = tuple(request for deck in observed.decks for request in silence(deck))
    leaves = tuple(name for deck in observed.decks for name in _enabled(deck))
    if wanted.shows_slate:
        return Switch(show=(*gone, *to_scene), scene_changes=changes, leaves=leaves)
    return Switch(show=(*quiet, *to_scene), clear=gone, scene_changes=changes, leaves=leaves)


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


def silence(deck: Deck) -> tuple[Request, ...]:
    """No more sound of a deck that is on its way out; it gets its volume back with its next video.

    A frame ahead, since OBS shows a picture that much after its sound: a video on a loop is heard again before it is
    seen.
    """
    return (volume(deck.name, SILENCE),) if deck.enabled else ()


def volume(deck: str, decibels: float) -> Request:
    return Request("SetInputVolume", {"inputName": deck, "inputVolumeDb": decibels})


def hide(deck: Deck, names: Names) -> tuple[Request, ...]:
    return tuple(_enable(layer, names, enabled=False) for layer in (deck, deck.backdrop) if layer.enabled)


def _enabled(deck: Deck) -> tuple[str, ...]:
    return (deck.name,) if deck.enabled else ()


def _lower(deck: Deck, names: Names) -> tuple[Request, ...]:
    """To the very bottom: even the slate covers it."""
    if (deck.backdrop.index, deck.index) == (0, 1):
        return ()
    return (_move(deck.backdrop, 0, names), _move(deck, 1, names))


def _raise(deck: Deck, top: int, names: Names) -> tuple[Request, ...]:
    return (_move(deck.backdrop, top, names), _move(deck, top, names))


def _move(layer: Layer, index: int, names: Names) -> Request:
    return Request(
        "SetSceneItemIndex",
        {"sceneName": names.program, "sceneItemId": layer.item, "sceneItemIndex": index},
    )


def _show(deck: Deck, names: Names, *, backdrop: bool) -> tuple[Request, ...]:
    requests = []
    if deck.backdrop.enabled != backdrop:
        requests.append(_enable(deck.backdrop, names, enabled=backdrop))
    if not deck.enabled:
        requests.append(_enable(deck, names, enabled=True))
    return tuple(requests)


def _enable(layer: Layer, names: Names, *, enabled: bool) -> Request:
    return Request(
        "SetSceneItemEnabled",
        {"sceneName": names.program, "sceneItemId": layer.item, "sceneItemEnabled": enabled},
    )
