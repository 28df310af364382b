"""Short videos of all the kinds that people hand in, whose every frame and sound says which video it is.

The picture carries the time code of `timecode`; the sound is one steady tone, from the first frame to the last, of a
pitch and a loudness of the video's own.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from PIL import Image, ImageDraw, ImageFont

from bench.received import timecode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Kind:
    """A recipe.

    Args:
        size: width and height as people see them.
        drawn: in which size the frames are drawn; they are scaled from it. None: `size`.
        frames: how many.
        rate: frames a second; with `uneven`, of the clock that the frames keep to.
        uneven: a variable frame rate: every other frame stands for two.
        level: peak of the tone, dB of full scale, in each channel. A stereo tone of −20 has about −20 LUFS.
        channels: of the sound; 0 is a file without sound, `silent` one whose sound is digital silence.
        rotated: stored lying on its side, with a display matrix that turns it upright, as phones do.

    """

    name: str
    file: str
    size: tuple[int, int] = (640, 360)
    drawn: tuple[int, int] | None = None
    frames: int = 120
    rate: Fraction = Fraction(30)
    uneven: bool = False
    level: float = -20.0
    channels: int = 2
    silent: bool = False
    sample_rate: int = 48_000
    rotated: bool = False
    video: str = "-c:v libx264 -preset ultrafast -crf 24 -g 30 -pix_fmt yuv420p"
    audio: str = "-c:a aac -b:a 128k"


_BRIEF = "-c:v libx264 -preset veryfast -crf 24 -g 250 -bf 3 -pix_fmt yuv420p"
_SCALED_DOWN = "-c:v libx264 -preset ultrafast -crf 28 -g 30 -pix_fmt yuv420p"

KINDS = (
    Kind("H.264 30 fps", "h264-30.mp4", level=-16),
    Kind("25 fps", "25-fps.mp4", frames=100, rate=Fraction(25), level=-26),
    Kind("vertical 9:16", "vertical.mp4", (360, 640), level=-9),
    Kind("60 fps", "60-fps.mp4", frames=240, rate=Fraction(60), level=-22),
    Kind("silent sound", "silent.mp4", silent=True),
    Kind("24 fps", "24-fps.mp4", frames=96, rate=Fraction(24), level=-12),
    Kind("variable frame rate", "vfr.mp4", frames=80, uneven=True, level=-28),
    Kind("HEVC", "hevc.mp4", video="-c:v libx265 -preset ultrafast -crf 26 -x265-params log-level=error -tag:v hvc1"),
    Kind("4:3", "4-3.mp4", (480, 360), level=-14),
    Kind("without sound", "mute.mp4", channels=0),
    Kind("853×479 4:4:4", "odd.mp4", (853, 479), video="-c:v libx264 -preset ultrafast -crf 24 -pix_fmt yuv444p"),
    Kind("mono", "mono.mp4", channels=1, level=-18),
    Kind("rotated", "rotated.mp4", (360, 640), rotated=True, level=-24),
    Kind("44.1 kHz", "44k1.mp4", sample_rate=44_100, level=-11),
    Kind(
        "VP9 and Opus", "vp9.webm", video="-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M", audio="-c:a libopus"
    ),
    Kind("non-ASCII name", "Batik Pekalongan – Ibu Siti ☕.mp4", frames=90, level=-30),
    Kind("29.97 fps", "ntsc.mp4", frames=120, rate=Fraction(30000, 1001), level=-8),
    Kind("mkv, B frames", "b-frames.mkv", video=_BRIEF, level=-21),
    Kind("square, 2 s", "square.mp4", (480, 480), frames=60, level=-15),
    Kind("mov, 50 fps", "50-fps.mov", frames=200, rate=Fraction(50), level=-25),
    Kind("1080p", "1080p.mp4", (1920, 1080), (640, 360), frames=90, video=_SCALED_DOWN, level=-13),
    Kind("6 s, mono 44.1 kHz", "long.mp4", frames=180, channels=1, sample_rate=44_100, level=-19),
    Kind("4K", "4k.mp4", (3840, 2160), (640, 360), frames=90, video=_SCALED_DOWN, level=-17),
    Kind("last", "last.mp4", level=-20),
)


@dataclass(frozen=True, slots=True)
class Clip:
    """A video file that says what it is.

    Args:
        number: what its frames carry as clip, from 1.
        size: width and height as people see them.
        times: when each frame begins, seconds from the first; read from the file.
        duration: seconds until the last frame ends.
        tone: pitch in Hz; None without sound to be heard.
        level: peak of the tone in the file, dB of full scale.
        rotated: stored lying on its side; a player that doesn't know display matrices shows it so.

    """

    number: int
    kind: str
    path: str
    size: tuple[int, int]
    times: tuple[float, ...]
    duration: float
    tone: float | None
    level: float
    rotated: bool = False

    def lasts(self, frame: int) -> float:
        """Seconds that a frame is to be seen."""
        end = self.times[frame + 1] if frame + 1 < len(self.times) else self.duration
        return end - self.times[frame]


def make_clips(folder: Path, kinds: Sequence[Kind] = KINDS, numbers: Sequence[int] | None = None) -> list[Clip]:
    """A clip of each kind, in `folder`, or those of some `numbers` (from 1), in that order.

    Those that are there already, by the same recipe, are taken as they are.

    Raises:
        RuntimeError: ffmpeg is missing or fails; its last words.

    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = range(1, len(kinds) + 1) if numbers is None else numbers
    with ThreadPoolExecutor(2, "clips") as pool:
        return list(pool.map(lambda number: _clip(folder, number, kinds[number - 1]), chosen))


