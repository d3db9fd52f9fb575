"""The worked example of docs/add-a-source.md, run as it stands there."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from extractors import registry
from lake.bronze import Answer, Rejected
from tests.extractors.file_staging import Staging, pick

TEXT = (Path(__file__).parents[2] / "docs/add-a-source.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's files, its kind registered."""
    (shows,) = blocks("json")
    (reader,) = blocks("python")
    (tmp_path / "night_radio.jsonl").write_text(shows)
    (tmp_path / "night_radio.py").write_text(reader)
    spec = importlib.util.spec_from_file_location("night_radio", tmp_path / "night_radio.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(registry.KINDS, "night_radio", module.KIND)
    return tmp_path


@pytest.fixture
def staging(files: Path) -> Iterator[Staging]:
    one = Staging(files)
    yield one
    one.connection.close()


def test_the_reader_takes_two_shows_and_refuses_the_third(files: Path) -> None:
    taken, _ = registry.files_of(registry.kind("night_radio"), [files])
    found = [item for path in taken for item in registry.kind("night_radio").read(path)]
    assert [item.request_key for item in found if isinstance(item, Answer)] == ["shows/n12", "shows/n13"]
    (refused,) = [item for item in found if isinstance(item, Rejected)]
    told = f"{refused.file}, row {refused.row}, field '{refused.field}': {refused.reason}"
    assert f"*{told}*" in TEXT.replace("\n", " ")


def test_the_source_is_that_of_the_reader() -> None:
    (written,) = blocks("yaml")
    (source,) = yaml.safe_load(written)
    assert source["config"]["meta"]["stream"] == "shows"
    assert source["name"] == "night_radio__shows"


def test_the_models_give_the_rows_that_the_page_shows(staging: Staging) -> None:
    (shows,) = blocks("json")
    staging.ingest("night_radio", "night_radio.jsonl", shows)
    playlists_sql, plays_sql = blocks("sql")
    playlists = sorted(
        staging.build("stg_night_radio__show_playlists", playlists_sql), key=lambda row: row["playlist_key"]
    )
    assert pick(playlists, "playlist_key", "title", "event_date_precision") == [
        ("n12", "Ada - Night Radio 012", "day"),
        ("n13", "Ada - Night Radio 013", "month"),
    ]
    assert playlists[0]["dj_names"] == ["Ada"]
    plays = sorted(staging.build("stg_night_radio__show_plays", plays_sql), key=lambda row: row["position"])
    names, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TEXT.splitlines()
        if line.startswith("|")
    )
    shown = [
        [
            "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            for value in row
        ]
        for row in pick(plays, *names)
    ]
    assert shown == rows
