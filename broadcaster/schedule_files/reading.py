"""schedules/<show>/ → Rundown, or every problem in it with file and line."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from broadcaster.language import gettext as _
from broadcaster.pictures import theme
from broadcaster.schedule_files import exhibitors as exhibitors_csv
from broadcaster.schedule_files import expo as expo_toml
from broadcaster.schedule_files import toml_text
from broadcaster.schedule_files.days import read_day
from broadcaster.schedule_files.items import Context
from broadcaster.schedule_files.problems import Problem, ProblemList, did_you_mean, familiar
from broadcaster.schedule_files.text import decode
from broadcaster.show.rundown import Day, Rundown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.ports import Probe
    from broadcaster.schedule_files.exhibitors import Exhibitors
    from broadcaster.schedule_files.expo import Expo
    from broadcaster.schedule_files.media import Mention

DESCRIPTION = "description.txt"
LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """A show as its files tell it. `rundown` is None exactly when one of the problems is blocking.

    `videos` are those that it names and that are there, in the order of being named.
    """

    rundown: Rundown | None
    problems: tuple[Problem, ...]
    videos: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a show's files by name; or, in `unreadable`, why a file has none."""

    content: Mapping[str, bytes]
    unreadable: Mapping[str, str]

    @property
    def days(self) -> list[str]:
        return sorted(name for name in self.content if name.endswith(".toml") and name != expo_toml.FILE)


def read(show: Path, probe: Probe | None = None) -> Reading:
    """The show in the folder `show`; problems in the current language, in order of file and line.

    Without a probe no video is opened: durations that only a video could give stay None, and only files that
    are not there are faults. Never raises for what the files contain.
    """
    return interpret(gather(show), show, probe)


def watch_paths(show: Path) -> tuple[Path, ...]:
    """The files whose change changes the rundown. The folder itself must be watched for new ones."""
    return tuple(show / name for name in sorted(gather(show).content))


def is_show_file(path: Path) -> bool:
    """Whether a change of `path` can change the rundown: editors' backups and temporary files can't."""
    name = path.name
    return not name.startswith((".", "~", "#")) and (
        name in {exhibitors_csv.FILE, DESCRIPTION, theme.NAME} or name.endswith(".toml")
    )


def gather(show: Path) -> Files:
    """All files of the show at once, so that one reading is of one state of them."""
    content: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    try:
        names = sorted(path.name for path in show.iterdir() if is_show_file(path))
    except OSError as error:
        return Files({}, {"": os.strerror(error.errno or 0)})
    for name in names:
        try:
            status = (show / name).stat()
            if not stat.S_ISREG(status.st_mode):
                unreadable[name] = _("it is not a file")
            elif status.st_size > LARGEST:
                unreadable[name] = _("it is larger than 32 MB")
            else:
                content[name] = (show / name).read_bytes()
        except OSError as error:
            unreadable[name] = os.strerror(error.errno or 0)
    return Files(content, unreadable)


def revision(files: Files) -> str:
    """Changes whenever a byte of a file does, or a file comes or goes."""
    digest = hashlib.sha256()
    for name, content in sorted(files.content.items()):
        for part in (name.encode("utf-8", "surrogateescape"), content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]


def interpret(files: Files, show: Path, probe: Probe | None) -> Reading:
    """What `read` does, of bytes that may not have been written yet."""
    problems: list[Problem] = []
    folder = familiar(show)

    def told(name: str) -> ProblemList:
        return ProblemList(str(folder / name), problems)

    if "" in files.unreadable:
        told("").error(
            1,
            _("The show's folder cannot be read: %(why)s.", why=files.unreadable[""]),
            _("Give an existing folder with --show."),
        )
        return Reading(None, tuple(problems))
    for name, why in files.unreadable.items():
        told(name).error(
            1, _("The file cannot be read: %(why)s.", why=why), _("Remove it, or make it a readable file.")
        )
    expo = _expo(files, show, probe, told(expo_toml.FILE))
    exhibitors = _exhibitors(files, expo, told(exhibitors_csv.FILE))
    context = Context(expo.zone, expo.media, expo.policy, expo.transition, exhibitors)
    days, complete = _days(files, context, folder, problems)
    if not files.days and not any(name.endswith(".toml") for name in files.unreadable):
        others = [name for name in _names(show) if name not in files.content]
        told("").error(
            1,
            _("The show has no day file."),
            _("Write one, like day1.toml, with a date and [[item]]s.") + " " + did_you_mean("day1.toml", others[:50])
            if others
            else _("Write one, like day1.toml, with a date and [[item]]s."),
        )
    elif complete and not any(day.items for day in days):
        told(files.days[0]).error(1, _("The show has no items."), _("Begin each item with a line [[item]]."))
    if exhibitors is not None and complete:
        _tell_unscheduled(exhibitors, context, told(exhibitors_csv.FILE))
    _check_description(files, ProblemList(str(folder / DESCRIPTION), problems, blocking=False))
    if theme.NAME in files.content:
        _check_theme(show, told(theme.NAME))
    problems.sort(key=place)
    videos = tuple(expo.media.mentions.values())
    if any(problem.blocking for problem in problems):
        return Reading(None, tuple(problems), videos)
    rundown = Rundown(
        title=expo.title,
        timezone=expo.zone.key,
        days=tuple(sorted(days, key=lambda day: day.date)),
        exhibitors=MappingProxyType({} if exhibitors is None else exhibitors.by_id),
        shop_url=expo.shop_url,
        hashtags=expo.hashtags,
        standby_scene=expo.standby_scene,
        filler=expo.filler,
        policy=expo.policy,
        transition=expo.transition,
        music=expo.music,
        revision=revision(files),
    )
    return Reading(rundown, tuple(problems), videos)


