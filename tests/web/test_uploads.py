"""Files arrive whole or not at all, however often the line breaks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from broadcaster.access import Role
from broadcaster.devices.media import MediaProbe
from broadcaster.schedule_files.folders import media_folder
from broadcaster.show.rundown import Media
from broadcaster.web import create_app
from broadcaster.web.file_names import safe_name
from broadcaster.web.people import Unfit
from broadcaster.web.upload_files import (
    AT_ONCE,
    FOLDER,
    FORGOTTEN,
    KEPT_FREE,
    LARGEST,
    VIDEOS,
    Kind,
    NoSpace,
    Places,
    State,
    Unknown,
    Upload,
    UploadFiles,
    write,
)
from broadcaster.web.uploads import Occupied, Silent, Uploads, WrongChecksum, WrongOffset
from tests.devices.media.making import half, pattern, tone, video
from tests.web.conftest import HOME, OVERLAYS, settings
from tests.web.people import CHEAP, nobody, password_of, with_people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.web.room import FakeRoom

FILM = bytes(range(256)) * 40
OCTETS = "application/offset+octet-stream"


class Viewer:
    """A probe that has watched the films it is given: those that begin with BAD cannot be played."""

    def media(self, path: str) -> Media:
        if Path(path).read_bytes().startswith(b"BAD"):
            return Media(path, fault="the file is damaged")
        return Media(path, timedelta(seconds=12.5))


class Box:
    """Uploads into a folder, with a disk and a clock that the test holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = folder / "media"
        self.free = KEPT_FREE + 1_000_000_000
        self.now = datetime.now(UTC)
        self.checked: list[Upload] = []
        self.uploads = self.again()

    def again(self, *, silence: float = 30.0) -> Uploads:
        """As after a restart of the service."""

        async def checked(upload: Upload) -> None:
            self.checked.append(upload)

        places = Places(lambda: self.media, self.folder, Viewer())
        self.uploads = Uploads(places, checked, clock=lambda: self.now, free=lambda _: self.free, silence=silence)
        return self.uploads

    async def begin(self, name: str = "sekar.mp4", length: int = len(FILM), *, replaces: bool = False) -> Upload:
        return await self.uploads.begin(Kind.VIDEO, name, length, by="rina", replaces=replaces)

    async def append(self, upload: Upload, offset: int, *pieces: bytes, checksum: tuple[str, bytes] | None = None):
        return await self.uploads.append(upload.id, offset, arriving(*pieces), checksum)

    async def whole(self, name: str = "sekar.mp4", content: bytes = FILM, *, replaces: bool = False) -> Upload:
        upload = await self.begin(name, len(content), replaces=replaces)
        await self.append(upload, 0, content)
        await self.uploads.settled()
        return await self.uploads.find(upload.id)

    def left_over(self) -> list[str]:
        return [path.name for path in (self.media / FOLDER).iterdir() if path.suffix != ".json"]


async def arriving(*pieces: bytes | Exception) -> AsyncIterator[bytes]:
    for piece in pieces:
        if isinstance(piece, Exception):
            raise piece
        yield piece


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


async def test_a_video_that_has_come_whole_and_can_be_played_is_in_the_media_folder(box: Box) -> None:
    upload = await box.whole("Batik Sekar.mp4")

    assert (State.READY, "", 12.5) == (upload.state, upload.detail, upload.duration_s)
    assert FILM == (box.media / "Batik Sekar.mp4").read_bytes()
    assert [] == box.left_over()
    assert [upload.id] == [each.id for each in box.checked]


async def test_nothing_is_in_the_folder_before_the_last_byte(box: Box) -> None:
    upload = await box.begin()
    await box.append(upload, 0, FILM[:-1])

    assert [FOLDER] == [path.name for path in box.media.iterdir()]


async def test_a_video_that_cannot_be_played_does_not_count_and_says_why(box: Box) -> None:
    upload = await box.whole(content=b"BAD film")

    assert (State.REFUSED, "This video cannot be played: the file is damaged.") == (upload.state, upload.detail)
    assert [FOLDER] == [path.name for path in box.media.iterdir()]
    assert [] == box.left_over()


async def test_it_goes_on_where_the_line_broke(box: Box) -> None:
    upload = await box.begin()
    with pytest.raises(ConnectionError):
        await box.uploads.append(upload.id, 0, arriving(FILM[:300], FILM[300:1000], ConnectionError()))

    assert 1000 == (await box.uploads.find(upload.id)).offset
    await box.append(upload, 1000, FILM[1000:])
    await box.uploads.settled()
    assert FILM == (box.media / "sekar.mp4").read_bytes()


