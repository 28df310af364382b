"""The demo's videos: made with ffmpeg, so that the repository carries none.

Each is told apart at a glance and by a program: its upper left sixteenth is nothing but the exhibitor's colour,
its picture moves, and name, products, time and frame number are burnt in.
"""

from __future__ import annotations

import colorsys
import csv
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZE = (640, 360)
"""Small enough for two busy cores without a graphics card: the demo shows timing, not pixels."""

BLOCK = (150, 80)
"""Width and height of the upper left block whose every pixel is `colour_of`, within 8, in a picture of SIZE."""

RECORD = ".generated.json"
"""In the media folder: what was made here, by which recipe. Any other file is somebody's own, and stays."""

_FONTS = (
    Path("/usr/share/fonts/truetype/dejavu"),  # Debian, Ubuntu
    Path("/usr/share/fonts/TTF"),  # Arch
    Path("/usr/share/fonts/dejavu-sans-fonts"),  # Fedora
)
LENGTHS = {
    "batik-sekar-jagad": 30,
    "kopi-petungkriyono": 20,
    "canting-tembaga-landungsari": 35,
    "dodol-durian-doro": 15,
    "eceng-gondok-kreatif": 20,
    "sarung-tenun-medono": 25,
    "batik-liong-pesindon": 20,
    "bandeng-tiga-putri": 30,
    "limun-segar-pesisir": 25,
    "hijab-kirana": 15,
    "megono-mbah-rah": 25,
    "wayang-sanggar-budi": 30,
    "kota-pekalongan": 15,
    "batik-loop": 10,
}
"""Seconds of the demo's videos, by exhibitor or file, in order of airing: the demo's rundown is built on them."""

# Grey pictures, coarse because that is quick; a tint makes them the exhibitor's. The waves are slow to compute:
# five seconds of them are, and repeat.
_WAVES = "nullsrc=s=160x90:r=15:d=5,format=gray,geq=lum='{wave}',loop=-1:75"
_PICTURES = (
    _WAVES.format(wave="128+60*sin(X/6+2*PI*T/5)*sin(Y/6)+60*cos(hypot(X-80,Y-45)/5-2*PI*T/2.5)"),
    "cellauto=s=160x90:r=15:rule=110:random_seed={seed}",
    _WAVES.format(wave="128+120*sin((X+Y)/7-2*PI*T/2.5+1.5*sin(Y/9+2*PI*T/5))"),
    "mandelbrot=s=320x180:r=15:maxiter=300:start_scale=1.2:end_scale=0.004:end_pts=450",
    "life=s=160x90:r=15:mold=12:ratio=0.12:random_seed={seed}:life_color=white:death_color=#404040:mold_color=#101010",
    _WAVES.format(wave="128+60*cos(X/5)*cos(Y/5+2*PI*T/5)+60*sin((X-Y)/11+2*PI*T/2.5)"),
    "sierpinski=s=320x180:r=15:type=carpet:seed={seed}:jump=40",
)
# A pentatonic scale from G3, in Hz: any two videos sound well after one another.
_ROOTS = tuple(196 * 2 ** (step / 12) for step in (0, 2, 4, 7, 9, 12))


class DemoVideosError(Exception):
    """The videos cannot be made. str() says why, and what to do."""


def colour_of(exhibitor_id: str) -> tuple[int, int, int]:
    """Red, green and blue of the exhibitor's block, 0 to 255. The demo's own lie far apart."""
    ids = list(LENGTHS)
    if exhibitor_id in LENGTHS:
        place = ids.index(exhibitor_id)
        hue, value = place / len(ids), (0.95, 0.55)[place % 2]
    else:
        seed = _seed(exhibitor_id)
        hue, value = seed % 997 / 997, 0.5 + seed % 41 / 100
    red, green, blue = (round(part * 255) for part in colorsys.hsv_to_rgb(hue, 0.9, value))
    return red, green, blue


def make_videos(
    show: Path,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    seconds: int | None = None,
) -> list[Path]:
    """Make the videos that the show names and does not have; the paths of all that it names.

    Files that were not made here are left alone. `progress` hears the name of a finished video, how many are
    there by now, and how many there are in all; always in the calling thread. `seconds` is the length of each
    video; by default the demo's have their own, and others 20 s.

    Raises:
        DemoVideosError: ffmpeg or its font is missing, or fails; a file of the show cannot be read; or a video
            would lie outside the show's media folder.

    """
    folder, videos = _named(show, seconds)
    record = _Record(folder)
    wanting = [video for video in videos if not record.is_right(video)]
    there = len(videos) - len(wanting)
    if progress is not None:
        progress("", there, len(videos))
    if not wanting:
        return [video.path for video in videos]
    ffmpeg, font = _ffmpeg(), _font()
    # Encoding runs in ffmpeg's own single-threaded processes: two of them keep two cores busy.
    with ThreadPoolExecutor(2, "demo-videos") as pool:
        jobs = {pool.submit(_make, video, ffmpeg, font): video for video in wanting}
        try:
            for job in as_completed(jobs):
                job.result()
                record.add(jobs[job])
                there += 1
                if progress is not None:
                    progress(jobs[job].name, there, len(videos))
        finally:
            pool.shutdown(cancel_futures=True)
    return [video.path for video in videos]


