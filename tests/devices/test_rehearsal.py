"""The rehearsal studio reports what the real one would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.devices.rehearsal import RehearsalStudio
from broadcaster.show.messages import (
    CueFailed,
    SceneTakenByHand,
    StudioConnected,
    StudioFailed,
    StudioLost,
    StudioReached,
)
from broadcaster.show.rundown import ItemId
from broadcaster.show.studio import Clip, OnDeck, OperatorScene, Safe, Target, TargetId, ThinScene

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


class FixedClock:
    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> datetime:
        return self.time

    def jump(self) -> timedelta | None:
        return None


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def events():
    return []


@pytest.fixture
def studio(clock, events):
    studio = RehearsalStudio(clock, lead=timedelta(milliseconds=45), latency=timedelta(milliseconds=40))
    studio.prepare([ThinScene("1 Batik Sekar", ItemId("sekar"))])
    studio.start(events.append)
    events.clear()
    return studio


def a_video(number: int, path: str = "sekar.mp4", cue: str | None = None) -> Target:
    return Target(
        TargetId(f"t{number}"),
        ItemId("sekar"),
        "1 Batik Sekar",
        OnDeck(Clip(path, timedelta(seconds=20)), NINE),
        cue=Clip(cue) if cue else None,
    )


def test_says_once_that_it_is_connected(clock, events):
    studio = RehearsalStudio(clock)
    studio.start(events.append)
    studio.reconnect()
    assert events == [StudioConnected(NINE, "rehearsal")]
    assert studio.health().state == "rehearsal"


def test_a_target_is_reached_after_the_latency(studio, events):
    studio.want(a_video(1), "take")
    assert events == [StudioReached(NINE + timedelta(milliseconds=40), TargetId("t1"))]
    assert studio.shown == [(NINE + timedelta(milliseconds=40), a_video(1))]
    assert studio.health().program_scene == "Expo · 1 Batik Sekar"


def test_a_new_cue_for_the_same_target_is_not_a_new_airing(studio, events):
    studio.want(a_video(1), "take")
    studio.want(a_video(1, cue="tirta.mp4"), "cue")
    assert events == [StudioReached(NINE + timedelta(milliseconds=40), TargetId("t1"))]
    assert studio.target == a_video(1, cue="tirta.mp4")


def test_a_broken_video_fails_on_air(studio, events):
    studio.fail_paths.add("sekar.mp4")
    studio.want(a_video(1), "take")
    assert [type(event) for event in events] == [StudioFailed]
    assert not studio.shown


def test_a_broken_video_fails_once_when_cued(studio, events):
    studio.fail_paths.add("tirta.mp4")
    studio.want(a_video(1, cue="tirta.mp4"), "take")
    studio.want(a_video(1, cue="tirta.mp4"), "again")
    assert [type(event) for event in events] == [StudioReached, CueFailed]


def test_a_missing_operator_scene_fails(studio, events):
    studio.missing_scenes.add("Panggung Utama")
    studio.want(Target(TargetId("t1"), None, "2 Pembukaan", OperatorScene("Panggung Utama")), "take")
    assert [type(event) for event in events] == [StudioFailed]


def test_the_safe_scene_is_the_show_s_own_or_the_operator_s(studio):
    studio.want(Target(TargetId("t1"), None, "", Safe()), "standby")
    assert studio.program_scene == "Expo · Standby"
    studio.want(Target(TargetId("t2"), None, "", Safe("Jeda")), "standby")
    assert studio.program_scene == "Jeda"


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        ("Expo · 1 Batik Sekar", SceneTakenByHand(NINE, "Expo · 1 Batik Sekar", ItemId("sekar"))),
        ("Expo · Standby", SceneTakenByHand(NINE, "Expo · Standby", is_standby=True)),
        ("Kamera 2", SceneTakenByHand(NINE, "Kamera 2")),
    ],
)
def test_a_hand_at_the_studio_is_reported(studio, events, scene, expected):
    studio.by_hand(scene)
    assert events == [expected]


def test_after_a_hand_only_the_next_wish_counts(studio, events):
    studio.by_hand("Kamera 2")
    studio.disconnect()
    studio.reconnect()
    assert studio.program_scene == "Kamera 2"
    studio.want(a_video(1), "resume")
    assert events[-1] == StudioReached(NINE + timedelta(milliseconds=40), TargetId("t1"))


def test_a_wish_left_during_an_outage_is_followed_afterwards(studio, events):
    studio.disconnect("cable")
    studio.want(a_video(1), "take")
    assert events == [StudioLost(NINE, "cable")]
    assert studio.health().state == "offline"
    studio.reconnect()
    assert events[1:] == [
        StudioConnected(NINE, "rehearsal"),
        StudioReached(NINE + timedelta(milliseconds=40), TargetId("t1")),
    ]


def test_a_confirmed_target_is_not_confirmed_again_after_an_outage(studio, events):
    studio.want(a_video(1), "take")
    studio.disconnect()
    studio.reconnect()
    assert sum(isinstance(event, StudioReached) for event in events) == 1
