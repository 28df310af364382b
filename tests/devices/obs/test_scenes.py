"""The managed scenes on the real OBS: made once, mended when needed, and nothing else is touched."""

from __future__ import annotations

import pytest

from broadcaster.devices.obs.builder import Builder
from broadcaster.devices.obs.check import check, setup
from broadcaster.devices.obs.names import Names
from broadcaster.pictures import Pictures
from broadcaster.show.rundown import ItemId
from broadcaster.show.studio import ThinScene

pytestmark = pytest.mark.obs

PREFIX = "Uji · "
DAY = [
    ThinScene("1 Batik", ItemId("batik")),
    ThinScene("2 Tenun", ItemId("tenun")),
    ThinScene("3 Pembukaan", ItemId("pembukaan"), "Panggung Utama"),
]


def pictures(folder):
    return lambda canvas: Pictures(folder, canvas, "Pekan Raya")


@pytest.fixture
def set_up(private_obs, tmp_path):
    def run(day=DAY):
        return setup(private_obs.address, PREFIX, pictures(tmp_path), day)

    return run


def without_ours(inventory):
    return {
        kind: {name: values for name, values in things.items() if not name.startswith(PREFIX)}
        for kind, things in inventory.items()
    }


def test_setting_up_twice_changes_nothing_and_foreign_scenes_never_change(set_up, viewer):
    before = viewer.inventory()
    set_up()
    once = viewer.inventory()
    assert set_up() == ([], [])
    assert viewer.inventory() == once
    assert without_ours(once) == without_ours(before)


def test_a_thin_scene_nests_what_it_shows(set_up, viewer):
    set_up()
    items = viewer.inventory()["items"]
    assert [name for name, *_ in items["Uji · 1 Batik"]] == ["Uji · Program", "Uji · Overlays"]
    live = [name for name, *_ in items["Uji · 3 Pembukaan"]]
    assert live == ["Panggung Utama", "Uji · Program", "Uji · Overlays"]


def test_every_scene_of_ours_is_cut_to(set_up, viewer):
    """By the transition's kind: its name is in OBS's language."""
    set_up()
    for scene in ("Uji · 1 Batik", "Uji · Standby"):
        override = viewer.connection.call("GetSceneSceneTransitionOverride", sceneName=scene)
        assert override["transitionName"] == "Cut"


def test_what_somebody_broke_is_mended(set_up, viewer):
    set_up()
    names = Names(PREFIX)
    connection = viewer.connection
    connection.call("SetInputSettings", inputName=names.decks[0], inputSettings={"looping": False})
    connection.call("RemoveScene", sceneName="Uji · 2 Tenun")
    connection.call(
        "SetSceneItemTransform",
        sceneName=names.program,
        sceneItemId=2,
        sceneItemTransform={"scaleX": 0.5, "boundsWidth": 100.0},
    )
    changes, missing = set_up()
    assert missing == []
    assert any("looping" in change for change in changes)
    assert "+ Uji · 2 Tenun" in changes
    assert set_up() == ([], [])


def test_scenes_of_items_that_are_gone_go_but_not_the_one_on_program(set_up, viewer):
    set_up()
    viewer.click("Uji · 1 Batik")
    set_up([ThinScene("1 Kopi", ItemId("kopi"))])
    viewer.sees_go("Uji · 2 Tenun")
    scenes = viewer.inventory()["items"]
    assert "Uji · 1 Batik" in scenes
    assert "Uji · 1 Kopi" in scenes
    viewer.click("Kamera 2")
    set_up([ThinScene("1 Kopi", ItemId("kopi"))])
    viewer.sees_go("Uji · 1 Batik")


def test_a_scene_that_a_person_built_under_the_prefix_is_left(set_up, viewer):
    viewer.connection.call("CreateScene", sceneName="Uji · Punya Operator")
    set_up()
    assert "Uji · Punya Operator" in viewer.inventory()["items"]
    viewer.connection.call("RemoveScene", sceneName="Uji · Punya Operator")


def test_an_item_that_turns_live_gets_the_operator_s_scene(set_up, viewer):
    set_up()
    set_up([ThinScene("1 Batik", ItemId("batik"), "Kamera 2")])
    assert viewer.inventory()["items"]["Uji · 1 Batik"][0][0] == "Kamera 2"
    set_up([ThinScene("1 Batik", ItemId("batik"))])
    assert [name for name, *_ in viewer.inventory()["items"]["Uji · 1 Batik"]] == ["Uji · Program", "Uji · Overlays"]


def test_a_missing_operator_scene_leaves_the_slate_in_its_place(set_up, viewer):
    _changes, missing = set_up([ThinScene("9 Talkshow", ItemId("talk"), "Tidak Ada")])
    assert any("Tidak Ada" in lack for lack in missing)
    viewer.click("Uji · 9 Talkshow")
    viewer.see("slate")
    viewer.click("Kamera 2")


def test_check_is_content_after_setting_up(set_up, private_obs):
    set_up()
    problems = check(private_obs.address, PREFIX, ["Panggung Utama"])
    assert [problem for problem in problems if "1280" not in problem] == []


def test_the_canvas_is_obs_s_own(viewer):
    assert Builder(viewer.connection).canvas == (640, 360)


def test_a_name_that_the_operator_has_given_to_a_source_is_told_and_the_rest_is_made(set_up, viewer):
    with viewer.a_source_called("Uji · 7 Kopi"):
        _changes, missing = set_up([ThinScene("7 Kopi", ItemId("kopi")), *DAY])
        assert any("Uji · 7 Kopi" in lack for lack in missing)
        assert "Uji · 3 Pembukaan" in viewer.inventory()["items"]