def is_made_here(path: Path) -> bool:
    """Whether the video at `path` is one of make_videos', and is as it was made."""
    folder = next((folder for folder in path.parents if (folder / RECORD).exists()), None)
    return folder is not None and _Record(folder).has_made(path)


@dataclass(frozen=True, slots=True)
class _Video:
    path: Path
    id: str
    name: str
    line: str
    seconds: int

    @property
    def recipe(self) -> str:
        """Changes whenever the video would."""
        what = "\0".join([_filters(self, Path()), *_encoder(self), self.name, self.line])
        return hashlib.sha256(what.encode()).hexdigest()[:16]


def _filters(video: _Video, font: Path) -> str:
    """The picture [v] and the sound [a]. Texts come from the files `name` and `line`: nothing needs escaping."""
    seed = _seed(video.id)
    colour = colour_of(video.id)
    place = list(LENGTHS).index(video.id) if video.id in LENGTHS else seed
    tint = ":".join(
        # From a deep shade of the colour to a light one.
        f"{channel}='{part * 0.2:.0f}+val*{(part * 0.5 + 127 - part * 0.2) / 255:.3f}'"
        for channel, part in zip("rgb", colour, strict=True)
    )
    root = _ROOTS[place % len(_ROOTS)]
    chord = "+".join(f"{level}*sin(2*PI*{root * ratio:.2f}*t)" for ratio, level in ((1, 0.06), (1.5, 0.04), (2, 0.03)))

    def letters(style: str, size: int, x: int, y: int, text: str) -> str:
        return f"drawtext=fontfile={font}/DejaVuSans{style}.ttf:x={x}:y={y}:fontsize={size}:fontcolor=white:{text}"

    steps = [
        _PICTURES[place % len(_PICTURES)].format(seed=seed),
        "format=gray,format=rgb24,lutrgb=" + tint,
        "scale=160:90:flags=neighbor",
        # While the picture is RGB: drawing on YUV would take the colour by another matrix than the players.
        "drawbox=x=0:y=0:w=40:h=22:t=fill:color=0x{:02x}{:02x}{:02x}".format(*colour),
        "scale={}:{}:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1".format(*SIZE),
        # Where no overlay lies: left of the code, above the lower third.
        "drawbox=x=176:y=14:w=206:h=56:t=fill:color=black@0.85",
        "drawbox=x=0:y=96:w=440:h=70:t=fill:color=black@0.85",
        letters("-Bold", _fitting(video.name, 26, 0.68), 24, 106, "textfile=name:expansion=none"),
        letters("", _fitting(video.line, 15, 0.57), 24, 141, "textfile=line:expansion=none"),
        # The picture moves 15 times a second, which halves the work; time and frame number count every frame.
        "fps=30",
        letters("Mono-Bold", 22, 186, 21, r"text='%{pts\:hms}'"),
        letters("Mono-Bold", 16, 186, 48, r"text='frame %{frame_num}'"),
    ]
    sound = (
        f"aevalsrc=exprs='({chord})*(0.8+0.2*sin(2*PI*t/5))':s=48000:d={video.seconds},"
        f"afade=d=0.2,afade=t=out:d=0.2:st={video.seconds - 0.2},aformat=channel_layouts=stereo"
    )
    return f"{','.join(steps)}[v];{sound}[a]"


def _encoder(video: _Video) -> list[str]:
    # A keyframe each second lets a video that is joined in progress begin at its place at once.
    colours = "-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709"
    picture = "-c:v libx264 -preset ultrafast -crf 26 -maxrate 1000k -bufsize 1000k -g 30 -threads 1"
    sound = "-c:a aac -b:a 96k -ar 48000"
    return f"-t {video.seconds} {picture} {colours} {sound} -movflags +faststart -f mp4".split()


