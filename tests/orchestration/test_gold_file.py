"""The marts as they describe themselves, the page about them, and what a stranger finds in the file."""

import copy
import json
from collections.abc import Callable, Iterator

import duckdb
import pytest

from lake.errors import LakeError
from orchestration.gold import lineage, pages
from orchestration.gold.file import macros_over
from orchestration.gold.marts import published, read
from orchestration.resources import manifest
from tests.orchestration.homes import Home, sandbox_night


def test_a_mart_that_does_not_explain_itself_fails_with_all_that_is_wrong() -> None:
    broken = copy.deepcopy(dict(manifest()))
    node = broken["nodes"]["model.cratelake.track_analytics"]
    node["config"]["meta"] = {
        "question": "Which?",
        "example": "from track_analytics",
        "published": {"sort": "a"},
        "x": 1,
    }
    node["columns"]["bpm"]["description"] = " "
    other = broken["nodes"]["model.cratelake.field_conflicts"]
    other["config"]["meta"] = {}
    with pytest.raises(LakeError) as caught:
        read(broken)
    said = str(caught.value)
    for part in (
        "models/gold/track_analytics.sql, track_analytics: meta.grain is missing",
        "meta.x is not known",
        "meta.published must be {order: COLUMNS",
        "column bpm has no description",
        "models/gold/field_conflicts.sql, field_conflicts: meta.question is missing",
        "models/gold/field_conflicts.sql, field_conflicts: meta.published is missing",
    ):
        assert part in said
    assert "artist_analytics" not in said


def test_a_mart_may_stay_out_of_the_file() -> None:
    document = copy.deepcopy(dict(manifest()))
    document["nodes"]["model.cratelake.field_conflicts"]["config"]["meta"]["published"] = False
    (mart,) = (one for one in read(document) if one.name == "field_conflicts")
    assert not mart.order


def test_the_page_about_gold_says_what_the_models_say() -> None:
    assert pages.PAGE.read_text(encoding="utf-8") == pages.page(manifest()), "run `make gold-docs`"


@pytest.fixture(scope="module")
def home(after: Callable[[Callable[[Home], None]], Home]) -> Home:
    return after(sandbox_night)


@pytest.fixture(scope="module")
def gold(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as a stranger opens it: nothing installed, nothing to be had."""
    options = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with duckdb.connect(str(home.settings.published), read_only=True, config=options) as connection:
        yield connection


@pytest.mark.slow
def test_every_table_column_and_macro_is_explained(gold: duckdb.DuckDBPyConnection) -> None:
    tables = gold.execute(
        "select table_name from duckdb_tables() where coalesce(comment, '') = ''"
    ).fetchall()
    columns = gold.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and coalesce(comment, '') = ''"
    ).fetchall()
    macros = gold.execute(
        "select function_name from duckdb_functions() where not internal and function_type = 'table_macro' "
        "and coalesce(comment, '') = ''"
    ).fetchall()
    assert (tables, columns, macros) == ([], [], [])


@pytest.mark.slow
def test_the_readme_names_everything_and_every_example_runs(gold: duckdb.DuckDBPyConnection) -> None:
    rows = gold.execute("select part, name, example, row_count from README order by place").fetchall()
    assert rows[0][:2] == ("about", "what this is")
    assert [name for part, name, *_ in rows if part == "table"] == [mart.name for mart in published()]
    assert [name for part, name, *_ in rows if part == "macro"] == [
        macro.name for macro in macros_over([mart.name for mart in published()])
    ]
    for part, name, example, count in rows:
        if example:
            answer = gold.execute(example).fetchall()
            assert answer or part == "macro" or not count, (name, example)


@pytest.mark.slow
def test_macros_answer_the_common_questions(gold: duckdb.DuckDBPyConnection) -> None:
    track = gold.execute(
        "select track_id::varchar, full_track_name from track_analytics "
        "semi join harmonic_mixing_recommendations using (track_id) "
        "order by popularity_score desc, track_id limit 1"
    ).fetchone()
    assert track is not None
    number, name = track
    assert gold.execute("select id::varchar from search($name) limit 1", {"name": name}).fetchone() == (
        number,
    )
    wanted = gold.execute(
        "select rank, recommended_track_id from harmonic_mixing_recommendations "
        "where track_id = $id order by rank",
        {"id": number},
    ).fetchall()
    for what in (number, name):
        found = gold.execute(
            "select rank, recommended_track_id from compatible_tracks($what)", {"what": what}
        ).fetchall()
        assert found == wanted


@pytest.mark.slow
def test_columns_are_traced_to_bronze(home: Home) -> None:
    target = home.settings.root / "dbt"
    marts = lineage.columns_read(lineage.compiled(target / "gold_models", "track_analytics") or "")
    assert marts["bpm"] == [("silver", "enriched_tracks", "bpm")]
    assert ("silver", "enriched_tracks", "version") in marts["full_track_name"]
    staged = lineage.columns_read(
        lineage.compiled(target / "staging_answers", "stg_beatport__api_tracks") or ""
    )
    assert ("bronze", "beatport__tracks_api", "payload") in staged["bpm_raw"]
    kept = [json.loads(file.read_text()) for file in (target / "lineage").glob("*.json")]
    assert any("compatible_keys" in one for one in kept)


def test_lineage_looks_through_steps_and_lists() -> None:
    read_from = lineage.columns_read(
        "with t as (select track_id, bpm * 2 as twice, null as nothing from lake.silver.enriched_tracks), "
        "u as (select track_id, list(field) as fields from lake.silver.field_conflicts group by track_id) "
        "select t.*, fields, count(*) over () as n from t left join u using (track_id)"
    )
    assert read_from["twice"] == [("silver", "enriched_tracks", "bpm")]
    assert read_from["fields"] == [("silver", "field_conflicts", "field")]
    assert read_from["nothing"] == []
