"""config.toml and the environment."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from broadcaster import config


def write(tmp_path: Path, text: str, mode: int = 0o644) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_every_key_has_a_default(tmp_path):
    settings = config.load(tmp_path / "config.toml")
    assert (settings.web.host, settings.obs.prefix, settings.youtube.mode) == ("127.0.0.1", "Expo · ", "off")


def test_the_environment_overrides_the_file(tmp_path, monkeypatch):
    path = write(tmp_path, "[web]\nport = 9000\n[obs]\nhost = 'studio'\n")
    monkeypatch.setenv("BROADCASTER_WEB__PORT", "9001")
    settings = config.load(path)
    assert (settings.web.port, settings.obs.host) == (9001, "studio")


def test_relative_paths_start_at_the_file(tmp_path):
    settings = config.load(write(tmp_path, 'show = "schedules/expo"\n[store]\nurl = "sqlite:///db/x.db"\n'))
    assert settings.show == tmp_path / "schedules/expo"
    assert settings.store.url == f"sqlite:///{tmp_path}/db/x.db"


def test_an_unknown_key_is_named(tmp_path):
    with pytest.raises(config.ConfigError, match=r"no key web\.prot; did you mean web\.port"):
        config.load(write(tmp_path, "[web]\nprot = 1\n"))


def test_bad_toml_is_told_with_its_line(tmp_path):
    with pytest.raises(config.ConfigError, match="line 2"):
        config.load(write(tmp_path, "[web]\nport = = 1\n"))


def test_a_secret_in_a_file_that_others_can_read_is_refused(tmp_path):
    with pytest.raises(config.ConfigError, match="BROADCASTER_OBS__PASSWORD"):
        config.load(write(tmp_path, '[obs]\npassword = "x"\n'))


def test_a_secret_in_a_file_for_its_owner_alone_is_taken_and_never_shown(tmp_path):
    settings = config.load(write(tmp_path, '[obs]\npassword = "hush-hush"\n', mode=0o600))
    assert settings.obs.password is not None
    assert settings.obs.password.get_secret_value() == "hush-hush"
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("http://live.example/app", "rtmp:// or rtmps://"),
        ("live.example/app", "rtmp:// or rtmps://"),
        ("rtmp://", "rtmp:// or rtmps://"),
        ("rtmp://live.example /app", "rtmp:// or rtmps://"),
        ("rtmps://a.rtmps.youtube.com/live2/abcd-efgh", "no key in it"),
        ("rtmp://ani:abcd-efgh@live.example/app", "no key in it"),
    ],
)
def test_a_streaming_server_is_an_rtmp_address_and_no_key(tmp_path, monkeypatch, server, why):
    monkeypatch.setenv("BROADCASTER_STREAM__KEY", "abcd-efgh")
    with pytest.raises(config.ConfigError, match=why) as refusal:
        config.load(write(tmp_path, f'[stream]\nserver = "{server}"\n'))
    assert "stream.server" in str(refusal.value)
    assert "abcd" not in "".join(traceback.format_exception(refusal.value))


def test_a_server_needs_its_key_and_a_key_its_server(tmp_path, monkeypatch):
    path = write(tmp_path, '[stream]\nstart = "day"\nserver = "rtmp://live.example/app"\n')
    with pytest.raises(config.ConfigError, match="BROADCASTER_STREAM__KEY"):
        config.load(path)
    monkeypatch.setenv("BROADCASTER_STREAM__KEY", "abcd-efgh")
    assert config.load(path).stream.key is not None
    with pytest.raises(config.ConfigError, match="no server") as refusal:
        config.load(tmp_path / "none.toml")
    assert "abcd" not in "".join(traceback.format_exception(refusal.value))


def test_a_stream_key_is_taken_without_what_was_copied_around_it_and_never_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("BROADCASTER_STREAM__KEY", " abcd-efgh\n")
    settings = config.load(write(tmp_path, '[stream]\nserver = "rtmp://live.example/app"\n'))
    assert settings.stream.key is not None
    assert settings.stream.key.get_secret_value() == "abcd-efgh"
    assert "abcd" not in repr(settings)
    monkeypatch.setenv("BROADCASTER_STREAM__KEY", "abcd efgh")
    with pytest.raises(config.ConfigError, match="no spaces") as refusal:
        config.load(tmp_path / "config.toml")
    assert "abcd" not in "".join(traceback.format_exception(refusal.value))


def test_a_stream_key_in_a_file_that_others_can_read_is_refused(tmp_path):
    with pytest.raises(config.ConfigError, match="BROADCASTER_STREAM__KEY"):
        config.load(write(tmp_path, '[stream]\nkey = "abcd-efgh"\n'))


def test_costs_are_of_calls_that_there_are(tmp_path):
    given = config.load(write(tmp_path, '[youtube]\ncosts = {"liveChatMessages.insert" = 50}\n'))
    assert given.youtube.costs == {"liveChatMessages.insert": 50}
    for wrong, why in (('{"liveChat.insert" = 50}', "liveChatMessages.insert"), ('{"videos.list" = 0}', "at least 1")):
        with pytest.raises(config.ConfigError, match=why):
            config.load(write(tmp_path, f"[youtube]\ncosts = {wrong}\n"))


def test_a_segments_title_names_only_what_there_is(tmp_path):
    assert config.load(write(tmp_path, '[youtube]\nsegment_title = "{name} | {title}"\n')).youtube.segment_title
    with pytest.raises(config.ConfigError, match="braces"):
        config.load(write(tmp_path, '[youtube]\nsegment_title = "{nama}"\n'))


def test_without_a_server_the_stream_goes_where_obs_is_set_to(tmp_path):
    settings = config.load(write(tmp_path, '[stream]\nstart = "day"\n[recording]\nmode = "day"\n'))
    assert (settings.stream.server, settings.stream.key) == ("", None)
    assert settings.recording.folder == tmp_path / "recordings"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["check"], "id"), (["check", "--config", "en.toml"], "en"), (["--config=en.toml"], "en"), (["--config"], "id")],
)
def test_the_language_of_a_command_line_is_that_of_its_configuration(tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    Path("en.toml").write_text('language = "en"\n')
    assert config.language_of(arguments) == expected
