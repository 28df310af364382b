"""Videos that a phone stored lying on their side."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from bench.received.clips import turn_clockwise
from broadcaster.devices.media import MediaProbe
from broadcaster.devices.obs.connection import Connection
from broadcaster.devices.obs.turning import Turner
from broadcaster.show.messages import StudioReached
from broadcaster.show.studio import Clip, OnDeck
from tests.devices.obs.targets import a_target, on_deck
from tests.obs_fixtures import COLOURS

CANVAS = (640, 360)
UPRIGHT = Clip("sekar.mp4", size=(640, 360))
PHONE = Clip("telepon.mp4", size=(360, 640), rotation=270)


class Obs(Connection):
    """Answers for one scene item, whose source is as large as it is told."""

    def __init__(self, source):
        self.source = source
        self.places = []

    def call(self, request, /, **data):
        if request == "SetSceneItemTransform":
            self.places.append(data["sceneItemTransform"])
        width, height = self.source
        return {"sceneItemId": 7, "sceneItemTransform": {"sourceWidth": width, "sourceHeight": height}}


class Room:
    """One deck of an OBS, whose source is `source` large once it is on air."""

    def __init__(self, source, version="29.0.2"):
        self.obs = Obs(source)
        self.turner = Turner(self.obs, "Expo · Program", CANVAS, version)

    def plays(self, clip):
        self.turner.turn("Deck A", clip)
        self.turner.check("Deck A", clip)
        return self

    @property
    def places(self):
        return [(place["rotation"], place["boundsWidth"], place["boundsHeight"]) for place in self.obs.places]


def test_a_phones_video_is_turned_and_fitted_where_obs_shows_it_lying():
    assert Room((640, 360)).plays(PHONE).places == [(90.0, 360.0, 640.0)]


def test_an_obs_that_turns_it_itself_is_left_alone():
    assert Room((360, 640), "31.0.0").plays(PHONE).places == []


def test_what_the_version_promised_is_put_right_by_what_is_seen_once_and_for_all():
    assert Room((640, 360), "31.0.0").plays(PHONE).places == [(90.0, 360.0, 640.0)]
    room = Room((360, 640), "29.1.3").plays(PHONE)
    assert room.places == [(90.0, 360.0, 640.0), (0.0, 640.0, 360.0)]
    assert len(room.plays(UPRIGHT).plays(PHONE).places) == 2


def test_before_it_is_on_air_a_source_has_no_size_and_says_nothing():
    assert Room((0, 0), "31.0.0").plays(PHONE).places == []


def test_what_stands_upright_costs_nothing():
    assert Room((640, 360)).plays(UPRIGHT).places == []


@pytest.mark.parametrize(("version", "expected"), [("29.1.3", [(180.0, 640.0, 360.0)]), ("30.0.0", [])])
def test_upside_down_the_sides_tell_nothing_and_the_version_decides(version, expected):
    assert Room((640, 360), version).plays(replace(UPRIGHT, rotation=180)).places == expected


def test_the_next_video_on_that_deck_stands_upright_again():
    assert [place[0] for place in Room((640, 360)).plays(PHONE).plays(PHONE).plays(UPRIGHT).places] == [90.0, 0.0]


@pytest.mark.obs
def test_a_phones_video_stands_upright_on_program_and_so_does_what_follows_also_in_another_service(
    studio, viewer, heard, clock, clips, make_studio, tmp_path
):
    """Red above, green below, coded lying on its side with a display matrix."""
    path = tmp_path / "telepon.mp4"
    above, below = ("0x{:02x}{:02x}{:02x}".format(*COLOURS[name]) for name in ("merah", "hijau"))
    halves = f"color={above}:s=180x160:d=4[a];color={below}:s=180x160:d=4[b];[a][b]vstack,transpose=cclock[v]"
    command = ["ffmpeg", "-v", "error", "-filter_complex", halves, "-map", "[v]", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-preset", "ultrafast", str(path)], check=True)
    turn_clockwise(path)
    media = MediaProbe(tmp_path / "var").media(str(path))
    assert (media.size, media.rotation) == ((180, 320), 270)

    clip = Clip(str(path), media.duration, size=media.size, rotation=media.rotation)
    target = a_target(OnDeck(clip, clock.now()), "1 Telepon")
    studio.want(target, "take")
    heard.wait_for(StudioReached, lambda event: event.target == target.id)
    picture = viewer.picture(640)
    for name, y in (("merah", 90), ("hijau", 270)):
        assert picture.getpixel((320, y)) == pytest.approx(COLOURS[name], abs=60), name

    def stands_upright(by, name):
        target = on_deck(clips[name], clock.now(), f"2 {name}")
        by.want(target, "take")
        heard.wait_for(StudioReached, lambda event: event.target == target.id)
        viewer.see(name)
        assert viewer.picture(640).getpixel((40, 120)) == pytest.approx(COLOURS[name], abs=60)

    stands_upright(studio, "biru")
    studio.want(target, "back")
    viewer.see("merah")
    studio.stop()
    successor = make_studio()
    for name in ("hijau", "biru"):
        stands_upright(successor, name)
