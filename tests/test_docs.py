"""The documentation is checked against the code: what it names exists, and what people can set or press is in it."""

from __future__ import annotations

import ast
import importlib
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import typer
from pydantic import BaseModel
from starlette.routing import Mount, Route, WebSocketRoute

from broadcaster import answers, config, schedule_files
from broadcaster.access import Right, Role
from broadcaster.commands import app
from broadcaster.devices.youtube import sandbox, template
from broadcaster.ports import BroadcastHealth, MachineHealth
from broadcaster.schedule_files import days, exhibitors, expo, items
from broadcaster.schedule_files.times import Clock, parse_duration, parse_start
from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.messages import Act
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, Overlay, StandCard, Timed
from broadcaster.show.rundown import HardStart, ItemId, ItemType, MissedStart, MissingMedia
from broadcaster.show.state import Playback, initial
from broadcaster.web import create_app
from broadcaster.web.metrics import AUTOMATION, OBS_STATES, YOUTUBE_STATES, exposition
from broadcaster.web.public import now_playing, variables
from broadcaster.web.rights import RULES
from tests.web.people import nobody
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broadcaster"
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def part(name: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its rank or above."""
    found = re.search(
        rf"^(#+) {re.escape(heading)}$(.*?)(?=^#{{1,6}} |\Z)",
        page(name),
        re.MULTILINE | re.DOTALL,
    )
    assert found is not None, f"{name} has no heading “{heading}”"
    return found[2]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each row of each table, headings and rules left out."""
    for line in text.splitlines():
        cells = [
            cell.strip() for cell in re.split(r"(?<!\\) \|(?= |$)", line.strip().removeprefix("|").removesuffix("|"))
        ]
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield cells


def names(text: str) -> set[str]:
    """What stands between backquotes in a line of text."""
    return set(re.findall(r"`([^`\n]+)`", text))


def keys_of(cells: list[str]) -> set[str]:
    return names(cells[0])


# ------------------------------------------------------------- configuration


def settings_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.default


def written(default: object) -> str:
    match default:
        case None:
            return "none"
        case "" | ():
            return "empty"
        case bool():
            return f"`{str(default).lower()}`"
        case _:
            return f"`{default}`"


def test_every_setting_is_in_the_docs_with_its_default_and_no_other() -> None:
    table = [cells for cells in rows(part("docs/configuration.md", "Keys")) if cells[0] != "key"]
    assert {key: written(default) for key, default in settings_of(config.Settings)} == {
        cells[0].strip("`"): cells[1] for cells in table
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_environment_variables_in_the_docs_are_settings(path: Path) -> None:
    known = {"BROADCASTER_" + key.upper().replace(".", "__") for key, _ in settings_of(config.Settings)}
    assert set(re.findall(r"BROADCASTER_[A-Z_]*[A-Z]", path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("number", range(6))
def test_the_examples_of_a_configuration_can_be_loaded(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, _ in settings_of(config.Settings):
        monkeypatch.delenv("BROADCASTER_" + key.upper().replace(".", "__"), raising=False)
    examples = re.findall(r"```toml\n(.*?)```", part("docs/configuration.md", "Examples"), re.DOTALL)
    assert len(examples) == 6
    (tmp_path / "config.toml").write_text(examples[number], "utf-8")
    config.load(tmp_path / "config.toml")


# ------------------------------------------------------------ schedule files


def test_every_key_of_expo_toml_is_in_the_docs_and_no_other() -> None:
    table = [cells for cells in rows(part("docs/schedule-files.md", "expo.toml")) if cells[0] != "key"]
    assert {"[policy]" if key == "policy" else key for key in expo.KEYS} == set().union(*map(keys_of, table))


def test_every_policy_and_each_of_its_values_is_in_the_docs_with_its_default() -> None:
    documented: dict[str, list[str]] = {}
    key = ""
    for cells in rows(part("docs/schedule-files.md", "Policies")):
        if cells[0] != "key":
            key = cells[0].strip("`") or key
            documented.setdefault(key, []).append(cells[1].replace("`", ""))
    of = {"hard_start": HardStart, "missed_start": MissedStart, "missing_media": MissingMedia}
    assert of.keys() == expo.POLICY_KEYS
    assert {
        key: [f"{word.value} (default)" if n == 0 else word.value for n, word in enumerate(words)]
        for key, words in of.items()
    } == documented


def test_every_column_and_all_its_synonyms_are_in_the_docs() -> None:
    table = [cells for cells in rows(part("docs/schedule-files.md", "exhibitors.csv")) if cells[0] != "column"]
    assert exhibitors._SYNONYMS == {cells[0].strip("`"): cells[1] for cells in table}
    assert list(exhibitors.COLUMNS) == [cells[0].strip("`") for cells in table]


def test_every_key_of_a_day_and_of_an_item_is_in_the_docs_and_no_other() -> None:
    of_day = [cells for cells in rows(part("docs/schedule-files.md", "Day files")) if cells[0] != "key"]
    assert days.KEYS == set().union(*map(keys_of, of_day))
    tables = list(rows(part("docs/schedule-files.md", "Items")))
    middle = next(n for n, cells in enumerate(tables) if cells[0] == "type")
    assert items.KEYS == set().union(*map(keys_of, tables[1:middle]))
    assert {kind.value for kind in ItemType} == set().union(*map(keys_of, tables[middle + 1 :]))


@pytest.mark.parametrize("cells", [c for c in rows(part("docs/schedule-files.md", "Durations")) if c[0] != "written"])
def test_durations_in_the_docs_are_read_as_they_say(cells: list[str]) -> None:
    value = cells[0].strip("`")
    hours, minutes, seconds = map(int, cells[1].split(":"))
    given: object = value.strip('"') if value.startswith('"') else int(value)
    assert timedelta(hours=hours, minutes=minutes, seconds=seconds) == parse_duration(given)


def test_times_in_the_docs_are_read_as_nine_in_the_morning() -> None:
    texts = [name for cells in rows(part("docs/schedule-files.md", "Times")) for name in names(" ".join(cells))]
    assert len(texts) == 5
    zone, day = ZoneInfo("Asia/Jakarta"), date(2026, 11, 24)
    for text in texts:
        start = parse_start(text.strip('"'), zone, day)
        time = start.time if isinstance(start, Clock) else start.time() if isinstance(start, datetime) else None
        assert time is not None, text
        assert "09:00:00" == time.isoformat(), text


def test_the_example_of_a_show_can_be_played(tmp_path: Path) -> None:
    def example(heading: str, language: str) -> str:
        found = re.search(rf"```{language}\n(.*?)```", part("docs/schedule-files.md", heading), re.DOTALL)
        assert found is not None
        return found[1]

    (tmp_path / "expo.toml").write_text(example("expo.toml", "toml"), "utf-8")
    (tmp_path / "hari-1.toml").write_text(example("Day files", "toml"), "utf-8")
    (tmp_path / "exhibitors.csv").write_text("id,name,video\nbatik-sekar,Batik Sekar,sekar.mp4\n", "utf-8")
    (tmp_path / "description.txt").write_text(example("description.txt", ""), "utf-8")
    reading = schedule_files.read(tmp_path)
    assert reading.rundown is not None, reading.problems
    assert ["opening", "p-batik-sekar"] == [item.id for item in reading.rundown.days[0].items]
    template.Template(tmp_path / "description.txt")  # raises when it may not be used


def test_a_templates_filters_and_names_are_in_the_docs() -> None:
    text = part("docs/schedule-files.md", "description.txt")
    shown = set(template.Shown.__slots__)
    variables_of = {"on_air", "following", "others", "expo_title", "shop_url", "hashtags"}
    assert set(sandbox.FILTERS) | shown | variables_of <= names(text)


# ------------------------------------------------------------------ commands


def commands_of(command: Any, path: str = "broadcaster") -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, each in below.items():
        yield from commands_of(each, f"{path} {name}")


COMMANDS = dict(commands_of(typer.main.get_command(app)))


def test_every_command_is_in_the_readme_and_no_other() -> None:
    table = [cells for cells in rows(part("README.md", "Commands")) if cells[0] != "command"]
    assert set(COMMANDS) == {cells[0].strip("`") for cells in table}


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_of_a_command_is_in_the_readme_and_no_other(path: str) -> None:
    cells = next(cells for cells in rows(part("README.md", "Commands")) if cells[0] == f"`{path}`")
    parameters = [each for each in COMMANDS[path].params if each.param_type_name == "option"]
    options = {max(parameter.opts, key=len) for parameter in parameters}
    assert options - {"--config", "--help"} == set(re.findall(r"--[a-z-]+", cells[2]))
    assert "--config" in options


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_a_page_names_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    called = "\n".join([*re.findall(r"```(?:sh)?\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)])
    known = {command.removeprefix("broadcaster ") for command in COMMANDS}
    for first, second in re.findall(r"\bbroadcaster (?!=)([a-z]+)(?: ([a-z]+))?", called):
        is_group = not second and any(command.startswith(f"{first} ") for command in known)
        assert first in known or f"{first} {second}" in known or is_group, (first, second)
    options = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    for line in called.splitlines():
        if re.search(r"\bbroadcaster [a-z]", line):
            assert set(re.findall(r"(?<= )--[a-z-]+", line)) <= options, line


def test_make_targets_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(names(page("README.md"))) + part("README.md", "Try it")))
    assert {"run", "test", "setup"} <= named <= targets


# ---------------------------------------------------------------------- HTTP


def routes_of(listed: Iterable[Any]) -> Iterator[str]:
    for route in listed:
        match route:
            case Route():
                declared = route.methods or set()
                yield from (
                    f"{method} {route.path}" for method in declared if method != "HEAD" or "GET" not in declared
                )
            case WebSocketRoute():
                yield f"WS {route.path}"
            case Mount(path="/static"):
                yield "GET /static/<file>"
            case Mount():
                yield f"GET {route.path}/<name>/"
            case _:  # a router that FastAPI keeps whole
                yield from routes_of(route.original_router.routes)


def test_every_route_is_in_the_docs_and_no_other() -> None:
    table = [cells for cells in rows(part("docs/http-api.md", "Routes")) if cells[0] != "route"]
    web = create_app(FakeRoom(), config.Settings(), overlays=ROOT / "overlays", access=nobody())
    assert set(routes_of(web.routes)) == {cells[0].strip("`") for cells in table}


def test_the_right_of_every_route_and_what_each_role_may_are_in_the_docs() -> None:
    table = [cells for cells in rows(part("docs/http-api.md", "Routes")) if cells[0] != "route"]
    documented = {cells[0].strip("`"): cells[1] for cells in table}
    places = {"/static/*": "/static/<file>", "/overlays/*": "/overlays/<name>/"}
    assert documented == {
        f"{rule.method} {places.get(rule.path, rule.path)}": rule.right.value if rule.right else "–" for rule in RULES
    }
    (rights, *roles) = [cells for cells in rows(part("docs/http-api.md", "Who may come in")) if cells[-1] != "means"][
        : len(Role) + 1
    ]
    assert {role.value: [right in role.rights for right in Right] for role in Role} == {
        cells[0]: [(cell.strip(" |")) == "yes" for cell in cells[1:5]] for cells in roles
    }
    assert [right.value for right in Right] == rights[1:5]


def quoted_keys(text: str) -> set[str]:
    return set(re.findall(r'"([a-z_0-9]+)":', text))


def a_row() -> AsRun:
    start = datetime(2026, 11, 24, 2, tzinfo=UTC)
    return AsRun(start.date(), ItemId("a"), 1, "01", ItemType.SLATE, "A", None, None, start, start)


def test_the_status_in_the_docs_has_the_keys_of_the_status() -> None:
    rundown = schedule_files.read(ROOT / "schedules" / "demo").rundown
    assert rundown is not None
    now = datetime(2026, 11, 24, tzinfo=UTC)
    item = answers.item(initial(rundown), rundown.days[0].items[0], now, {})
    tree = ast.parse((PACKAGE / "control_room.py").read_text("utf-8"))
    composed = {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in {"status", "_obs", "_youtube"}
        for entry in ast.walk(node)
        if isinstance(entry, ast.Dict)
        for key in entry.keys
        if isinstance(key, ast.Constant)
    }
    looked_after = answers.broadcast(BroadcastHealth(date(2026, 11, 24)))
    assert looked_after is not None
    machine = answers.machine(MachineHealth())
    documented = quoted_keys(part("docs/http-api.md", "GET /api/v1/status"))
    assert item.keys() | composed | looked_after.keys() | machine.keys() == documented


def test_as_run_rows_items_variables_and_now_json_have_the_keys_in_the_docs() -> None:
    assert answers.as_run_row(a_row()).keys() == quoted_keys(part("docs/http-api.md", "GET /api/v1/as-run"))
    assert variables({}).keys() <= names(part("docs/http-api.md", "GET /api/v1/vars"))
    rundown = schedule_files.read(ROOT / "schedules" / "demo").rundown
    assert rundown is not None
    whole = answers.rundown(initial(rundown), datetime(2026, 11, 24, tzinfo=UTC), {})
    documented = part("docs/http-api.md", "GET /api/v1/rundown")
    assert whole["days"][0]["items"][0].keys() <= names(documented)
    assert whole.keys() | whole["days"][0].keys() <= set(re.findall(r'"([a-z_]+)"', documented))
    told = now_playing({"playback": "running", "current": {"id": "a"}}, {})
    assert told.keys() | told["on_air"].keys() == quoted_keys(part("docs/http-api.md", "GET /now.json"))


def test_what_overlays_are_told_has_the_keys_in_the_docs() -> None:
    rundown = schedule_files.read(ROOT / "schedules" / "demo").rundown
    assert rundown is not None
    parts = (LowerThird("A"), CodePanel("A", "https://a.example", "a.example"), NextUp("B"), StandCard("C"))
    told = answers.overlay_parts(Overlay(tuple(Timed(part) for part in parts)), None)
    keys = answers.overlay(initial(rundown)).keys() | {"look"}
    documented = part("docs/http-api.md", "What overlays are told")
    assert keys == quoted_keys(documented) - told[0].keys()
    table = {cells[0].strip("`"): names(cells[1]) for cells in rows(documented) if cells[0] != "kind"}
    assert {each["kind"]: each.keys() - {"kind", "since", "until"} for each in told} == table


def test_every_metric_is_in_the_docs_and_no_other() -> None:
    exposed = set(re.findall(r"^# HELP (\S+)", exposition({}, [], pages=0, dropped=0), re.MULTILINE))
    table = [cells for cells in rows(part("docs/http-api.md", "GET /healthz and /metrics")) if cells[0] != "metric"]
    assert exposed == set().union(*map(keys_of, table))


# ------------------------------------------------------- words and notices


def test_states_outcomes_and_playback_are_explained_where_operators_look() -> None:
    assert {playback.value for playback in Playback} <= names(part("docs/http-api.md", "GET /api/v1/status"))
    assert set(AUTOMATION) <= names(part("docs/http-api.md", "GET /api/v1/status"))
    assert {outcome.value for outcome in Outcome} <= names(part("docs/operating.md", "What the page shows"))
    assert {outcome.value for outcome in Outcome} <= names(page("docs/decisions/0008-outcomes.md"))
    assert set(OBS_STATES) <= names(part("docs/operating.md", "What the page shows"))
    assert set(YOUTUBE_STATES) == {
        cells[0].strip("`")
        for cells in rows(part("docs/operating.md", "What YouTube's state means"))
        if cells[0] != "state"
    }


def messages() -> set[str]:
    """What may be told to the operator: every msgid that is marked for later translation."""
    found: set[str] = set()
    for module in (
        "show/playout.py",
        "show/streaming.py",
        "show/alarms.py",
        "show/transitions.py",
        "devices/machine.py",
        "devices/youtube/broadcast_notices.py",
        "running_files.py",
        "control_room.py",
        "conductor.py",
        "measuring.py",
        "trying.py",
        "editing/editor.py",
    ):
        for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant)
                found.add(re.sub(r"%\(\w+\)s", "…", str(argument.value)))
    return found


def test_every_notice_is_in_the_docs_with_what_to_do_and_no_other() -> None:
    table = [cells for cells in rows(part("docs/operating.md", "Alarms and notices")) if cells[0] != "notice"]
    assert messages() == {cells[0] for cells in table}
    assert all(len(cells) == 3 and cells[1] in {"info", "warning", "alarm"} and cells[2] for cells in table)


def test_every_press_is_in_the_docs() -> None:
    presses = " ".join(cells[0].lower() for cells in rows(part("docs/operating.md", "During the show")))
    assert {act.value for act in Act} <= set(re.findall(r"[a-z]+", presses))


GLOSSARY = [cells for cells in rows(page("docs/glossary.md")) if cells[0] != "word"]


@pytest.mark.parametrize("cells", GLOSSARY, ids=lambda cells: cells[0])
def test_a_glossary_word_has_a_meaning_and_its_name_in_the_code_exists(cells: list[str]) -> None:
    word, meaning, (name,) = cells[0], cells[1], names(cells[2])
    assert word
    assert meaning.endswith(".")
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(["broadcaster", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            known = getattr(found, "__dataclass_fields__", {})
            assert hasattr(found, attribute) or attribute in known, name
            found = getattr(found, attribute, None)
        return
    pytest.fail(f"{name} does not exist")


def test_the_fields_words_and_those_of_the_code_are_in_the_glossary() -> None:
    words = {cells[0].partition(" (")[0] for cells in GLOSSARY}
    assert {"rundown", "item", "cue", "program", "on air", "next", "yield", "lead", "filler", "as-run"} <= words
    assert {"hard start", "soft start", "gap", "overlap", "planned", "expected", "actual", "over/under"} <= words
    for enumeration in (Act, ItemType, Playback, Outcome):
        assert {word.value for word in enumeration} <= words


# ------------------------------------------------------------------ the house


def test_every_module_that_the_architecture_names_exists() -> None:
    for name in names(page("docs/architecture.md")):
        if re.fullmatch(r"[a-z_]+(/[a-z_]+)*(/|\.py)", name) and not name.startswith(("broadcaster/", "var/")):
            assert (PACKAGE / name).exists(), name


def test_every_module_of_the_package_has_its_place_in_the_architecture() -> None:
    def owned(folder: Path) -> set[str]:
        found = {path for path in folder.iterdir() if path.suffix == ".py" and path.name != "__init__.py"}
        found |= {path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}
        return {str(path.relative_to(PACKAGE)) + ("/" if path.is_dir() else "") for path in found}

    named = names(part("docs/architecture.md", "The house"))
    modules = owned(PACKAGE) | owned(PACKAGE / "show") | owned(PACKAGE / "devices")
    assert modules <= named


def test_every_decision_is_in_the_index_with_its_title_and_has_its_three_parts() -> None:
    records = sorted(path for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert len(records) >= 16
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", page("docs/decisions/README.md"), re.MULTILINE)
    titles = []
    for path in records:
        text = path.read_text("utf-8")
        heading = re.match(r"# (\d+)\. (.+)\n", text)
        assert heading is not None, path
        assert int(path.name[:4]) == int(heading[1])
        titles.append((heading[1], heading[2], path.name))
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequence"], path
    assert titles == listed


# ---------------------------------------------------------------------- links


def slugs(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    prose = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if target.startswith("https://"):
            continue
        assert "://" not in target, target
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_relative_to(ROOT), target
        assert there.exists(), target
        if anchor:
            assert anchor in slugs(there), target


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        current = ahead.pop()
        if current in reached or current.suffix != ".md" or not current.exists():
            continue
        reached.add(current)
        targets = re.findall(r"\]\(([^)#\s]+)", current.read_text("utf-8"))
        ahead += [(current.parent / target).resolve() for target in targets if "://" not in target]
    assert set(PAGES) <= reached