def _make(video: _Video, ffmpeg: str, font: Path) -> None:
    part = video.path.with_name(f".{video.path.name}.{os.getpid()}")
    try:
        video.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="demo-videos-") as texts:
            (Path(texts) / "name").write_text(video.name, "utf-8")
            (Path(texts) / "line").write_text(video.line, "utf-8")
            graph = ["-filter_complex_threads", "1", "-filter_complex", _filters(video, font)]
            outcome = subprocess.run(
                [
                    ffmpeg,
                    "-nostdin",
                    "-v",
                    "error",
                    *graph,
                    "-map",
                    "[v]",
                    "-map",
                    "[a]",
                    *_encoder(video),
                    "-y",
                    f"file:{part.absolute()}",
                ],
                cwd=texts,
                capture_output=True,
                check=False,
            )
        if outcome.returncode != 0:
            said = outcome.stderr.decode(errors="replace").strip().splitlines()
            raise DemoVideosError(
                _("ffmpeg could not make %(path)s: %(why)s", path=video.path, why=said[-1] if said else "?")
            )
        part.replace(video.path)
    except OSError as error:
        raise DemoVideosError(
            _("%(path)s cannot be written: %(why)s", path=video.path, why=error.strerror or error)
        ) from error
    finally:
        part.unlink(missing_ok=True)


class _Record:
    """Which files of a media folder were made here."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / RECORD
        self._made: dict[str, list[Any]] = {}
        try:
            made = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return  # Without a record no file is ours, so none is touched.
        if isinstance(made, dict):
            self._made = made

    def is_right(self, video: _Video) -> bool:
        """False when it is to be made: it is not there, or it is one of ours by an older recipe."""
        if not video.path.exists():
            return False
        recipe, size = self._made.get(self._key(video), (video.recipe, -1))
        return recipe == video.recipe or size != video.path.stat().st_size

    def has_made(self, path: Path) -> bool:
        _, size = self._made.get(path.relative_to(self._file.parent).as_posix(), ("", -1))
        return path.exists() and size == path.stat().st_size

    def add(self, video: _Video) -> None:
        self._made[self._key(video)] = [video.recipe, video.path.stat().st_size]
        part = self._file.with_name(f"{RECORD}.{os.getpid()}")
        part.write_text(json.dumps(self._made, indent=1, sort_keys=True), "utf-8")
        part.replace(self._file)

    def _key(self, video: _Video) -> str:
        return video.path.relative_to(self._file.parent).as_posix()


def _named(show: Path, seconds: int | None) -> tuple[Path, list[_Video]]:
    """The media folder, and each video that the show names, once."""
    expo = _toml(show / "expo.toml")
    folder = Path(os.path.abspath(show / str(expo.get("media", "media"))))  # noqa: PTH100  (".." goes, links stay)
    videos: dict[Path, _Video] = {}
    for name, identifier, title, line in _mentions(show, expo):
        path = Path(os.path.abspath(folder / name))  # noqa: PTH100
        if not path.is_relative_to(folder):
            raise DemoVideosError(
                _(
                    "Video %(name)s lies outside the media folder %(folder)s; none is made there.",
                    name=name,
                    folder=folder,
                )
            )
        length = seconds or LENGTHS.get(identifier, 20)
        videos.setdefault(path, _Video(path, identifier, title, line, length))
    return folder, list(videos.values())


def _mentions(show: Path, expo: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Of each mention of a video: its file's name, the id that its colour follows from, and the two lines of text."""
    exhibitors = show / "exhibitors.csv"
    if exhibitors.exists():
        text = exhibitors.read_text("utf-8-sig")
        header = text.partition("\n")[0]
        for row in csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ","):
            if row.get("video"):
                yield row["video"], row["id"], row["name"], row.get("products") or row.get("tagline") or ""
    for day in sorted(show.glob("*.toml")):
        for item in _toml(day).get("item", []):
            if item.get("media"):
                yield item["media"], Path(item["media"]).stem, item.get("title", ""), str(expo.get("title", ""))
    for name in expo.get("filler", []):
        yield name, Path(name).stem, str(expo.get("title", "")), str(expo.get("shop_url", ""))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DemoVideosError(f"{path}: {error}") from error


def _fitting(text: str, size: int, letter: float) -> int:
    """A font size at which `text` is no wider than its band; `letter` is a usual letter's width in that font."""
    return min(size, int(400 / letter / max(len(text), 1)))


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % 1_000_000


def _ffmpeg() -> str:
    found = shutil.which("ffmpeg")
    if found is None:
        raise DemoVideosError(_("ffmpeg is missing; it makes the demo's videos. On Debian: apt-get install ffmpeg"))
    return found


def _font() -> Path:
    for folder in _FONTS:
        if (folder / "DejaVuSans-Bold.ttf").exists():
            return folder
    raise DemoVideosError(
        _(
            "The DejaVu fonts are missing; the demo's videos are lettered in them. On Debian: %(command)s",
            command="apt-get install fonts-dejavu-core",
        )
    )
