"""What `check` finds out about a show's videos by looking into them and listening to them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.commands import options
from broadcaster.devices.demo_videos import is_made_here
from broadcaster.devices.media import Failed, MediaProbe, NoProgram, needs_backdrop, remarks
from broadcaster.language import gettext as _
from broadcaster.language import ngettext
from broadcaster.schedule_files import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadcaster.schedule_files import Reading
    from broadcaster.schedule_files.media import Mention


def measure(probe: MediaProbe, videos: Sequence[Mention], *, quiet: bool) -> list[Problem]:
    """Measure what is not measured yet, with a progress bar on a terminal; what could not be measured."""
    problems: list[Problem] = []
    left = [video for video in videos if not probe.is_analysed(video.path)]
    with options.progress(_("Measuring the videos"), quiet=quiet or not left) as tell:
        for done, video in enumerate(left):
            tell(done, len(left))
            try:
                probe.analyse(video.path, threading.Event())
            except NoProgram:
                message = _("The videos cannot be measured: ffmpeg is missing.")
                return [Problem("warning", "ffmpeg", 0, message, _("On Debian: apt-get install ffmpeg"))]
            except Failed as error:
                problems.append(
                    Problem(
                        "warning",
                        video.file,
                        video.line,
                        _(
                            "Video “%(name)s” cannot be measured (%(why)s): it plays as loud as it is.",
                            name=video.name,
                            why=error,
                        ),
                        _("Open it in a player; ask the exhibitor for it again, as MP4 (H.264 and AAC)."),
                    )
                )
    return problems


def problems(probe: MediaProbe, reading: Reading) -> list[Problem]:
    """What will look or sound bad, at the line that names the video first."""
    fillers = {media.path for media in reading.rundown.filler} if reading.rundown is not None else set()
    told: list[Problem] = []
    for video in reading.videos:
        found = probe.findings(video.path)
        if found is None or probe.media(video.path).fault:
            continue  # Reading has told of it.
        told += [
            Problem("warning", video.file, video.line, remark.message, remark.hint)
            for remark in remarks(
                video.name,
                probe.describe(video.path),
                found,
                may_be_small=is_made_here(Path(video.path)),
                may_be_silent=video.path in fillers,
            )
        ]
    return told


def note(probe: MediaProbe, reading: Reading) -> str:
    """What people may like to know of videos that have nothing wrong with them; empty when there is nothing."""
    shapes = sum(needs_backdrop(probe.media(video.path).size) for video in reading.videos)
    if not shapes:
        return ""
    return ngettext(
        "%(n)s video has another shape than the stream: it is shown whole, over a blurred picture of itself.",
        "%(n)s videos have another shape than the stream: they are shown whole, over a blurred picture of themselves.",
        shapes,
    )
