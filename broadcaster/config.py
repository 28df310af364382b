"""config.toml, overridden by BROADCASTER_SECTION__KEY. Documented, key by key, in docs/configuration.md."""

from __future__ import annotations

import difflib
import ipaddress
import stat
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from broadcaster.language import gettext as _
from broadcaster.show.broadcasts import TITLE_PARTS
from broadcaster.show.quota import UNITS
from broadcaster.show.segment_title import PARTS, is_pattern

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FROM_YOUTUBE = "youtube"
"""Stream.server: address and key are those of the stream that the day's broadcast is bound to."""
SECRETS = {("obs", "password"), ("stream", "key"), ("web", "password")}
"""Keys that may stand in the environment, or in a file that only its owner reads, and nowhere else."""


class ConfigError(Exception):
    """The configuration cannot be used. str() says what is wrong, where, and what to do."""


class Section(BaseModel):
    # What a value is must not be in the error about it: it may be a secret, or stand beside one.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Web(Section):
    host: str = Field("127.0.0.1", description="Address to listen on. Anything but loopback needs a password.")
    port: int = Field(
        8080, ge=0, le=65535, description="Port of the control page and the HTTP API; 0 takes a free one."
    )
    password: SecretStr | None = Field(None, description="Password of the control page (environment only).")


class Osc(Section):
    host: str = Field("127.0.0.1", description="Address to listen on for OSC. Anything but loopback needs allow.")
    port: int = Field(0, ge=0, le=65535, description="UDP port for OSC; 0: no OSC comes in.")
    allow: tuple[str, ...] = Field((), description="Addresses whose OSC is obeyed; empty: whoever reaches the port.")
    send: tuple[str, ...] = Field((), description="Where variables go as OSC whenever they change: host:port.")

    @field_validator("allow")
    @classmethod
    def _are_addresses(cls, allow: tuple[str, ...]) -> tuple[str, ...]:
        for each in allow:
            try:
                ipaddress.ip_network(each)
            except ValueError as error:
                raise ValueError(
                    _("“%(given)s” is no address; write one like 192.168.1.40, or 192.168.1.0/24", given=each)
                ) from error
        return allow

    @field_validator("send")
    @classmethod
    def _are_places(cls, send: tuple[str, ...]) -> tuple[str, ...]:
        for each in send:
            host, _colon, port = each.rpartition(":")
            if not host.strip("[]") or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError(_("“%(given)s” is no place to send to; write one like 127.0.0.1:9001", given=each))
        return send

    @model_validator(mode="after")
    def _is_not_open_to_everybody(self) -> Self:
        # OSC knows no password: whoever reaches the port may press.
        try:
            is_near = self.host.lower() == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            is_near = False
        if self.port and not is_near and not self.allow:
            raise ValueError(
                _("OSC knows no password: say in allow which addresses may press, or set host = 127.0.0.1")
            )
        return self


class StoreSection(Section):
    url: str = Field(
        "sqlite:///var/broadcaster.db",
        description="SQLAlchemy URL of the database; a relative path starts at config.toml.",
    )


class Obs(Section):
    host: str = Field("127.0.0.1", description="Where obs-websocket listens.")
    port: int = Field(4455, ge=1, le=65535, description="Port of obs-websocket.")
    password: SecretStr | None = Field(None, description="Password of obs-websocket (environment only).")
    launch: bool = Field(
        False, description="Start a private headless OBS of the service's own, and restart it when it dies."
    )
    prefix: str = Field(
        "Expo · ",
        min_length=1,
        description="Begins the name of everything the service creates in OBS; it touches nothing else.",
    )
    canvas: str = Field("1280x720", pattern=r"^\d{3,4}x\d{3,4}$", description="Picture size of the private OBS.")
    fps: int = Field(30, ge=10, le=60, description="Frames a second of the private OBS.")


class Overlays(Section):
    show: Literal["auto", "pictures"] = Field(
        "auto", description="auto: pages where OBS has a browser source, pictures where it has none; pictures: always."
    )


