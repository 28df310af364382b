"""expo.toml: the event itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from broadcaster.language import gettext as _
from broadcaster.schedule_files.items import read_transition
from broadcaster.schedule_files.links import BadLink, https_link
from broadcaster.schedule_files.media import MediaFolder
from broadcaster.schedule_files.names import cleaned
from broadcaster.schedule_files.problems import ProblemList, nearest
from broadcaster.schedule_files.tables import Table
from broadcaster.show.rundown import CUT, HardStart, Media, MissedStart, MissingMedia, Policy, Transition

if TYPE_CHECKING:
    from broadcaster.ports import Probe
    from broadcaster.schedule_files.toml_text import Document

FILE = "expo.toml"
KEYS = frozenset(
    {"title", "timezone", "shop_url", "standby_scene", "media", "filler", "policy", "hashtags", "transition", "music"}
)
POLICY_KEYS = frozenset({"hard_start", "missed_start", "missing_media"})

_ABBREVIATIONS = {
    "WIB": "Asia/Jakarta",
    "WITA": "Asia/Makassar",
    "WIT": "Asia/Jayapura",
    "GMT+7": "Asia/Jakarta",
    "UTC+7": "Asia/Jakarta",
    "+07:00": "Asia/Jakarta",
}


@dataclass(frozen=True, slots=True)
class Expo:
    """`zone` is UTC when the file names none that exists; the problem has then been told."""

    zone: ZoneInfo
    media: MediaFolder
    title: str = ""
    shop_url: str = ""
    hashtags: tuple[str, ...] = ()
    standby_scene: str | None = None
    filler: tuple[Media, ...] = ()
    policy: Policy = field(default_factory=Policy)
    transition: Transition = CUT
    music: Media | None = None


def without_file(show: Path, probe: Probe | None) -> Expo:
    """What the other files are checked against when expo.toml cannot be read."""
    return Expo(ZoneInfo("UTC"), MediaFolder(show / "media", probe))


def read_expo(document: Document, show: Path, probe: Probe | None, problems: ProblemList) -> Expo:
    table = Table(document.values, document, problems, spoilt=bool(document.spoilt))
    table.refuse_unknown(KEYS)
    title = table.text("title", _("Give the expo a title."), required=True)
    folder = table.text("media") or "media"
    media = MediaFolder(show / folder.replace("\0", ""), probe)
    return Expo(
        zone=_zone(table),
        media=media,
        title=cleaned(title, table.line("title"), "title", problems),
        shop_url=_shop(table),
        hashtags=_hashtags(table),
        standby_scene=table.text("standby_scene") or None,
        filler=tuple(media.take(name, line, problems) for name, line in table.texts("filler")),
        policy=_policy(document, table),
        transition=read_transition(table) or CUT,
        music=_music(table, show, folder),
    )


def _music(table: Table, show: Path, folder: str) -> Media | None:
    """What plays under the standby slate. It is no video, so the probe of videos does not judge it."""
    name = table.text("music")
    if not name:
        return None
    path = show / folder.replace("\0", "") / name.replace("\0", "")
    if path.is_file():
        return Media(str(path))
    table.problems.warning(
        table.line("music"),
        _("The music for the standby slate is missing: %(path)s.", path=path),
        _("Put the file there, or remove the line; until then the slate is silent."),
    )
    return None


def _zone(table: Table) -> ZoneInfo:
    name = table.text("timezone", _('Write timezone = "Asia/Jakarta" for WIB.'), required=True)
    if not name:
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = _ABBREVIATIONS.get(name.upper().replace(" ", "")) or nearest(name, available_timezones())
        table.problems.error(
            table.line("timezone"),
            _("There is no time zone “%(zone)s”.", zone=name[:60]),
            _("Did you mean “%(word)s”?", word=near)
            if near
            else _("WIB is Asia/Jakarta, WITA is Asia/Makassar, WIT is Asia/Jayapura."),
        )
        return ZoneInfo("UTC")


def _shop(table: Table) -> str:
    text = table.text("shop_url")
    answer = https_link(text) if text else ""
    if isinstance(answer, BadLink):
        table.problems.fault(table.line("shop_url"), f"shop_url: {answer.message}", answer.hint)
        return ""
    return answer


def _hashtags(table: Table) -> tuple[str, ...]:
    tags = []
    for text, line in table.texts("hashtags"):
        tag = text.lstrip("#")
        if tag and all(letter.isalnum() or letter == "_" for letter in tag):
            tags.append(tag)
        else:
            table.problems.fault(
                line,
                _("“%(tag)s” is not a hashtag.", tag=text),
                _("A hashtag consists of letters, digits and _, without spaces."),
            )
    return tuple(dict.fromkeys(tags))


def _policy(document: Document, expo: Table) -> Policy:
    values = document.values.get("policy", {})
    if not isinstance(values, dict):
        expo.wrong("policy", _("a table"), _("Write [policy] on a line of its own, and its keys below."))
        return Policy()
    table = Table(values, document, expo.problems, ("policy",))
    table.refuse_unknown(POLICY_KEYS)
    return Policy(
        table.choice("hard_start", HardStart.CUT),
        table.choice("missed_start", MissedStart.JOIN),
        table.choice("missing_media", MissingMedia.CARD),
    )
