"""config.toml and the environment."""

from __future__ import annotations

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
    ("arguments", "expected"),
    [(["check"], "id"), (["check", "--config", "en.toml"], "en"), (["--config=en.toml"], "en"), (["--config"], "id")],
)
def test_the_language_of_a_command_line_is_that_of_its_configuration(tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    Path("en.toml").write_text('language = "en"\n')
    assert config.language_of(arguments) == expected
