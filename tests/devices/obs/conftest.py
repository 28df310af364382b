"""An OBS studio on the real OBS, at the start of each test with the operator's second camera on program."""

from __future__ import annotations

import pytest

from broadcaster import config
from broadcaster.devices.obs import ObsStudio
from broadcaster.pictures import Pictures
from broadcaster.show.messages import StudioConnected
from broadcaster.show.rundown import ItemId
from broadcaster.show.studio import ThinScene
from tests.obs_fixtures import Heard, RealClock

THIN = [
    ThinScene("1 Merah", ItemId("merah")),
    ThinScene("2 Hijau", ItemId("hijau")),
    ThinScene("3 Biru", ItemId("biru")),
    ThinScene("4 Pembukaan", ItemId("pembukaan"), "Panggung Utama"),
]


@pytest.fixture
def clock():
    return RealClock()


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def make_studio(private_obs, clock, tmp_path, heard):
    """Studios on the same OBS; all are stopped in the end."""
    made = []

    def make(post=heard, launcher=None, scenes=THIN):
        address = private_obs.address
        studio = ObsStudio(
            config.Obs(host=address.host, port=address.port),
            clock,
            lambda canvas: Pictures(tmp_path / "pictures", canvas, "Pekan Raya"),
            address.password,
            launcher=launcher,
        )
        made.append(studio)
        studio.prepare(scenes)
        studio.start(post)
        post.wait_for(StudioConnected)
        return studio

    yield make
    for studio in made:
        studio.stop()


@pytest.fixture
def studio(viewer, make_studio):
    viewer.click("Kamera 2")
    viewer.see("Kamera 2")
    return make_studio()
