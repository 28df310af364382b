"""A switch as batches that OBS works through by its frames."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from broadcaster.devices.obs import fade
from broadcaster.devices.obs.connection import Connection, Request
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.names import Names
from broadcaster.devices.obs.panels import Panels
from broadcaster.devices.obs.plan import COVERS, SILENCE, Switch
from broadcaster.devices.obs.reel import Moment
from broadcaster.devices.obs.switching import Switcher
from broadcaster.devices.obs.ticks import Ticks
from broadcaster.show.overlay_state import LowerThird, NextUp

FRAME = 1 / 30
A, B = "Deck A", "Deck B"
BACKDROPS = {A: "Backdrop A", B: "Backdrop B"}


class Obs(Connection):
    """Does everything at once, and remembers what it was asked, batch by batch."""

    def __init__(self, refuse=None):
        self.batches = []
        self.refuse = refuse

    def call(self, request, /, **data):
        self.batches.append([Request(request, data)])
        if request == "GetSceneItemList":
            return {"sceneItems": [{"sourceName": name, "sceneItemId": n} for n, name in enumerate(NAMES.panels)]}
        return {}

    def batch(self, requests, *, halt=False, by_frame=False):
        assert by_frame
        assert halt
        self.batches.append(list(requests))
        return [
            Refused(request.type, 600, "gone") if request.type == self.refuse else {} for request in self.batches[-1]
        ]

    @property
    def said(self):
        """The batches in short words: "wait n" is so many frames."""
        return [[word(request) for request in batch] for batch in self.batches]


def word(request):
    data = request.data
    match request.type:
        case "Sleep":
            return f"wait {data['sleepFrames']}"
        case "SetSourceFilterSettings":
            return f"{data['sourceName']} {data['filterSettings']['opacity']:.2f}"
        case "SetSourceFilterEnabled":
            return f"{data['sourceName']} filter {'on' if data['filterEnabled'] else 'off'}"
        case "SetInputVolume":
            return f"{data['inputName']} {data['inputVolumeDb']:.1f} dB"
        case _:
            return request.type


def on_obs(**more):
    obs = Obs(**more)
    return obs, Switcher(obs, Ticks(FRAME), BACKDROPS, "Fade")


SWITCH = Switch(ready=(Request("ready"),), show=(Request("show"),), clear=(Request("clear"),), deck=B, starts=True)
OVER = (Request("over"),)


def no_pause(_seconds):
    pass


class NewerWish(Exception):  # noqa: N818  (not an error)
    """Something else is wanted."""


# -------------------------------------------------------------------- cut


def test_a_cut_starts_the_next_deck_a_frame_ahead_and_clears_when_it_certainly_has_a_picture():
    obs, switcher = on_obs()
    done = switcher.cut(SWITCH, OVER, holds=False)
    assert obs.said == [["ready", "wait 1", "show", "over"], [f"wait {COVERS}", "clear"]]
    assert done.activated == done.seen - 1


def test_a_first_picture_that_is_held_is_started_on_the_frame_itself():
    obs, switcher = on_obs()
    done = switcher.cut(SWITCH, OVER, holds=True)
    assert obs.said[0] == ["ready", "show", "over"]
    assert done.activated == done.seen


def test_without_a_deck_to_clear_there_is_one_batch():
    obs, switcher = on_obs()
    switcher.cut(Switch(show=(Request("show"),)), (), holds=False)
    assert obs.said == [["show"]]


def test_a_refusal_ends_the_switch_and_is_told():
    obs, switcher = on_obs(refuse="show")
    with pytest.raises(Refused):
        switcher.cut(SWITCH, OVER, holds=False)
    assert len(obs.said) == 1


@pytest.mark.parametrize(("holds", "ahead"), [(False, 1.5), (True, 0.5)])
def test_a_switch_waits_for_the_middle_of_the_frame_before_it_has_to_be_there(holds, ahead):
    obs, switcher = on_obs()
    switcher.ticks.phase = time.monotonic()
    due = switcher.ticks.at(9) - ahead * FRAME
    asked: list[float] = []
    switcher.wait(Moment(9, holds=holds), SWITCH, asked.append)
    assert time.monotonic() >= due
    assert asked[0] == pytest.approx(due - switcher.ticks.phase - 0.02, abs=0.01)
    assert obs.said == []


def test_a_newer_wish_is_not_kept_waiting():
    _, switcher = on_obs()

    def newer(_seconds):
        raise NewerWish

    with pytest.raises(NewerWish):
        switcher.wait(Moment(10**9), SWITCH, newer)


# ------------------------------------------------------------------- fade


def test_a_fade_brings_the_next_picture_over_the_old_one_frame_by_frame_and_both_are_as_loud_as_one():
    obs, switcher = on_obs()
    switcher.fade(SWITCH, OVER, 4 * FRAME, leaving=(A, -3.0), coming=(B, -6.0), pause=no_pause)
    first, *steps, last = obs.said
    assert first[-4:] == ["ready", "wait 1", "show", "over"]
    assert f"{B} 0.00" in first, "unseen when it starts"
    assert f"{B} {SILENCE:.1f} dB" in first
    seen = [word for batch in steps for word in batch if word.startswith(f"{B} 0.")]
    assert seen == [f"{B} 0.25", f"{B} 0.50", f"{B} 0.75"]
    assert f"{B} -9.0 dB" in steps[0], "half the power at half time"
    assert f"{A} -6.0 dB" in steps[0]
    assert last == [
        f"{B} filter off",
        "Backdrop B filter off",
        f"{B} -6.0 dB",
        f"{A} {SILENCE:.1f} dB",
        "wait 1",
        "clear",
    ]


def test_a_fade_that_is_overtaken_leaves_the_new_picture_whole():
    obs, switcher = on_obs()

    def newer(_seconds):
        raise NewerWish

    with pytest.raises(NewerWish):
        switcher.fade(SWITCH, OVER, 1.0, leaving=(A, 0.0), coming=(B, 0.0), pause=newer)
    assert obs.said[-1][:2] == [f"{B} filter off", "Backdrop B filter off"]
    assert "clear" in obs.said[-1]


def test_a_fade_to_the_slate_takes_the_picture_off_it_and_hides_it_at_the_end():
    obs, switcher = on_obs()
    to_slate = Switch(show=(Request("hide"), Request("SetCurrentProgramScene")), leaves=(A,))
    switcher.fade(to_slate, OVER, 3 * FRAME, leaving=(A, 0.0), coming=None, pause=no_pause)
    first, *steps, last = obs.said
    assert first[-2:] == ["SetCurrentProgramScene", "over"]
    assert [word for batch in steps for word in batch if word.startswith(f"{A} 0.")] == [f"{A} 0.67", f"{A} 0.33"]
    assert last == ["hide", "wait 1", f"{A} filter off", "Backdrop A filter off"]


def test_between_scenes_obs_fades_by_itself_and_the_old_deck_plays_on_until_then():
    obs, switcher = on_obs()
    waited: list[float] = []
    switcher.dissolve(SWITCH, OVER, 0.5, waited.append)
    assert obs.said == [["ready", "wait 1", "over", "show"], ["clear"]]
    assert waited == [0.5]


def test_each_step_of_a_fade_has_a_frame_of_its_own_and_a_newer_wish_waits_for_a_few_only():
    steps = [[Request(f"step {number}")] for number in range(14)]
    batches = [[word(request) for request in batch] for batch in fade.chunks(steps)]
    assert [len([each for each in batch if each.startswith("step")]) for batch in batches] == [6, 6, 2]
    assert batches[2] == ["step 12", "wait 1", "step 13"]


# ----------------------------------------------------------------- panels


NAMES = Names("Expo · ")
P1, P2 = NAMES.panels
SEKAR, TENUN = (LowerThird("Batik Sekar"),), (NextUp("Tenun Lurik"),)


def panels():
    obs = Obs()
    return obs, Panels(obs, NAMES, lambda parts: Path(f"{type(parts[0]).__name__}.png"))


def enabled(requests):
    return [(NAMES.panels[request.data["sceneItemId"]], request.data["sceneItemEnabled"]) for request in requests]


def files(obs):
    return [
        (batch[0].data["inputName"], batch[0].data["inputSettings"]["file"])
        for batch in obs.batches
        if batch[0].type == "SetInputSettings"
    ]


def test_what_comes_next_stands_ready_on_the_panel_that_is_not_seen():
    obs, over = panels()
    assert enabled(over.swap(SEKAR)) == [(P1, True), (P2, False)]
    over.swapped(SEKAR)
    over.prepare(TENUN)
    over.prepare(TENUN)
    assert files(obs) == [(P1, "LowerThird.png"), (P2, "NextUp.png")]
    assert enabled(over.swap(TENUN)) == [(P1, False), (P2, True)]
    assert len(files(obs)) == 2, "nothing is loaded at the switch"


def test_what_is_shown_already_is_left_alone():
    _, over = panels()
    over.swap(SEKAR)
    over.swapped(SEKAR)
    assert over.swap(SEKAR) == ()


def test_with_nothing_to_say_both_panels_go():
    _, over = panels()
    over.swap(SEKAR)
    over.swapped(SEKAR)
    assert enabled(over.swap(())) == [(P1, False), (P2, False)]


def test_what_cannot_be_drawn_leaves_no_old_words_over_the_next_picture():
    obs = Obs()
    over = Panels(obs, NAMES, lambda parts: Path("sekar.png") if parts == SEKAR else None)
    over.swap(SEKAR)
    over.swapped(SEKAR)
    assert enabled(over.swap(TENUN)) == [(P1, False), (P2, False)]