def place(problem: Problem) -> tuple[int, str, int]:
    """Sorts problems as people read the files: the expo, its exhibitors, the days, all else."""
    name = Path(problem.file).name
    rank = {expo_toml.FILE: 0, exhibitors_csv.FILE: 1}.get(name, 2 if name.endswith(".toml") else 3)
    return rank, name, problem.line


def _expo(files: Files, show: Path, probe: Probe | None, problems: ProblemList) -> Expo:
    content = files.content.get(expo_toml.FILE)
    if content is None:
        if expo_toml.FILE not in files.unreadable:
            problems.error(
                1,
                _("The show has no %(file)s.", file=expo_toml.FILE),
                _('Write one, with title = "…" and timezone = "Asia/Jakarta".'),
            )
        return expo_toml.without_file(show, probe)
    text = decode(content, problems)
    document = None if text is None else toml_text.parse(text, problems)
    if document is None:
        return expo_toml.without_file(show, probe)
    return expo_toml.read_expo(document, show, probe, problems)


def _exhibitors(files: Files, expo: Expo, problems: ProblemList) -> Exhibitors | None:
    content = files.content.get(exhibitors_csv.FILE)
    if content is None:
        if exhibitors_csv.FILE in files.unreadable:
            return exhibitors_csv.Exhibitors({}, {}, usable=False)
        return None
    text = decode(content, problems)
    if text is None:
        return exhibitors_csv.Exhibitors({}, {}, usable=False)
    return exhibitors_csv.read_exhibitors(text, expo.media, problems)


def _days(files: Files, context: Context, folder: Path, problems: list[Problem]) -> tuple[list[Day], bool]:
    """The days, and whether they are all there is: no file was left out as unreadable."""
    days: list[Day] = []
    taken: dict[object, str] = {}
    complete = not files.unreadable
    for name in files.days:
        told = ProblemList(str(folder / name), problems)
        text = decode(files.content[name], told)
        document = None if text is None else toml_text.parse(text, told)
        if document is None:
            complete = False
            continue
        complete = complete and not document.spoilt
        day = read_day(document, context, told)
        if day is None:
            complete = False
            continue
        if day.date in taken:
            told.error(
                document.layout.line("date"),
                _("%(date)s is already the day of %(file)s.", date=day.date, file=taken[day.date]),
                _("Keep one file a day: correct the date, or move the items."),
            )
        taken.setdefault(day.date, name)
        days.append(day)
    return days, complete


def _tell_unscheduled(exhibitors: Exhibitors, context: Context, problems: ProblemList) -> None:
    for identifier, exhibitor in exhibitors.by_id.items():
        # Stands are visited in the hall; those without a video expect no profile.
        expected = exhibitor.kind == "virtual" or exhibitor.video is not None
        if expected and identifier not in context.scheduled:
            problems.warning(
                exhibitors.lines[identifier],
                _("Exhibitor “%(id)s” is in no item of the show.", id=identifier),
                _('Add an item with type = "profile" and exhibitor = "%(id)s".', id=identifier),
            )


def _check_description(files: Files, problems: ProblemList) -> None:
    content = files.content.get(DESCRIPTION)
    text = None if content is None else decode(content, problems)
    if text is None:
        return
    try:
        SandboxedEnvironment().parse(text)
    except TemplateSyntaxError as error:
        problems.error(
            error.lineno,
            _("The template cannot be read: %(reason)s", reason=error.message or ""),
            _("Compare it with docs/schedule-files.md, or remove the file to use the built-in text."),
        )
    except (RecursionError, ValueError, OverflowError, MemoryError):
        problems.error(1, _("The template cannot be read: %(reason)s", reason=_("it is nested too deeply")))


def _check_theme(show: Path, problems: ProblemList) -> None:
    for fault in theme.read(show / theme.NAME)[1]:
        problems.warning(fault.line or 1, fault.message, _("Until then the overlays keep their usual look in this."))


def _names(show: Path) -> list[str]:
    try:
        return sorted(path.name for path in show.iterdir() if not path.name.startswith("."))
    except OSError:
        return []
