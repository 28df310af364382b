"""Scenes of an imaginary operator's own, for the demo: what cameras would show, in an OBS that has none."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Address, Connection
from broadcaster.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def make_operator_scenes(address: Address, scenes: Iterable[str], state_dir: Path, caption: str) -> None:
    """Make the scenes that do not exist yet, each with a picture of its name and `caption`.

    Raises:
        ObsError: OBS cannot be reached, or says no.
    """
    with closing(Connection(address)) as connection:
        connection.ready()
        video = connection.call("GetVideoSettings")
        pictures = Pictures(state_dir / "pictures", (int(video["baseWidth"]), int(video["baseHeight"])))
        existing = {str(scene["sceneName"]) for scene in connection.call("GetSceneList")["scenes"]}
        for scene in sorted(set(scenes) - existing):
            connection.call("CreateScene", sceneName=scene)
            connection.call(
                "CreateInput",
                sceneName=scene,
                inputName=f"{scene} (demo)",
                inputKind="image_source",
                inputSettings={"file": str(pictures.card(scene, caption) or "")},
            )