class Stream(Section):
    start: Literal["manual", "day"] = Field(
        "manual", description="manual: people start and stop the stream; day: it goes with the show's day."
    )
    server: str = Field(
        "", description="Where the stream goes: rtmp://, rtmps://, or youtube; empty leaves it to OBS's settings."
    )
    key: SecretStr | None = Field(None, description="Stream key for that server (environment only).")
    before: float = Field(10.0, ge=0, le=720, description="Minutes before the day's first item.")
    after: float = Field(5.0, ge=0, le=720, description="Minutes after the day's last item.")
    stuck_after: float = Field(
        15.0,
        ge=0,
        description="Seconds after which a stream that broke off is stopped and started anew; 0 leaves it to OBS.",
    )

    @field_validator("server")
    @classmethod
    def _is_an_address(cls, server: str) -> str:
        if server in {"", FROM_YOUTUBE}:
            return server
        try:
            url = urlsplit(server)
            host = url.hostname
        except ValueError:
            host = None
        if not host or url.scheme not in {"rtmp", "rtmps"} or any(letter.isspace() for letter in server):
            raise ValueError(
                _("A streaming server is written as rtmp:// or rtmps://, like rtmps://a.rtmps.youtube.com/live2")
            )
        if url.username is not None or (host.endswith(".youtube.com") and "/" in url.path.strip("/")):
            raise ValueError(_("The address of the server has no key in it: put that into BROADCASTER_STREAM__KEY"))
        return server

    @field_validator("key")
    @classmethod
    def _is_one_word(cls, key: SecretStr | None) -> SecretStr | None:
        word = "" if key is None else key.get_secret_value().strip()
        if any(letter.isspace() for letter in word):
            raise ValueError(_("A stream key has no spaces in it. Copy it anew"))
        return SecretStr(word) if word else None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if self.server == FROM_YOUTUBE:
            if self.key is not None:
                raise ValueError(_("server = youtube brings its key along: unset BROADCASTER_STREAM__KEY"))
            return self
        if self.server and self.key is None:
            raise ValueError(
                _("server is given but no key: set BROADCASTER_STREAM__KEY, or leave server out and set up OBS itself")
            )
        if self.key is not None and not self.server:
            raise ValueError(_("key is given but no server: for YouTube, server = rtmps://a.rtmps.youtube.com/live2"))
        return self


class Recording(Section):
    mode: Literal["off", "day"] = Field("off", description="off: the service records nothing; day: the show's day.")
    folder: Path = Field(
        Path("recordings"), description="Where the recordings go; OBS must see it under the same path."
    )
    keep_free: float = Field(
        5.0, gt=0, description="GB that stay free on that disk: there recording stops; at twice that it is told."
    )


class Links(Section):
    check: bool = Field(True, description="Whether exhibitors' links are tried over the network, beside the show.")


class YouTube(Section):
    mode: Literal["off", "rehearsal", "live"] = Field(
        "off", description="off; rehearsal: texts are stored and shown, not sent; live."
    )
    api_root: str = Field("https://youtube.googleapis.com/", description="Root of the API.")
    client_secrets: Path | None = Field(None, description="Google's client_secrets.json.")
    token_file: Path = Field(Path("var/youtube-token.json"), description="Google's authorized_user JSON, mode 0600.")
    channel_id: str = Field("", description="The channel that the token must belong to.")
    broadcast_id: str = Field("", description="The broadcast (its video) of the show; empty: each day's own.")
    broadcasts: dict[date, str] = Field({}, description="Ids of days' broadcasts, by date; others are found by title.")
    stream_id: str = Field("", description="The stream that the broadcasts are bound to; empty: the service's own.")
    go_live: Literal["manual", "day"] = Field(
        "manual", description="day: the broadcast goes live with the show's day, once video arrives."
    )
    complete: Literal["manual", "day"] = Field("manual", description="day: it is ended when the show's day is over.")
    title: str = Field(
        "{expo} – {day}", min_length=1, max_length=200, description="Title of a day's broadcast: {expo}, {day}, {date}."
    )
    privacy: Literal["public", "unlisted", "private"] = Field("unlisted", description="Who may see a new broadcast.")
    category: str = Field("22", pattern=r"^\d{1,2}$", description="YouTube's number of the category.")
    language: str = Field("id", pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", description="The viewers' language.")
    made_for_kids: bool = Field(False, description="Whether a new broadcast is made for children.")
    thumbnail: Path | None = Field(None, description="JPEG or PNG for the broadcast's page.")
    latency: Literal["normal", "low", "ultraLow"] = Field("normal", description="How far viewers are behind.")
    dvr: bool = Field(True, description="Whether viewers may wind back.")
    auto_start: bool = Field(False, description="YouTube itself goes live as soon as video arrives.")
    auto_stop: bool = Field(False, description="YouTube itself ends the broadcast when video stops.")
    monitor: bool = Field(False, description="A preview in YouTube's studio, and a testing phase before going live.")
    login_days: int = Field(7, ge=0, description="Days that a login lasts: 7 while the app is in Testing; 0: no end.")
    daily_quota: int = Field(10_000, ge=0, description="Units a day, reset at midnight in Los Angeles.")
    reserve: int = Field(500, ge=0, description="Units kept for going live, for ending, and for the last description.")
    costs: dict[str, int] = Field({}, description="Units a call, where YouTube's table has changed.")
    minimum_interval: float = Field(5.0, ge=0, description="Seconds between two updates of the description.")
    chat: bool = Field(False, description="Post each exhibitor's link in the live chat as it begins.")
    segment_title: str = Field(
        "", max_length=200, description="The video's title while something is on air, like {name} | {title}."
    )
    finish: Literal["auto", "manual"] = Field(
        "auto", description="auto: the final description is written once the broadcast is complete; manual: by command."
    )

    @field_validator("title")
    @classmethod
    def _names_known_parts(cls, title: str) -> str:
        left = title
        for part in TITLE_PARTS:
            left = left.replace(f"{{{part}}}", "")
        if {"{", "}"}.intersection(left):
            parts = ", ".join(f"{{{part}}}" for part in TITLE_PARTS)
            raise ValueError(_("Only %(parts)s may stand in braces", parts=parts))
        return title

    @field_validator("costs")
    @classmethod
    def _are_of_known_calls(cls, costs: dict[str, int]) -> dict[str, int]:
        for method, units in costs.items():
            if method not in UNITS:
                raise ValueError(
                    _("There is no call %(method)s; known are %(known)s", method=method, known=", ".join(UNITS))
                )
            if units < 1:
                raise ValueError(_("%(method)s costs at least 1 unit", method=method))
        return costs

    @field_validator("segment_title")
    @classmethod
    def _has_known_parts(cls, pattern: str) -> str:
        if not is_pattern(pattern):
            parts = ", ".join(f"{{{part}}}" for part in PARTS)
            raise ValueError(_("Only %(parts)s may stand in braces", parts=parts))
        return pattern


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="BROADCASTER_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    show: Path = Field(Path("schedules/demo"), description="Folder of the show.")
    language: Literal["id", "en"] = Field("id", description="Language of pages and messages.")
    state_dir: Path = Field(
        Path("var"), description="What the service writes for itself: caches, slates, the private OBS."
    )
    web: Web = Field(default_factory=Web)
    osc: Osc = Field(default_factory=Osc)
    store: StoreSection = Field(default_factory=StoreSection)
    obs: Obs = Field(default_factory=Obs)
    overlays: Overlays = Field(default_factory=Overlays)
    stream: Stream = Field(default_factory=Stream)
    recording: Recording = Field(default_factory=Recording)
    links: Links = Field(default_factory=Links)
    youtube: YouTube = Field(default_factory=YouTube)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the signature is pydantic's)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _reading)


_reading: Path | None = None


def load(path: Path, **overrides: object) -> Settings:
    """Settings from `path` (absent is fine: all has a default), the environment, and `overrides`; paths made absolute.

    Raises:
        ConfigError: unreadable, unknown key, bad value, or a secret in a file that others can read.
    """
    global _reading  # noqa: PLW0603  (pydantic-settings asks for its sources on the class)
    path = path.absolute()
    if path.exists():
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path}: {error}") from error
        _refuse_open_secrets(path, content)
    _reading = path if path.exists() else None
    try:
        settings = Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as error:
        # Not its cause: that may quote the value, which may be a secret.
        raise ConfigError(_("The environment cannot be read: %(why)s.", why=str(error))) from None
    except ValidationError as error:
        what = " ".join(_in_words(each) for each in error.errors())
        raise ConfigError(_("%(path)s, or BROADCASTER_… in the environment: %(what)s", path=path, what=what)) from error
    finally:
        _reading = None
    return _absolute(settings, path.parent)


