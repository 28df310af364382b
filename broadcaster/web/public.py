"""The status, retold: for viewers' pages and overlays (now.json), and flat for button panels (vars)."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from broadcaster.ports import Json


def now_playing(status: Json, overlay: Json) -> Json:
    """{"now", "show", "timezone", "playback", "on_air": {…} | null, "next": {…} | null, "overlay"}: for viewers.

    on_air and next: {"id", "type", "title", "name", "owner", "city", "tagline", "link", "start", "end"}.
    `start` is null for a next item that waits for a take: nobody is promised a time that is not kept.
    Between items and while the program is not the service's (standby, ended), `on_air` is null. `overlay` is that of
    ports.ControlRoom.
    """
    current = status.get("current")
    on_air = current if status.get("playback") in {"running", "held"} else None
    return {
        "now": status.get("now"),
        "show": status.get("title") or status.get("show"),
        "timezone": status.get("timezone"),
        "playback": status.get("playback"),
        "on_air": _shown(on_air),
        "next": _shown(status.get("next")),
        "overlay": overlay,
    }


def _shown(item: Json | None) -> Json | None:
    if item is None:
        return None
    words = {key: item.get(key) or "" for key in ("owner", "city", "tagline")}
    return {
        "id": item.get("id"),
        "type": item.get("type"),
        "title": item.get("title") or "",
        "name": item.get("name") or item.get("title") or "",
        **words,
        "link": https_only(item.get("link")),
        "start": item.get("actual_start") or item.get("expected_start"),
        "end": item.get("expected_end"),
    }


def https_only(link: Any) -> str:
    return link if isinstance(link, str) and link.startswith("https://") else ""


def variables(status: Json) -> dict[str, str | int | float]:
    """One flat object for Bitfocus Companion and the like. What is not known is an empty string."""
    current: Json = status.get("current") or {}
    following: Json = status.get("next") or {}
    obs: Json = status.get("obs") or {}
    stream: Json = obs.get("stream") or {}
    youtube: Json = status.get("youtube") or {}
    now = instant(status.get("now"))
    start = instant(following.get("expected_start"))
    next_in = (start - now).total_seconds() if start and now else None
    remaining = current.get("remaining_s")
    over_under = status.get("over_under_s")
    values = {
        "show": status.get("title") or status.get("show"),
        "day": status.get("day"),
        "playback": status.get("playback"),
        "automation": status.get("automation"),
        "clock": _clock(now, zone(status.get("timezone"))),
        "current_id": current.get("id"),
        "current_cue": current.get("cue"),
        "current_type": current.get("type"),
        "current_title": current.get("title"),
        "current_name": current.get("name"),
        "current_city": current.get("city"),
        "current_link": https_only(current.get("link")),
        "current_remaining": duration(remaining),
        "current_remaining_s": remaining,
        "current_progress": _progress(remaining, current.get("duration_s")),
        "next_id": following.get("id"),
        "next_cue": following.get("cue"),
        "next_type": following.get("type"),
        "next_title": following.get("title"),
        "next_name": following.get("name"),
        "next_in": duration(next_in),
        "next_in_s": next_in,
        "over_under": duration(over_under, signed=True),
        "over_under_s": over_under,
        "obs_state": obs.get("state"),
        "obs_program_scene": obs.get("program_scene"),
        "obs_streaming": _yes_no(obs.get("streaming")),
        "obs_recording": _yes_no(obs.get("recording")),
        "stream_state": stream.get("state"),
        "stream_kbps": stream.get("kbps"),
        "alarms": " ".join(obs.get("alarms") or ()),
        "youtube_state": youtube.get("state"),
        "youtube_quota_left": youtube.get("quota_left"),
        "youtube_broadcast": (youtube.get("broadcast") or {}).get("status"),
    }
    return {key: "" if value is None else value for key, value in values.items()}


def duration(seconds: float | None, *, signed: bool = False) -> str | None:
    """m:ss below an hour, h:mm:ss above; `signed` puts + before zero and above."""
    if seconds is None:
        return None
    whole = round(abs(seconds))
    sign = "−" if seconds < 0 and whole else "+" if signed else ""
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def _progress(remaining: float | None, length: float | None) -> int | None:
    """Percent of its length for which an item has been on air."""
    if remaining is None or not length:
        return None
    return round(min(100.0, max(0.0, 100.0 * (1.0 - remaining / length))))


def instant(text: Any) -> datetime | None:
    """An RFC 3339 time of the status, or None for anything else."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def zone(name: Any) -> tzinfo:
    """The zone of that IANA name; UTC when there is none."""
    try:
        return ZoneInfo(name)
    except (TypeError, ValueError, OSError, KeyError):
        return UTC


def zone_abbreviation(zone: tzinfo, at: datetime) -> str:
    """WIB, CEST …; where a zone has only a number, UTC+8."""
    name = at.astimezone(zone).tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:]
    return f"UTC{name[0]}{hours}" + (f":{minutes}" if minutes not in {"", "00"} else "")


def _clock(now: datetime | None, zone: tzinfo) -> str | None:
    if now is None:
        return None
    return f"{now.astimezone(zone):%H:%M:%S} {zone_abbreviation(zone, now)}"


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"
