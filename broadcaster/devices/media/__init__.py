"""The media probe: what a video file really is, whether it can be played, and how it looks and sounds."""

from broadcaster.devices.media.analysis import Analysis
from broadcaster.devices.media.backdrop import is_needed as needs_backdrop
from broadcaster.devices.media.ffmpeg import Failed, NoProgram, Stopped
from broadcaster.devices.media.media_file import Fault, MediaFile
from broadcaster.devices.media.probe import MediaProbe
from broadcaster.devices.media.quality import Remark, remarks
from broadcaster.devices.media.thumbnail import Thumbnails

__all__ = [
    "Analysis",
    "Failed",
    "Fault",
    "MediaFile",
    "MediaProbe",
    "NoProgram",
    "Remark",
    "Stopped",
    "Thumbnails",
    "needs_backdrop",
    "remarks",
]