async def test_a_line_that_breaks_after_the_last_byte_costs_nothing(box: Box) -> None:
    upload = await box.begin()
    with pytest.raises(ConnectionError):
        await box.uploads.append(upload.id, 0, arriving(FILM, ConnectionError()))

    await box.uploads.find(upload.id)
    await box.uploads.settled()

    assert State.READY == (await box.uploads.find(upload.id)).state


async def test_giving_up_waits_for_the_piece_that_is_on_its_way(box: Box) -> None:
    upload = await box.begin()
    giving_up: list[asyncio.Task[None]] = []

    async def broken_off() -> AsyncIterator[bytes]:
        yield FILM[:100]
        giving_up.append(asyncio.create_task(box.uploads.give_up(upload.id)))
        await asyncio.sleep(0.05)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await box.uploads.append(upload.id, 0, broken_off())
    await giving_up[0]

    assert [] == list((box.media / FOLDER).iterdir())


async def test_a_line_that_falls_silent_holds_the_file_up_for_nobody(box: Box) -> None:
    """A phone that changes its network leaves an open line behind, and begins anew on another one."""
    upload = await box.begin()

    async def phone() -> AsyncIterator[bytes]:
        yield FILM[:1000]
        await asyncio.Event().wait()

    box.again(silence=0.05)
    with pytest.raises(Silent):
        await box.uploads.append(upload.id, 0, phone())
    goes_on = await box.uploads.find(upload.id)
    await box.append(upload, goes_on.offset, FILM[goes_on.offset :])
    await box.uploads.settled()

    assert (1000, FILM) == (goes_on.offset, (box.media / "sekar.mp4").read_bytes())


async def test_it_goes_on_after_a_restart_of_the_service(box: Box) -> None:
    upload = await box.begin()
    await box.append(upload, 0, FILM[:5000])

    box.again()

    assert [5000] == [each.offset for each in await box.uploads.all()]
    await box.append(upload, 5000, FILM[5000:])
    await box.uploads.settled()
    assert FILM == (box.media / "sekar.mp4").read_bytes()


async def test_a_check_that_a_restart_broke_off_is_made_anew(box: Box) -> None:
    upload = await box.begin()
    part = box.media / FOLDER / f"{upload.id}.mp4"
    part.write_bytes(FILM)
    record = box.media / FOLDER / f"{upload.id}.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "state": "checking"}))

    again = box.again()
    await again.find(upload.id)
    await again.settled()

    assert State.READY == (await again.find(upload.id)).state


async def test_a_restart_between_the_move_and_its_record_loses_nothing(box: Box) -> None:
    upload = await box.whole()
    record = box.media / FOLDER / f"{upload.id}.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "state": "checking"}))

    again = box.again()
    await again.find(upload.id)
    await again.settled()

    assert State.READY == (await again.find(upload.id)).state
    assert FILM == (box.media / "sekar.mp4").read_bytes()


@pytest.mark.parametrize("offset", [0, 99, 101, 10**12])
async def test_a_piece_that_does_not_go_on_at_the_end_is_refused_with_where_that_is(box: Box, offset: int) -> None:
    upload = await box.begin()
    await box.append(upload, 0, FILM[:100])

    with pytest.raises(WrongOffset) as refused:
        await box.append(upload, offset, FILM[:50])

    assert (100, 100) == (refused.value.offset, (await box.uploads.find(upload.id)).offset)


async def test_more_than_was_announced_is_refused(box: Box) -> None:
    upload = await box.begin(length=100)

    with pytest.raises(Unfit):
        await box.append(upload, 0, FILM[:101])

    assert 0 == (await box.uploads.find(upload.id)).offset


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sha256", hashlib.sha256(FILM).digest()),
        ("sha1", hashlib.sha1(FILM).digest()),
        ("crc32", zlib.crc32(FILM).to_bytes(4)),
    ],
)
async def test_a_piece_is_kept_if_its_sum_is_right_and_gone_if_not(box: Box, name: str, value: bytes) -> None:
    upload = await box.begin()

    with pytest.raises(WrongChecksum):
        await box.append(upload, 0, FILM[:-1], b"!", checksum=(name, value))
    assert 0 == (await box.uploads.find(upload.id)).offset
    await box.append(upload, 0, FILM, checksum=(name, value))
    await box.uploads.settled()

    assert FILM == (box.media / "sekar.mp4").read_bytes()


