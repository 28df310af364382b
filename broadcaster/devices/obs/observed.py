"""What OBS shows now, in the terms in which it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import NO_SUCH_RESOURCE, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.devices.obs.connection import Answer, Connection
    from broadcaster.devices.obs.names import Names

PLAYING = "OBS_MEDIA_STATE_PLAYING"


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture in the program scene. `item` and `index` are those of its scene item: a higher index covers a lower."""

    name: str
    item: int
    index: int
    enabled: bool


@dataclass(frozen=True, slots=True)
class Deck(Layer):
    """One of the two media inputs, and the backdrop that belongs under it."""

    backdrop: Layer
    file: str
    state: str = ""
    cursor: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source lies in a scene. `x` in pixels of the canvas; index 0 lies at the bottom."""

    index: int
    x: float
    enabled: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """`decks_active`: whether the program scene nests the decks, seen or unseen.

    `destination` is what lies in the scene that was asked about, by source; None when there is no such scene.
    """

    scene: str
    decks: tuple[Deck, Deck]
    decks_active: bool
    destination: Mapping[str, Place] | None = None

    @property
    def running(self) -> Deck | None:
        """The deck that covers the others on program."""
        if not self.decks_active:
            return None
        return max((deck for deck in self.decks if deck.enabled), key=lambda deck: deck.index, default=None)

    @property
    def top(self) -> int:
        """The highest index of a deck or backdrop; what people laid above stays above."""
        return max(layer.index for deck in self.decks for layer in (deck, deck.backdrop))

    def other(self, deck: Deck) -> Deck:
        return self.decks[1] if deck.name == self.decks[0].name else self.decks[0]


def observe(connection: Connection, names: Names, destination: str | None = None) -> Observed:
    """Ask OBS, in one batch (some 3 ms). `destination`: the scene that shall come on program.

    Raises:
        Refused: 600: a managed scene, deck or backdrop is missing.
    """
    a, b = names.decks
    answers = connection.batch(
        [
            Request("GetCurrentProgramScene"),
            Request("GetSceneItemList", {"sceneName": names.program}),
            Request("GetInputSettings", {"inputName": a}),
            Request("GetMediaInputStatus", {"inputName": a}),
            Request("GetInputSettings", {"inputName": b}),
            Request("GetMediaInputStatus", {"inputName": b}),
            Request("GetSceneItemList", {"sceneName": destination or names.program}),
        ]
    )
    there = answers.pop()
    good: list[Answer] = []
    for answer in answers:
        if isinstance(answer, Refused):
            raise answer
        good.append(answer)
    scene, items, *of_decks = good
    name = str(scene["currentProgramSceneName"])
    places = {item["sourceName"]: item for item in items["sceneItems"]}
    under_a, under_b = (_layer(backdrop, places) for backdrop in names.backdrops)
    return Observed(
        scene=name,
        decks=(_deck(a, places, under_a, *of_decks[:2]), _deck(b, places, under_b, *of_decks[2:])),
        decks_active=names.nests_program(name),
        destination=None if isinstance(there, Refused) else _places(there),
    )


def _places(items: Answer) -> dict[str, Place]:
    return {
        str(item["sourceName"]): Place(
            int(item["sceneItemIndex"]),
            float(item["sceneItemTransform"]["positionX"]),
            bool(item["sceneItemEnabled"]),
        )
        for item in items["sceneItems"]
    }


def _layer(name: str, places: dict[str, Answer]) -> Layer:
    if name not in places:
        raise Refused("GetSceneItemList", NO_SUCH_RESOURCE, f"{name} is not in its scene")
    item = places[name]
    return Layer(name, int(item["sceneItemId"]), int(item["sceneItemIndex"]), bool(item["sceneItemEnabled"]))


def _deck(name: str, places: dict[str, Answer], backdrop: Layer, settings: Answer, status: Answer) -> Deck:
    layer = _layer(name, places)
    return Deck(
        name=layer.name,
        item=layer.item,
        index=layer.index,
        enabled=layer.enabled,
        backdrop=backdrop,
        file=str(settings["inputSettings"].get("local_file", "")),
        state=str(status["mediaState"]),
        cursor=milliseconds(status["mediaCursor"]),
    )


def milliseconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(milliseconds=value)
