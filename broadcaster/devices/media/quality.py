"""What viewers will see or hear amiss in a video that can be played, in words for those who hand it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from broadcaster.language import gettext as _
from broadcaster.show.loudness import TARGET, gain
from broadcaster.show.rundown import Media

if TYPE_CHECKING:
    from collections.abc import Iterator

    from broadcaster.devices.media.analysis import Analysis
    from broadcaster.devices.media.edges import Edges
    from broadcaster.devices.media.media_file import MediaFile
    from broadcaster.devices.media.sound import Sound

HD = (1280, 720)
BLACK_START, BLACK_TAIL = 0.7, 2.0
SILENT_START, SILENT_TAIL = 2.0, 5.0
"""Seconds; many good videos end on a silent logo."""
QUIETEST = -40.0
"""LUFS. What is quieter is noise, as a rule."""
SHORT = 3.0
"""LU below the target that levelling may leave."""
SLOWEST, FASTEST = 20.0, 60.5
"""Pictures a second, on the average."""


class Remark(NamedTuple):
    """What is amiss, and what to do about it."""

    message: str
    hint: str


def remarks(
    name: str, file: MediaFile, found: Analysis, *, may_be_small: bool = False, may_be_silent: bool = False
) -> Iterator[Remark]:
    """All that is to be said of the video, which people know by `name`."""
    if not found.edges.decodes:
        yield Remark(
            _("Video “%(name)s” has a codec that OBS on this machine cannot play.", name=name),
            _("Ask the exhibitor for it again, as MP4 (H.264 and AAC)."),
        )
        return
    width, height = file.picture or HD
    if min(HD[0] / width, HD[1] / height) > 1.01 and not may_be_small:
        yield Remark(
            _(
                "Video “%(name)s” is only %(width)s×%(height)s: it will look soft.",
                name=name,
                width=width,
                height=height,
            ),
            _("Ask for the original file, sent as a document: WhatsApp and others make videos smaller."),
        )
    yield from _of_the_picture(name, file, found.edges)
    if found.sound is not None and found.sound.loudness is not None:
        yield from _of_the_sound(name, file, found.sound)
    elif not may_be_silent:
        yield Remark(
            _("Video “%(name)s” has no sound.", name=name),
            _("If that is not meant, ask for it with sound; viewers take silence for a fault, and music is enough."),
        )


def _of_the_picture(name: str, file: MediaFile, edges: Edges) -> Iterator[Remark]:
    if file.fps is not None and not SLOWEST <= file.fps <= FASTEST:
        text = (
            _(
                "Video “%(name)s” has %(fps)s pictures a second: movements will stutter.",
                name=name,
                fps=_short(file.fps),
            )
            if file.fps < SLOWEST
            else _(
                "Video “%(name)s” has %(fps)s pictures a second: this may be too much for OBS.",
                name=name,
                fps=_short(file.fps),
            )
        )
        yield Remark(text, _("Ask for it with 25 or 30 pictures a second."))
    length = file.duration_s or 0.0
    if edges.black_start_s >= length > 0:
        yield Remark(
            _("Video “%(name)s” shows nothing but black.", name=name),
            _("Look at it; ask the exhibitor for the right file."),
        )
        return
    if edges.black_start_s > BLACK_START:
        yield Remark(
            _("Video “%(name)s” begins with %(seconds)s s of black.", name=name, seconds=_short(edges.black_start_s)),
            _("Viewers take black for a fault. Cut the beginning off; the gallery of any phone can."),
        )
    if edges.black_tail_s > BLACK_TAIL:
        yield Remark(
            _("Video “%(name)s” ends with %(seconds)s s of black.", name=name, seconds=_short(edges.black_tail_s)),
            _("Cut the end off, or give its item a shorter duration."),
        )


def _of_the_sound(name: str, file: MediaFile, sound: Sound) -> Iterator[Remark]:
    if sound.silent_start_s > SILENT_START:
        yield Remark(
            _(
                "Video “%(name)s” is silent for its first %(seconds)s s.",
                name=name,
                seconds=_short(sound.silent_start_s),
            ),
            _("If that is not meant, cut the beginning off, or let music begin with the picture."),
        )
    if sound.silent_tail_s > SILENT_TAIL:
        yield Remark(
            _("Video “%(name)s” is silent for its last %(seconds)s s.", name=name, seconds=_short(sound.silent_tail_s)),
            _("Cut the end off, or give its item a shorter duration."),
        )
    loudness = sound.loudness or 0.0
    reached = loudness + gain(Media(file.path, loudness=sound.loudness, true_peak=sound.true_peak))
    if loudness < QUIETEST:
        yield Remark(
            _("Video “%(name)s” can hardly be heard (%(loudness)s LUFS).", name=name, loudness=_short(loudness)),
            _("Turned up, its hiss would be as loud as its words. Record it anew, nearer to the microphone."),
        )
    elif TARGET - reached > SHORT:
        yield Remark(
            _(
                "Video “%(name)s” will sound %(less)s dB quieter than the others.",
                name=name,
                less=_short(TARGET - reached),
            ),
            _("Its loudest moments forbid turning it up. Ask for it with its sound levelled (compressor, limiter)."),
        )
    if sound.clipped:
        yield Remark(
            _("Video “%(name)s” has distorted sound: it was recorded too loud.", name=name),
            _("Listen to it. Record it anew, with the microphone turned down or farther away."),
        )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