def _clip(folder: Path, number: int, kind: Kind) -> Clip:
    path = folder / kind.file
    note = folder / f".{kind.file}.json"
    # Fractions and tuples come back from JSON as text and lists: only their text is compared.
    made_by = [Path(module).read_bytes() for module in (__file__, timecode.__file__)]
    recipe = hashlib.sha256(repr((number, kind, made_by)).encode()).hexdigest()
    if path.exists() and note.exists():
        kept = json.loads(note.read_text("utf-8"))
        if kept.pop("recipe") == recipe:
            return Clip(**kept | {"path": str(path), "size": tuple(kept["size"]), "times": tuple(kept["times"])})
    _encode(path, number, kind)
    times, duration = _timing(path)
    heard = kind.channels and not kind.silent
    tone = _tone(number) if heard else None
    clip = Clip(number, kind.name, str(path), kind.size, times, duration, tone, kind.level, kind.rotated)
    note.write_text(json.dumps(asdict(clip) | {"recipe": recipe}), "utf-8")
    return clip


def _tone(number: int) -> float:
    """500 to 3500 Hz, 48 Hz apart and more, and those of neighbours far apart."""
    return 500.0 + 48 * (number * 23 % timecode.CLIPS)


def _encode(path: Path, number: int, kind: Kind) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise RuntimeError("ffmpeg is missing; it makes the clips. On Debian: apt-get install ffmpeg")
    width, height = kind.drawn or kind.size
    part = path.with_name(f".part-{number}{path.suffix}")
    filters = ["transpose=cclock"] if kind.rotated else []
    if kind.drawn:
        filters.append("scale={}:{}:flags=neighbor".format(*kind.size))
    # Drawn as RGB, which people's own videos are not: the matrix is named, so that black stays black everywhere.
    filters.append("scale=out_color_matrix=bt709:out_range=tv")
    if kind.uneven:
        filters += ["settb=1/90000", f"setpts=(floor(N/2)*3+mod(N\\,2)*2)*90000/({kind.rate})"]
    command = [
        *(ffmpeg, "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-s", f"{width}x{height}", "-r", str(kind.rate), "-i", "-"),
        *_sound(number, kind),
        *("-vf", ",".join(filters), *kind.video.split()),
        *("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *(("-fps_mode", "passthrough", "-enc_time_base", "1:90000") if kind.uneven else ()),
        *("-threads", "1", "-y", f"file:{part}"),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            for frame in _frames(number, kind):
                process.stdin.write(frame)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise RuntimeError(f"ffmpeg cannot make {path}: {said[-500:]}")
    if kind.rotated:
        turn_clockwise(part)
    part.replace(path)


def _sound(number: int, kind: Kind) -> list[str]:
    if not kind.channels:
        return []
    seconds = float(kind.frames * (Fraction(3, 2) if kind.uneven else 1) / kind.rate)
    amplitude = 0.0 if kind.silent else 10 ** (kind.level / 20)
    tone = "|".join([f"{amplitude:.6f}*sin(2*PI*{_tone(number)}*t)"] * kind.channels)
    layout = "mono" if kind.channels == 1 else "stereo"
    source = f"aevalsrc=exprs='{tone}':s={kind.sample_rate}:c={layout}:d={seconds:.6f}"
    return ["-f", "lavfi", "-i", source, *kind.audio.split()]


def _frames(number: int, kind: Kind) -> Iterator[bytes]:
    """Each frame as RGB: a colour of its own, what it is in letters, a bar that moves, and the time code."""
    width, height = kind.drawn or kind.size
    shade = tuple(80 + (number * step) % 96 for step in (37, 59, 83))
    base = Image.new("RGB", (width, height), shade)
    font = ImageFont.load_default(height / 18)
    ImageDraw.Draw(base).text((width * 0.05, height * 0.1), f"{number} {kind.name}", "white", font)
    strip = timecode.cells(timecode.Box(0, 0, width, height))
    for frame in range(kind.frames):
        image = base.copy()
        draw = ImageDraw.Draw(image)
        draw.text((width * 0.05, height * 0.22), str(frame), "white", font)
        x = frame * width // 60 % width
        draw.rectangle((x, height * 0.75, x + width // 30, height * 0.85), fill="black")
        for cell, white in zip(strip, timecode.encode(number, frame), strict=True):
            corners = (cell.left, cell.top, cell.left + cell.width, cell.top + cell.height)
            draw.rectangle([round(corner) for corner in corners], fill="white" if white else "black")
        yield image.tobytes()


def turn_clockwise(path: Path) -> None:
    """Write into an MP4 that its picture is to be turned by 90° (ISO 14496-12, 8.3.2: the track header's matrix)."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    for place, value in enumerate((0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)):
        content[matrix + 4 * place : matrix + 4 * place + 4] = value.to_bytes(4, "big", signed=True)
    path.write_bytes(content)


def _timing(path: Path) -> tuple[tuple[float, ...], float]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [(packet.pts, packet.duration or 0) for packet in container.demux(stream) if packet.pts is not None]
        unit = float(stream.time_base or 0)
    packets.sort()
    first = packets[0][0]
    times = tuple((pts - first) * unit for pts, _ in packets)
    return times, (packets[-1][0] + packets[-1][1] - first) * unit
