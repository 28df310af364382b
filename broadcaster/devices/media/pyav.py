"""Reading a file with PyAV, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broadcaster.devices.media.media_file import Fault, MediaFile, judged

if TYPE_CHECKING:
    from collections.abc import Iterator

TAIL = 10.0
"""How many seconds before the claimed end the search for the last picture begins."""

FIRST_FRAME_PACKETS = 600
"""Some 20 s of video: a file that shows nothing until then shows nothing."""

OPTIONS = {"protocol_whitelist": "file"}
"""A file that only refers to others must not reach out to the network."""


def inspect(file: MediaFile) -> MediaFile:
    """`file` with all that PyAV can tell; its `trouble` UNREADABLE or UNDECODABLE when another reader may do better.

    Raises:
        ImportError: PyAV is not installed, or its libraries are not.
    """
    import av

    try:
        with _open(file.path) as container:
            return _inspect(container, file)
    except (av.InvalidDataError, av.DecoderNotFoundError, av.DemuxerNotFoundError):
        return judged(file, trouble=Fault.NOT_A_VIDEO)
    except (av.FFmpegError, OSError, ValueError, OverflowError, MemoryError):
        return judged(file, trouble=Fault.UNREADABLE)


def _open(path: str) -> Any:
    import av

    return av.open(path, options=OPTIONS, timeout=(10.0, 30.0))


def _inspect(container: Any, file: MediaFile) -> MediaFile:
    import av
    from av.stream import Disposition

    seen: dict[str, Any] = {"container": container.format.name}
    audio = container.streams.best("audio")  # by FFmpeg's own rule, as in OBS
    if audio is not None and audio.codec_context is not None:
        context = audio.codec_context
        seen |= {"audio_codec": context.name, "audio_stream": audio.index, "channels": context.layout.nb_channels}
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not pictures:
        return judged(file, **seen, trouble=Fault.NO_PICTURE if audio is not None else Fault.NOT_A_VIDEO)
    stream = pictures[0]
    if stream.codec_context is None:
        return judged(file, **seen, trouble=Fault.UNDECODABLE)
    rate = stream.average_rate or stream.guessed_rate
    seen |= {
        "video_codec": stream.codec_context.name,
        "width": stream.codec_context.width,
        "height": stream.codec_context.height,
        "pixel_aspect": float(stream.sample_aspect_ratio or 1),
        "fps": float(rate) if rate else None,
        "claimed_s": _claimed(container),
    }
    if container.format.name.endswith("_pipe") or "image2" in container.format.name:
        return judged(file, **seen, trouble=Fault.STILL)
    frame, first = _first_frame(container, stream)
    if frame is None:
        return judged(file, **seen, trouble=Fault.UNDECODABLE)
    seen |= {"width": frame.width, "height": frame.height, "rotation": int(frame.rotation) % 360}
    try:
        measure = _Measure(stream.index, first or 0.0, float(1 / rate) if rate else 0.0)
        extent = measure.near_end(container, seen["claimed_s"])
        if extent is None:
            # Opened anew, since seeking to the start does not work in every format.
            with _open(file.path) as again:
                extent = measure.whole(again)
    except av.FFmpegError:
        return judged(file, **seen, trouble=Fault.UNREADABLE)
    return judged(file, **seen, duration_s=extent.duration, reaches_s=extent.reaches)


def _claimed(container: Any) -> float | None:
    import av

    return None if container.duration is None else float(container.duration / av.time_base)


def _first_frame(container: Any, stream: Any) -> tuple[Any, float | None]:
    """The first picture that can be decoded, and the time at which pictures begin."""
    import av

    first: float | None = None
    for count, packet in enumerate(container.demux(stream)):
        if count > FIRST_FRAME_PACKETS:
            break
        if packet.pts is not None:
            at = float(packet.pts * packet.time_base)
            first = at if first is None else min(first, at)
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            continue  # A recording may begin in the middle of a group of pictures.
        if frames:
            return frames[0], first if frames[0].time is None else frames[0].time
    return None, first


@dataclass(frozen=True, slots=True)
class Extent:
    """`duration` of the picture, and how far the file `reaches` by any of its streams; in seconds."""

    duration: float
    reaches: float


@dataclass(frozen=True, slots=True)
class _Measure:
    """Measures pictures that begin at `begin` by their packets; a packet without a length lasts a `frame`."""

    stream: int
    begin: float
    frame: float

    def near_end(self, container: Any, claimed: float | None) -> Extent | None:
        """From the packets near the claimed end; None when these don't bear the claim out, or the file is short."""
        import av

        if claimed is None or claimed < 2 * TAIL:
            return None
        try:
            container.seek(int((self._origin(container) + claimed - TAIL) * av.time_base))
        except av.FFmpegError:
            return None
        extent = self.whole(container)
        return extent if extent.duration > 0 and extent.reaches > claimed - 1.0 else None

    def whole(self, container: Any) -> Extent:
        """From all packets from here on."""
        picture = last = self.begin
        for packet in _packets(container):
            if packet.pts is None or packet.size == 0 or packet.is_corrupt:
                continue
            length = float(packet.duration * packet.time_base) if packet.duration else 0.0
            end = float(packet.pts * packet.time_base) + length
            if packet.stream_index == self.stream:
                end += 0.0 if length else self.frame
                picture = max(picture, end)
            last = max(last, end)
        return Extent(round(picture - self.begin, 6), last - self._origin(container))

    def _origin(self, container: Any) -> float:
        import av

        return min(self.begin, (container.start_time or 0) / av.time_base)


def _packets(container: Any) -> Iterator[Any]:
    import av

    try:
        yield from container.demux()
    except av.InvalidDataError:
        return  # The rest is not there; what has been read counts.
