"""What every studio does, the rehearsal one and the real one alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.devices.rehearsal import RehearsalStudio
from broadcaster.show.messages import (
    CueFailed,
    RecordingStopped,
    SceneTakenByHand,
    StreamStopped,
    StudioConnected,
    StudioFailed,
    StudioReached,
)
from broadcaster.show.studio import Card, Clip, OperatorScene, Safe
from tests.devices.obs.conftest import THIN
from tests.devices.obs.targets import a_target, as_cue, on_deck


class Room:
    """A studio, what it said, and somebody at its buttons."""

    def __init__(self, studio, heard, click, missing_path):
        self.studio = studio
        self.heard = heard
        self.click = click
        self.missing_path = missing_path

    def reached(self, target):
        return self.heard.wait_for(StudioReached, lambda event: event.target == target.id)


@pytest.fixture(params=["rehearsal", pytest.param("obs", marks=pytest.mark.obs)])
def room(request, clock, heard):
    missing = "/nowhere/hilang.mp4"
    if request.param == "rehearsal":
        studio = RehearsalStudio(clock)
        studio.fail_paths.add(missing)
        studio.missing_scenes |= {"Tidak Ada"}
        studio.prepare(THIN)
        studio.start(heard)
        return Room(studio, heard, studio.by_hand, missing)
    studio = request.getfixturevalue("studio")
    return Room(studio, heard, request.getfixturevalue("viewer").click, missing)


def test_it_says_first_that_it_is_there(room):
    """Stream and recording are watched on a line of their own, which may be quicker."""
    of_the_picture = [event for event in room.heard.events if not isinstance(event, StreamStopped | RecordingStopped)]
    assert isinstance(of_the_picture[0], StudioConnected)


def test_a_target_is_reached_once_however_often_it_is_wished_for(room, clock, clips):
    target = on_deck(clips["merah"], clock.now())
    room.studio.want(target, "take")
    room.reached(target)
    room.studio.want(replace(target, cue=as_cue(clips["hijau"])), "cue")
    room.studio.want(replace(target, next_title="Tenun"), "next")
    after = on_deck(clips["hijau"], clock.now(), "2 Hijau")
    room.studio.want(after, "take")
    room.reached(after)
    assert [event.target for event in room.heard.of(StudioReached)] == [target.id, after.id]


@pytest.mark.parametrize(
    ("picture", "scene", "program"),
    [
        (Card("Tenun Lurik", "Video menyusul"), "1 Merah", "Expo · 1 Merah"),
        (OperatorScene("Panggung Utama"), "4 Pembukaan", "Expo · 4 Pembukaan"),
        (Safe(), "", "Expo · Standby"),
        (Safe("Panggung Utama"), "", "Panggung Utama"),
        (Safe("Tidak Ada"), "", "Expo · Standby"),
    ],
    ids=["card", "live", "standby", "own standby", "missing standby"],
)
def test_every_picture_has_its_scene(room, picture, scene, program):
    target = a_target(picture, scene)
    room.studio.want(target, "take")
    room.reached(target)
    assert room.studio.health().program_scene == program


def test_two_targets_in_one_scene_are_both_confirmed(room, clock, clips):
    for clip in ("merah", "hijau"):
        target = on_deck(clips[clip], clock.now(), "1 Merah")
        room.studio.want(target, "take")
        room.reached(target)


def test_a_missing_video_fails_and_is_not_confirmed(room, clock, clips):
    target = on_deck(replace(clips["merah"], path=room.missing_path), clock.now())
    room.studio.want(target, "take")
    assert room.heard.wait_for(StudioFailed).target == target.id
    assert room.heard.of(StudioReached) == []


def test_a_missing_operator_scene_fails_with_its_name(room):
    target = a_target(OperatorScene("Tidak Ada"), "4 Pembukaan")
    room.studio.want(target, "take")
    failure = room.heard.wait_for(StudioFailed)
    assert failure.target == target.id
    assert "Tidak Ada" in failure.why


def test_after_a_failure_a_card_can_be_shown_in_the_same_scene(room):
    room.studio.want(a_target(OperatorScene("Tidak Ada"), "4 Pembukaan"), "take")
    room.heard.wait_for(StudioFailed)
    card = a_target(Card("Pembukaan", "Segera dimulai"), "4 Pembukaan")
    room.studio.want(card, "card")
    room.reached(card)


def test_a_broken_cue_is_reported_once(room, clock, clips):
    target = replace(on_deck(clips["merah"], clock.now()), cue=Clip(room.missing_path))
    room.studio.want(target, "take")
    assert room.heard.wait_for(CueFailed).path == room.missing_path
    room.studio.want(replace(target, next_title="Tenun"), "next")
    after = replace(on_deck(clips["hijau"], clock.now(), "2 Hijau"), cue=Clip(room.missing_path))
    room.studio.want(after, "take")
    room.reached(after)
    assert len(room.heard.of(CueFailed)) == 1


@pytest.mark.parametrize(
    ("scene", "item", "is_standby"),
    [("Expo · 2 Hijau", "hijau", False), ("Expo · Standby", None, True), ("Panggung Utama", None, False)],
)
def test_a_hand_at_the_studio_is_reported(room, clock, clips, scene, item, is_standby):
    target = on_deck(clips["merah"], clock.now(), "1 Merah")
    room.studio.want(target, "take")
    room.reached(target)
    room.click(scene)
    event = room.heard.wait_for(SceneTakenByHand)
    assert (event.scene, event.item, event.is_standby) == (scene, item, is_standby)
    assert room.studio.health().program_scene == scene


def test_after_a_hand_the_same_wish_again_takes_the_studio_back_in_silence(room, clock, clips):
    target = on_deck(clips["merah"], clock.now(), "1 Merah")
    room.studio.want(target, "take")
    room.reached(target)
    room.click("Panggung Utama")
    room.heard.wait_for(SceneTakenByHand)
    room.studio.want(target, "resume")
    after = on_deck(clips["hijau"], clock.now() + timedelta(seconds=1), "2 Hijau")
    room.studio.want(after, "take")
    room.reached(after)
    assert [event.target for event in room.heard.of(StudioReached)] == [target.id, after.id]
    assert len(room.heard.of(SceneTakenByHand)) == 1
