"""The media probe: what a video file really is, and whether it can be played."""

from broadcaster.devices.media.media_file import Fault, MediaFile
from broadcaster.devices.media.probe import MediaProbe

__all__ = ["Fault", "MediaFile", "MediaProbe"]