async def test_half_a_piece_with_a_sum_is_not_kept(box: Box) -> None:
    upload = await box.begin()
    pieces = arriving(FILM[:300], ConnectionError())
    with pytest.raises(ConnectionError):
        await box.uploads.append(upload.id, 0, pieces, ("crc32", b"1234"))

    assert 0 == (await box.uploads.find(upload.id)).offset


async def test_two_pieces_of_one_file_do_not_mix(box: Box) -> None:
    upload = await box.begin()

    async def slow() -> AsyncIterator[bytes]:
        with pytest.raises(Occupied):
            await box.append(upload, 0, FILM)
        yield FILM

    await box.uploads.append(upload.id, 0, slow())

    await box.uploads.settled()
    assert FILM == (box.media / "sekar.mp4").read_bytes()


def test_whoever_asks_in_the_instant_of_its_move_is_told_that_it_is_there(box: Box) -> None:
    """Between a look at the record and one at the file, the file goes to its place."""
    is_for_the_file: Iterator[bool] = iter(())

    def videos() -> Path:
        if next(is_for_the_file, False):
            files.judge(upload)
        return box.media

    files = UploadFiles(Places(videos, box.folder, Viewer()))
    upload = Upload("a1", Kind.VIDEO, "kopi.mp4", len(FILM), "", "", box.now)
    files.begin(upload, ())
    write(files.path(upload), 0, FILM)
    is_for_the_file = iter([False, True])  # the folder is asked for twice

    assert State.READY is files.find("a1").state
    assert FILM == (box.media / "kopi.mp4").read_bytes()


async def test_what_was_judged_is_not_judged_again_by_what_has_replaced_it(box: Box) -> None:
    first = await box.whole("kopi.mp4", FILM)
    await box.whole("kopi.mp4", b"newer", replaces=True)
    files = UploadFiles(Places(lambda: box.media, box.folder, Viewer()))

    assert State.READY is files.judge(first).state
    assert b"newer" == (box.media / "kopi.mp4").read_bytes()


async def test_a_file_of_that_name_is_replaced_only_when_that_is_asked_for(box: Box) -> None:
    await box.whole()

    with pytest.raises(Unfit, match=r"SEKAR\.mp4 already"):
        await box.begin("SEKAR.mp4")
    await box.whole(content=b"a newer film", replaces=True)

    assert b"a newer film" == (box.media / "sekar.mp4").read_bytes()


async def test_who_comes_second_with_a_name_is_told_so(box: Box) -> None:
    second = await box.begin(length=3)
    await box.whole()

    await box.append(second, 0, b"abc")
    await box.uploads.settled()

    assert State.REFUSED == (await box.uploads.find(second.id)).state
    assert FILM == (box.media / "sekar.mp4").read_bytes()


async def test_the_disk_is_not_filled(box: Box) -> None:
    """What is on its way counts, too."""
    await box.begin("first.mp4", 600_000_000)

    with pytest.raises(NoSpace, match="make 101 MB free"):
        await box.begin("second.mp4", 500_000_000)

    assert ["first.mp4"] == [upload.name for upload in await box.uploads.all()]