def _in_words(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        why = error["msg"].removeprefix("Value error, ")
        return _("%(key)s: %(why)s.", key=key, why=why)
    known = _keys()
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return _("There is no key %(key)s; did you mean %(near)s?", key=key, near=near[0])
    return _("There is no key %(key)s.", key=key)


def _keys() -> list[str]:
    """All keys, as section.key."""
    known: list[str] = []
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            known += [f"{name}.{key}" for key in section.model_fields]
        else:
            known.append(name)
    return known


def _absolute(settings: Settings, home: Path) -> Settings:
    youtube = settings.youtube.model_copy(
        update={
            "token_file": home / settings.youtube.token_file,
            "client_secrets": home / settings.youtube.client_secrets if settings.youtube.client_secrets else None,
            "thumbnail": home / settings.youtube.thumbnail if settings.youtube.thumbnail else None,
        }
    )
    url = settings.store.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////") and url != "sqlite:///:memory:":
        url = f"sqlite:///{home / url.removeprefix('sqlite:///')}"
    return settings.model_copy(
        update={
            "show": home / settings.show,
            "state_dir": home / settings.state_dir,
            "youtube": youtube,
            "recording": settings.recording.model_copy(update={"folder": home / settings.recording.folder}),
            "store": StoreSection(url=url),
        }
    )


def _refuse_open_secrets(path: Path, content: dict[str, object]) -> None:
    for section, key in SECRETS:
        table = content.get(section)
        if isinstance(table, dict) and key in table and stat.S_IMODE(path.stat().st_mode) & 0o077:
            variable = f"BROADCASTER_{section}__{key}".upper()
            raise ConfigError(
                _(
                    "%(path)s: [%(section)s] %(key)s is a secret in a file that others can read. "
                    "Put it into the environment as %(variable)s, or chmod 600 the file.",
                    path=path,
                    section=section,
                    key=key,
                    variable=variable,
                )
            )


def language_of(arguments: list[str]) -> str:
    """The language that a command line asks for by its configuration; mistakes in it are told later, in the default."""
    path = "config.toml"
    for index, argument in enumerate(arguments):
        if argument == "--config" and index + 1 < len(arguments):
            path = arguments[index + 1]
        elif argument.startswith("--config="):
            path = argument.removeprefix("--config=")
    try:
        return load(Path(path)).language
    except ConfigError:
        return str(Settings.model_fields["language"].default)
