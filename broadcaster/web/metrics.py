"""Metrics in the Prometheus text format, version 0.0.4."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from broadcaster.show.alarms import Alarm
from broadcaster.show.as_run import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from broadcaster.ports import Json

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PLAYBACK = ("standby", "running", "held", "ended")
AUTOMATION = ("auto", "held", "standby", "yielded")
OBS_STATES = ("offline", "connecting", "connected", "yielded", "rehearsal")
STREAM_STATES = ("off", "starting", "on", "down")
YOUTUBE_STATES = ("off", "rehearsal", "ok", "waiting", "failing", "quota")
LAST_STARTS = 100
"""Over how many of the newest starts lateness is summed up."""


def exposition(status: Json, as_run: Sequence[Json], *, pages: int, dropped: int) -> str:
    """`as_run` in order of start; `pages`: live sockets open; `dropped`: those that were too slow."""
    current: Json = status.get("current") or {}
    obs: Json = status.get("obs") or {}
    youtube: Json = status.get("youtube") or {}
    on_air = {key: str(current.get(key) or "") for key in ("id", "cue", "title", "exhibitor")}
    lateness = sorted(_lateness(as_run)[-LAST_STARTS:])
    outcomes = Counter(row["outcome"] for row in as_run if row.get("outcome"))
    families = (
        _family("on_air_info", "gauge", "The item on air.", [(on_air, 1.0)] if status.get("current") else []),
        _states("playback", "Playback state.", PLAYBACK, status.get("playback")),
        _states("automation", "Who is at the studio.", AUTOMATION, status.get("automation")),
        _states("obs_state", "Connection to OBS.", OBS_STATES, obs.get("state")),
        _states("youtube_state", "Publishing of the description.", YOUTUBE_STATES, youtube.get("state")),
        _family("obs_streaming", "gauge", "Whether OBS streams.", [({}, _flag(obs.get("streaming")))]),
        _family("obs_fps", "gauge", "Frames a second in OBS.", [({}, obs.get("fps"))]),
        _family("obs_skipped_frames", "gauge", "Frames that OBS skipped.", [({}, obs.get("skipped_frames"))]),
        *_outputs(obs),
        _family("youtube_quota_left_units", "gauge", "Quota units left today.", [({}, youtube.get("quota_left"))]),
        _family("remaining_seconds", "gauge", "Left of the item on air.", [({}, current.get("remaining_s"))]),
        _family(
            "over_under_seconds",
            "gauge",
            "Projected end minus planned end.",
            [({}, status.get("over_under_s"))],
        ),
        _family(
            "start_lateness_seconds",
            "gauge",
            f"Actual minus expected start, over the last {LAST_STARTS} starts.",
            [
                ({"quantile": name}, _quantile(lateness, share))
                for name, share in (("0.5", 0.5), ("0.99", 0.99), ("1", 1.0))
            ],
        ),
        _family(
            "last_start_lateness_seconds",
            "gauge",
            "Actual minus expected start of the last start.",
            [({}, next(reversed(_lateness(as_run)), None))],
        ),
        _family(
            "airings_total",
            "counter",
            "Airings that have ended, by outcome.",
            [({"outcome": outcome.value}, float(outcomes[outcome.value])) for outcome in Outcome],
        ),
        _family("live_pages", "gauge", "Open live sockets.", [({}, float(pages))]),
        _family("live_pages_dropped_total", "counter", "Pages dropped for being slow.", [({}, float(dropped))]),
    )
    return "".join(families)


def _outputs(obs: Json) -> Iterable[str]:
    stream: Json = obs.get("stream") or {}
    free = (obs.get("recorded") or {}).get("free_gb")
    raised = obs.get("alarms") or ()
    yield _family("obs_recording", "gauge", "Whether OBS records.", [({}, _flag(obs.get("recording")))])
    yield _states("stream_state", "The stream.", STREAM_STATES, stream.get("state"))
    yield _family(
        "stream_kbps", "gauge", "What leaves for the streaming server, in kbit/s.", [({}, stream.get("kbps"))]
    )
    yield _family(
        "stream_dropped_percent",
        "gauge",
        "Frames of the last 10 s that the network was too slow for.",
        [({}, stream.get("dropped_percent"))],
    )
    yield _family("stream_congestion", "gauge", "0 to 1, as OBS says.", [({}, stream.get("congestion"))])
    yield _family(
        "recordings_free_bytes",
        "gauge",
        "Free on the recordings' disk.",
        [({}, None if free is None else free * 1e9)],
    )
    yield _family(
        "alarm", "gauge", "1 for what is raised.", [({"alarm": alarm}, float(alarm in raised)) for alarm in Alarm]
    )


def _lateness(as_run: Sequence[Json]) -> list[float]:
    return [row["lateness_s"] for row in as_run if row.get("lateness_s") is not None]


def _quantile(ascending: Sequence[float], share: float) -> float | None:
    if not ascending:
        return None
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]


def _flag(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _states(name: str, about: str, states: Sequence[str], state: object) -> str:
    return _family(name, "gauge", about, [({"state": known}, float(known == state)) for known in states])


def _family(name: str, kind: str, about: str, samples: Iterable[tuple[Mapping[str, str], float | None]]) -> str:
    """One metric with its samples; those that are not known are left out, as Prometheus asks."""
    name = f"broadcaster_{name}"
    lines = [f"# HELP {name} {about}\n# TYPE {name} {kind}\n"]
    for labels, value in samples:
        if value is not None:
            inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            lines.append(f"{name}{{{inside}}} {float(value)}\n" if inside else f"{name} {float(value)}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