async def test_a_disk_that_is_full_all_the_same_loses_nothing_that_has_arrived(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await box.begin()
    await box.append(upload, 0, FILM[:1000])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("broadcaster.web.uploads.write", full)
    with pytest.raises(NoSpace):
        await box.append(upload, 1000, FILM[1000:])

    assert 1000 == (await box.uploads.find(upload.id)).offset


async def test_too_large_too_many_and_of_a_wrong_kind_are_refused(box: Box) -> None:
    box.free = 10 * LARGEST
    for name, length in (("a.mp4", LARGEST + 1), ("a.exe", 1), ("a.png", 1)):
        with pytest.raises(Unfit):
            await box.begin(name, length)
    for number in range(AT_ONCE):
        await box.begin(f"{number}.mp4", 1)

    with pytest.raises(Unfit):
        await box.begin("one more.mp4", 1)


async def test_what_nobody_goes_on_with_is_gone_after_a_day(box: Box) -> None:
    old = await box.begin("old.mp4")
    await box.append(old, 0, FILM[:100])
    there = (datetime.now(UTC) - FORGOTTEN - timedelta(minutes=1)).timestamp()
    os.utime(box.media / FOLDER / f"{old.id}.mp4", (there, there))

    new = await box.uploads.begin(Kind.VIDEO, "new.mp4", 1)

    assert [new.id] == [upload.id for upload in await box.uploads.all()]
    assert [f"{new.id}.mp4"] == box.left_over()


async def test_one_that_is_given_up_leaves_nothing(box: Box) -> None:
    upload = await box.begin()

    await box.uploads.give_up(upload.id)

    assert [] == list((box.media / FOLDER).iterdir())
    with pytest.raises(Unknown):
        await box.uploads.find(upload.id)


@pytest.mark.parametrize("upload_id", ["", "..", "../../etc/passwd", "0" * 24, "é", "a/b"])
async def test_what_is_no_upload_is_not_looked_for(box: Box, upload_id: str) -> None:
    with pytest.raises(Unknown):
        await box.append(Upload(upload_id, Kind.VIDEO, "x", 1, "", "", box.now), 0, b"x")


async def test_a_logo_goes_beside_the_theme_that_names_it(box: Box) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2"/></svg>'
    fine = await box.uploads.begin(Kind.LOGO, "Logo Expo.svg", len(svg))
    await box.append(fine, 0, svg)
    wrong = await box.uploads.begin(Kind.LOGO, "other.png", 3)
    await box.append(wrong, 0, b"abc")
    await box.uploads.settled()

    assert svg == (box.folder / "Logo Expo.svg").read_bytes()
    assert "no PNG, JPEG, WebP or SVG" in (await box.uploads.find(wrong.id)).detail
    assert not (box.folder / "other.png").exists()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("sekar.mp4", "sekar.mp4"),
        ("Batik Sekar (final) 2.MP4", "Batik Sekar (final) 2.mp4"),
        ("../../etc/cron.d/x.mp4", "x.mp4"),
        ("C:\\Users\\Rina\\film.mov", "film.mov"),
        (".hidden.mp4", "hidden.mp4"),
        ("a\x00b\nc  d.mp4", "a-b-c d.mp4"),
        ("kopi & teh?.mp4", "kopi-teh.mp4"),
        ("Café.mp4", "Café.mp4"),
        ("Cafe\u0301.mp4", "Café.mp4"),
        ("ｆｉｌｍ <script>.mp4", "ｆｉｌｍ-script.mp4"),
        ("x" * 300 + ".mp4", "x" * 80 + ".mp4"),
        ("映" * 300 + ".mp4", "映" * 66 + ".mp4"),
        ("film.exe.mp4", "film.exe.mp4"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe == safe_name(given, VIDEOS)


@pytest.mark.parametrize("given", ["", ".mp4", "film", "film.exe", "con.mp4", "...mp4", "///", "?.mp4", "film.mp4/"])
def test_names_that_cannot_be_made_safe_are_refused(given: str) -> None:
    with pytest.raises(Unfit):
        safe_name(given, VIDEOS)


def test_videos_go_where_expo_toml_says(tmp_path: Path) -> None:
    (tmp_path / "expo.toml").write_text('media = "/srv/videos"')
    named = media_folder(tmp_path)
    (tmp_path / "expo.toml").write_text("media = [")

    assert (Path("/srv/videos"), tmp_path / "media") == (named, media_folder(tmp_path))


# -------------------------------------------------------------------- over HTTP


@pytest.fixture
async def organizer(tmp_path: Path, room: FakeRoom) -> AsyncIterator[httpx.AsyncClient]:
    access = with_people(admin=Role.ADMIN, oka=Role.ORGANIZER)
    places = Places(lambda: tmp_path / "media", tmp_path, MediaProbe())
    app = create_app(room, settings(host="0.0.0.0"), overlays=OVERLAYS, access=access, places=places, hasher=CHEAP)
    transport = httpx.ASGITransport(app, client=("192.168.1.30", 1))
    headers = {"origin": "http://expo.example", "tus-resumable": "1.0.0"}
    async with httpx.AsyncClient(transport=transport, base_url="http://expo.example", headers=headers) as browser:
        browser.app = app  # type: ignore[attr-defined]
        await browser.post("/api/v1/session", json={"name": "oka", "password": password_of("oka")})
        yield browser


def metadata(name: str, kind: str = "video", *more: str) -> str:
    pairs = [
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in (("filename", name), ("kind", kind))
    ]
    return ",".join([*pairs, *more])


async def test_a_real_video_is_sent_as_the_protocol_has_it(organizer: httpx.AsyncClient, tmp_path: Path) -> None:
    film = video(tmp_path / "made.mp4", pattern(1), tone(1, -14)).read_bytes()
    begun = await organizer.post(
        "/api/v1/uploads", headers={"upload-length": str(len(film)), "upload-metadata": metadata("Kopi Uji.mp4")}
    )
    there = begun.headers["location"]
    cut = len(film) // 2
    piece = {"content-type": OCTETS, "upload-offset": "0"}
    first = await organizer.patch(there, content=film[:cut], headers=piece)
    asked = await organizer.head(there)
    wrong = await organizer.patch(there, content=film[cut:], headers=piece)
    sums = f"sha256 {base64.b64encode(hashlib.sha256(film[cut:]).digest()).decode()}"
    more = {"upload-offset": asked.headers["upload-offset"], "upload-checksum": sums, "content-type": OCTETS}
    last = await organizer.patch(there, content=film[cut:], headers=more)
    await organizer.app.state.uploads.settled()  # type: ignore[attr-defined]
    told = (await organizer.get(there)).json()

    assert [201, 204, 200, 409, 204] == [answer.status_code for answer in (begun, first, asked, wrong, last)]
    assert [str(cut), str(cut), str(cut), str(len(film))] == [
        answer.headers["upload-offset"] for answer in (first, asked, wrong, last)
    ]
    assert {"1.0.0"} == {answer.headers["tus-resumable"] for answer in (begun, first, asked, wrong, last)}
    assert ("ready", "oka", "Kopi Uji.mp4", True) == (
        told["state"],
        told["by"],
        told["name"],
        0.9 < told["duration_s"] < 1.1,
    )
    assert film == (tmp_path / "media/Kopi Uji.mp4").read_bytes()


async def test_a_recording_that_was_broken_off_is_refused_in_words(
    organizer: httpx.AsyncClient, tmp_path: Path
) -> None:
    film = half(video(tmp_path / "made.mp4", pattern(1), tone(1, -14)), tmp_path / "half.mp4").read_bytes()
    headers = {"upload-length": str(len(film)), "upload-metadata": metadata("half.mp4")}
    there = (await organizer.post("/api/v1/uploads", headers=headers)).headers["location"]
    await organizer.patch(there, content=film, headers={"content-type": OCTETS, "upload-offset": "0"})
    await organizer.app.state.uploads.settled()  # type: ignore[attr-defined]
    told = (await organizer.get(there)).json()

    assert ("refused", True) == (told["state"], told["detail"].startswith("This video cannot be played: "))
    deeds = organizer.app.state.house.store.deeds()  # type: ignore[attr-defined]
    assert [("oka", "file checked", 422), ("oka", "send file", 201)] == [
        (deed.who, deed.act, deed.status) for deed in deeds[:2]
    ]
    assert "half.mp4" == deeds[1].values["file"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload-length": "5", "upload-metadata": metadata("x.mp4", "poem")}, 409),
        ({"upload-length": "5", "upload-metadata": metadata("x.exe")}, 409),
        ({"upload-length": "5", "upload-metadata": "filename !!!"}, 409),
        ({"upload-length": "5", "upload-metadata": ""}, 409),
        ({"upload-length": "-5", "upload-metadata": metadata("x.mp4")}, 422),
        ({"upload-metadata": metadata("x.mp4")}, 422),
        ({"upload-length": "5", "upload-metadata": metadata("x.mp4"), "tus-resumable": "0.2.2"}, 412),
        ({"upload-length": str(10**14), "upload-metadata": metadata("x.mp4")}, 409),
    ],
)
async def test_what_cannot_be_begun_is_refused(
    organizer: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await organizer.post("/api/v1/uploads", headers=headers)

    assert (status, True) == (answer.status_code, bool(answer.json()["detail"]))


async def test_a_piece_of_another_kind_or_with_a_nonsense_sum_is_refused(organizer: httpx.AsyncClient) -> None:
    headers = {"upload-length": "5", "upload-metadata": metadata("x.mp4")}
    there = (await organizer.post("/api/v1/uploads", headers=headers)).headers["location"]

    answers = [
        await organizer.patch(there, content=b"{}", headers={"content-type": kind, "upload-offset": "0", **more})
        for kind, more in (
            ("application/json", {}),
            (OCTETS, {"upload-checksum": "md4 abcd"}),
            (OCTETS, {"upload-checksum": "sha256 !"}),
            (OCTETS, {"upload-checksum": "sha256 abcd"}),
        )
    ]

    assert [415, 409, 409, 460] == [answer.status_code for answer in answers]
    assert (204, 404) == ((await organizer.delete(there)).status_code, (await organizer.head(there)).status_code)


async def test_a_service_without_a_place_for_files_says_so(room: FakeRoom) -> None:
    app = create_app(room, settings(), overlays=OVERLAYS, access=nobody())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as client:
        headers = {"upload-length": "5", "upload-metadata": metadata("x.mp4")}
        assert 409 == (await client.post("/api/v1/uploads", headers=headers)).status_code
        assert [] == (await client.get("/api/v1/uploads")).json()
