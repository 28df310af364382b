"""Configuration files for a private OBS: 28 to 30 read global.ini, 31 and later user.ini beside it."""

from __future__ import annotations

import configparser
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLLECTION = PROFILE = "Playout"

Sections = dict[str, dict[str, str]]


def write(home: Path, *, port: int, password: str, canvas: tuple[int, int], fps: int) -> None:
    """Make OBS under `home` come up without a question: websocket on, no wizard, no crash dialogue.

    What people set in that OBS (a stream key, encoders) stays as it is.
    """
    root = home / ".config" / "obs-studio"
    profile = root / "basic" / "profiles" / PROFILE
    (root / "basic" / "scenes").mkdir(parents=True, exist_ok=True)
    profile.mkdir(parents=True, exist_ok=True)
    # OBS refuses to record into a folder that does not exist.
    (home / "recordings").mkdir(exist_ok=True)
    _remove_crash_marks(root)

    selection = {
        "Profile": PROFILE,
        "ProfileDir": PROFILE,
        "SceneCollection": COLLECTION,
    }
    websocket = {
        "FirstLoad": "false",
        "ServerEnabled": "true",
        "ServerPort": str(port),
        "AlertsEnabled": "false",
        "AuthRequired": "true",
        "ServerPassword": password,
    }
    general = {
        "FirstRun": "true",
        "LastVersion": "486539266",
        "InfoIncrement": "999",
        "EnableAutoUpdates": "false",
    }
    # The preview costs 17 % of a core and nobody looks at it. Low-latency buffering keeps OBS from adding
    # half a second of audio delay, for good, the first time a deck is late.
    settings = {
        "BasicWindow": {"PreviewEnabled": "false"},
        "Audio": {"LowLatencyAudioBuffering": "true"},
    }
    _merge(
        root / "global.ini",
        {
            "General": general | {"Pre31Migrated": "true"},
            "OBSWebSocket": websocket,
            "Basic": selection | {"SceneCollectionFile": COLLECTION},
            **settings,
        },
    )
    _merge(
        root / "user.ini",
        {
            "General": general,
            "Basic": selection | {"SceneCollectionFile": f"{COLLECTION}.json"},
            **settings,
        },
    )
    _replace(
        root / "plugin_config" / "obs-websocket" / "config.json",
        json.dumps(
            {
                "first_load": False,
                "server_enabled": True,
                "server_port": port,
                "auth_required": True,
                "server_password": password,
                "alerts_enabled": False,
            }
        ),
    )
    _merge(profile / "basic.ini", _video(canvas, fps), defaults=_outputs(home, canvas, fps))


def _video(canvas: tuple[int, int], fps: int) -> Sections:
    width, height = (str(pixels) for pixels in canvas)
    return {
        "General": {"Name": PROFILE},
        "Video": {
            "BaseCX": width,
            "BaseCY": height,
            "OutputCX": width,
            "OutputCY": height,
            "FPSType": "0",
            "FPSCommon": str(fps),
        },
    }


def video_kbps(canvas: tuple[int, int], fps: int) -> int:
    """What YouTube's servers like to be sent in H.264, at the end that a venue's line bears."""
    if canvas[1] <= 720:
        return 4000 if fps <= 30 else 6000
    return 6000 if fps <= 30 else 9000


def _outputs(home: Path, canvas: tuple[int, int], fps: int) -> Sections:
    return {
        "Output": {"Mode": "Simple", "Reconnect": "true", "RetryDelay": "2", "MaxRetries": "1000"},
        "SimpleOutput": {
            "VBitrate": str(video_kbps(canvas, fps)),
            "ABitrate": "128",
            "StreamEncoder": "x264",
            "RecEncoder": "x264",
            "UseAdvanced": "true",
            "Preset": "ultrafast",
            # A key frame every 2 s, as YouTube asks; x264 alone makes one in 250 frames.
            "x264Settings": f"keyint={2 * fps}",
            "RecFormat": "mkv",
            "FilePath": str(home / "recordings"),
            "RecQuality": "Stream",
        },
    }


def _remove_crash_marks(root: Path) -> None:
    """Left by a kill -9, each makes OBS wait behind a dialogue, with its websocket off."""
    (root / "safe_mode").unlink(missing_ok=True)
    for mark in (root / ".sentinel").glob("run_*"):
        mark.unlink(missing_ok=True)


def _merge(path: Path, ours: Mapping[str, Mapping[str, str]], defaults: Sections | None = None) -> None:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[method-assign, assignment]  # OBS's keys are case-sensitive
    try:
        parser.read(path, "utf-8-sig")
    except (configparser.Error, UnicodeDecodeError):
        # Cut off by a crash: OBS would start with its wizard. Ours is enough to start well.
        parser.clear()
    for sections, wins in ((defaults or {}, False), (ours, True)):
        for section, values in sections.items():
            if not parser.has_section(section):
                parser.add_section(section)
            for key, value in values.items():
                if wins or not parser.has_option(section, key):
                    parser.set(section, key, value)
    text = "".join(
        f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in parser.items(section)) + "\n"
        for section in parser.sections()
    )
    _replace(path, text)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
