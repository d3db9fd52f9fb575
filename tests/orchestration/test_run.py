"""The whole way on the embedded default, through the command a user types."""

import csv
import fcntl
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import duckdb
import networkx as nx
import pytest

from enrichment import recompute
from enrichment.engine import Day, lake_connection
from enrichment.matching import blocking, nodes
from extractors import functions as extractor_functions
from lake.postgres import postgres
from orchestration.checks import compiled_staging
from quality.truth import completeness, evaluate
from tests.conftest import REPOSITORY
from tests.orchestration.conftest import Build
from tests.orchestration.homes import PRINTED, Home, sandbox_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ran(after: Callable[[Build], Home]) -> tuple[Home, str]:
    """A sandbox lake after its first run, moved to another place since, and what the run printed."""
    home = after(sandbox_night)
    return home, (home.path / PRINTED).read_text(encoding="utf-8")


def test_a_run_ends_with_rows_scores_checks_truth_and_where_gold_lies(ran: tuple[Home, str]) -> None:
    home, printed = ran
    for text in (
        "beatport",
        "enriched_tracks",
        "Providers, with what this run asked",
        "Quality score of tracks",
        "accuracy",
        "precision",
        "checks:",
        "cratelake explain",
    ):
        assert text in printed
    assert "/published/gold.duckdb" in printed.replace("\n", "")
    assert home.settings.published.is_file()


def test_nothing_is_left_running(ran: tuple[Home, str]) -> None:
    assert not ran[0].postgres_running()


def test_gold_can_be_read_by_anybody(ran: tuple[Home, str]) -> None:
    with duckdb.connect(str(ran[0].settings.published), read_only=True) as gold:
        (tracks,) = gold.execute("select count(*) from track_analytics").fetchone() or (0,)
        assert tracks > 120
        (described,) = gold.execute(
            "select count(*) from duckdb_columns() "
            "where table_name = 'track_analytics' and comment is not null"
        ).fetchone() or (0,)
        assert described > 10


def test_what_python_builds_in_gold_is_described_as_dbts_models_are(ran: tuple[Home, str]) -> None:
    undescribed = ran[0].rows(
        "select table_name, column_name from duckdb_columns() where schema_name = 'gold' and comment is null "
        "and table_name in ('provider_scorecard', 'artist_network', 'data_freshness')",
        "--lake",
    )
    assert undescribed == []
    [network] = ran[0].rows(
        "select count(*) as artists, sum(pagerank)::double as all_ranks, max(community_size) as largest "
        "from gold.artist_network",
        "--lake",
    )
    assert network["artists"] > 10
    assert network["all_ranks"] == pytest.approx(1)
    assert 1 < network["largest"] <= network["artists"]


def test_the_graph_is_exported_whole(ran: tuple[Home, str], tmp_path: Path) -> None:
    home, _ = ran
    [counts] = home.rows(
        "select (select count(*) from gold.graph_nodes) as nodes, (select count(*) from gold.graph_edges) as "
        "edges, (select count(distinct kind) from gold.graph_edges) as kinds",
        "--lake",
    )
    assert counts["kinds"] >= 8
    home.run("export", "graph", "--format", "graphml", "--out", str(tmp_path / "graphml"))
    graph = nx.read_graphml(tmp_path / "graphml" / "graph.graphml")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (counts["nodes"], counts["edges"])
    assert all("kind" in data for _, data in graph.nodes(data=True))  # none that only edges speak of
    home.run("export", "graph", "--out", str(tmp_path / "neo4j"), "--kind", "Track", "--kind", "IN_GENRE")
    assert sorted(file.name for file in (tmp_path / "neo4j").glob("*.csv")) == [
        "IN_GENRE.csv",
        "IN_GENRE.header.csv",
        "Track.csv",
        "Track.header.csv",
    ]
    refused = home.run("export", "graph", "--out", str(tmp_path / "neo4j"), "--kind", "Trak", code=1)
    assert "the graph has no Trak" in refused.stderr


def test_no_jingle_unknown_row_or_mashup_element_is_ranked(ran: tuple[Home, str]) -> None:
    with duckdb.connect(str(ran[0].settings.published), read_only=True) as gold:
        rows = gold.execute(
            "select artist, title from top_tracks_by_genre "
            "where title in ('ID', 'Intro', 'Outro') or artist = 'ID'"
        ).fetchall()
    assert rows == []


def test_the_same_day_again_changes_nothing(ran: tuple[Home, str]) -> None:
    home, _ = ran
    bronze, contents = home.bronze(), home.contents()
    published = home.settings.published.stat().st_ino
    home.run("run")
    assert home.bronze() == bronze
    assert home.contents() == contents
    assert home.settings.published.stat().st_ino == published


def test_a_lake_of_before_a_column_was_thought_of_gets_it_with_the_next_run(ran: tuple[Home, str]) -> None:
    home, _ = ran
    contents = home.contents()
    with postgres(home.settings) as server, lake_connection(home.settings, server) as lake:
        assert lake.execute("select count(available_formats) > 0 from gold.track_analytics").fetchone() == (
            True,
        )
        for table, column in (
            ("staging.stg_discogs__api_tracks", "formats_raw"),
            ("staging.stg_musicbrainz__api_tracks", "iswc_raw"),
            ("silver.track_records", "available_formats"),
            ("silver.track_records", "formats_raw"),
            ("silver.enriched_tracks", "available_formats"),
        ):
            lake.execute(f"alter table {table} drop column {column}")
    home.run("run")
    assert home.contents() == contents


def test_the_sandbox_is_matched_and_valued_well(ran: tuple[Home, str]) -> None:
    line = " ".join(ran[1].split("matching: ")[1].split())
    precision, recall = (float(line.split(f"{name} ")[1].split(",")[0]) for name in ("precision", "recall"))
    assert precision > 0.98
    assert recall > 0.96


def test_blocking_brings_nearly_all_names_of_a_track_together(ran: tuple[Home, str]) -> None:
    settings = ran[0].settings
    with postgres(settings) as server, lake_connection(settings, server) as lake:
        (day,) = lake.execute("select max(ingest_date) from silver.record_answers").fetchone() or (None,)
        nodes.touch(lake, Day(day), "select node_id from silver.track_nodes")
        blocking.candidates(lake)
        evaluate(lake, settings.sandbox / "truth")
        # what is missing is told as another version by one of the two
        assert completeness(lake) > 0.96


def test_sql_prints_table_csv_and_json(ran: tuple[Home, str]) -> None:
    home, _ = ran
    query = "select full_track_name, play_count from track_analytics order by play_count desc, 1 limit 3"
    assert "full_track_name" in home.run("sql", query).stdout
    rows = list(csv.DictReader(io.StringIO(home.run("sql", "--format", "csv", query).stdout)))
    lines = [json.loads(line) for line in home.run("sql", "--format", "json", query).stdout.splitlines()]
    assert [row["full_track_name"] for row in rows] == [line["full_track_name"] for line in lines]
    outcomes = home.run("sql", "--lake", "select distinct outcome from ops.enrichment_transformations").stdout
    assert "accepted" in outcomes


def test_sql_is_read_only_and_says_what_is_wrong(ran: tuple[Home, str]) -> None:
    home, _ = ran
    assert "Remedy" in home.run("sql", "select nonsense from nowhere", code=1).stderr
    home.run("sql", "delete from track_analytics", code=1)
    target = home.settings.published
    before = target.stat().st_mtime_ns
    assert "COPY is not a query" in home.run("sql", f"copy (select 1) to '{target}'", code=1).stderr
    assert "2 statements" in home.run("sql", "select 1; select 2", code=1).stderr
    assert "0 statements" in home.run("sql", "", code=1).stderr
    home.run("sql", "from read_csv('README.md')", code=1)
    assert target.stat().st_mtime_ns == before
    home.run("sql", "--lake", "delete from silver.enriched_tracks", code=1)


def test_explain_tells_the_golden_story_of_the_sandbox(ran: tuple[Home, str]) -> None:
    home, _ = ran
    found = home.run(
        "sql", "--lake", "--format", "json",
        "select track_id from ops.enrichment_transformations where field = 'bpm' and provider = 'beatport' "
        "and outcome = 'below_threshold' and confidence = 0.89 limit 1",
    ).stdout  # fmt: skip
    track_id = json.loads(found)["track_id"]
    told = json.loads(home.run("explain", track_id, "bpm", "--json").stdout)
    by_provider = {one["provider"]: one for one in told["attempts"]}
    assert (by_provider["beatport"]["outcome"], by_provider["beatport"]["threshold"]) == (
        "below_threshold",
        0.98,
    )
    assert (by_provider["spotify"]["outcome"], float(by_provider["spotify"]["value"])) == ("accepted", 128.0)
    tree = home.run("explain", track_id).stdout
    for layer in ("bronze", "waterfall", "silver", "gold"):
        assert layer in tree


def test_explain_shows_raw_answers_and_where_they_lie(ran: tuple[Home, str]) -> None:
    home, _ = ran
    track_id = home.run(
        "sql", "--format", "csv", "select track_id from track_analytics where genre_root is not null limit 1"
    ).stdout.splitlines()[1]
    told = json.loads(home.run("explain", track_id, "genre_primary", "--json", "--raw").stdout)
    assert {one["field"] for one in told["attempts"]} == {"genre", "subgenre"}
    wanted = {
        *("field", "provider", "value", "confidence", "threshold", "outcome"),
        *("match_confidence", "bronze_id", "run_id", "fetched_at", "config_hash"),
    }
    assert all(wanted <= set(one) for one in told["attempts"])
    rested_on = {one["bronze_id"] for one in told["attempts"] if one["bronze_id"]}
    assert {one["bronze_id"] for one in told["raw"]} == rested_on
    for answer in told["raw"]:
        assert (home.settings.bronze / answer["file"]).is_file()
        if answer["content_type"] == "application/json":
            json.loads(answer["payload"])
    everything = json.loads(home.run("explain", track_id, "--json").stdout)
    assert len({one["field"] for one in everything["attempts"]}) > 20
    assert all((home.path / one["place"]).is_dir() for one in everything["sources"])
    text = home.run("explain", track_id, "genre", "--raw").stdout
    assert told["raw"][0]["payload"] in text
    assert "counted from tracklists" in home.run("explain", track_id, "play_count", code=1).stderr


def test_the_past_can_be_read_and_compared(ran: tuple[Home, str]) -> None:
    home, _ = ran
    listed = [json.loads(line) for line in home.run("snapshots", "--json").stdout.splitlines()]
    of = {one["message"]: one for one in listed}
    before = of["dbt model gold.camelot_wheel"]["id"]
    made = of["dbt model gold.track_analytics"]
    assert made["author"] == "cratelake"
    assert made["tables"] == ["gold.track_analytics"]
    count = ("--format", "csv", "select count(*) from track_analytics")
    rows = home.run("sql", *count).stdout
    assert home.run("sql", "--as-of", str(made["id"]), *count).stdout == rows
    assert home.run("sql", "--as-of", made["time"].replace(" ", "T"), *count).stdout == rows
    assert "track_analytics" in home.run("sql", "--as-of", str(before), *count, code=1).stderr
    told = json.loads(home.run("diff", "--from", str(before), "--to", str(made["id"]), "--json").stdout)
    (tracks,) = (one for one in told["tables"] if one["table"] == "track_analytics")
    assert (tracks["added"], tracks["changed"]) == (int(rows.split()[1]), 0)
    assert [one["message"] for one in told["snapshots"]] == ["dbt model gold.track_analytics"]
    assert "dbt model gold.track_analytics" in home.run("diff", "--from", str(before)).stdout


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("999999", "is not made yet"),
        ("2020-01-01T00:00:00Z", "as old as"),
        ("2199-01-01T00:00:00Z", "lies ahead"),
        ("2026-11-20T14:00:00", "no time zone"),
        ("yesterday", "neither a snapshot nor a time"),
    ],
)
def test_a_past_that_is_not_there_is_refused(ran: tuple[Home, str], as_of: str, said: str) -> None:
    home, _ = ran
    assert said in home.run("sql", "--as-of", as_of, "select 1", code=1).stderr.replace("\n", " ")
    assert said in home.run("diff", "--from", as_of, code=1).stderr.replace("\n", " ")


def test_a_sample_comes_out_of_bronze_as_it_is_stored(ran: tuple[Home, str]) -> None:
    home, _ = ran
    staging = compiled_staging(home.settings)
    with postgres(home.settings) as server, lake_connection(home.settings, server) as lake:
        extractor_functions.register(lake)
        (date,) = lake.execute("select max(ingest_date) from silver.record_answers").fetchone() or ("",)
        lake.execute("set variable bronze = $root", {"root": str(home.settings.bronze)})
        lake.execute(f"set variable day = date '{date}'")
        day = Day(date)

        def from_bronze() -> list[dict[str, str]]:
            return recompute.from_bronze(lake, day, staging, 50).differences

        def again() -> list[dict[str, str]]:
            return recompute.again(lake, day, 50).differences

        assert (from_bronze(), again()) == ([], [])
        for fault, finds in (
            ("update silver.track_records set bpm = 131 where provider = 'beatport'", from_bronze),
            ("update silver.field_provenance set value = '131.00' where field = 'bpm'", from_bronze),
            ("update silver.field_provenance set confidence = 0.99 where field = 'genre'", from_bronze),
            ("update silver.enriched_tracks set energy = 0.01", again),
            ("update silver.field_provenance set resolution_id = uuid()", again),
        ):
            lake.execute("begin transaction")
            lake.execute(fault)
            found = finds()
            lake.execute("rollback")
            assert found, fault


def test_explain_refuses_what_it_does_not_know(ran: tuple[Home, str]) -> None:
    home, _ = ran
    assert "no track fits" in home.run("explain", "zzzz qqqq", code=1).stderr
    name = home.run(
        "sql", "--format", "csv", "select track_id from track_analytics limit 1"
    ).stdout.splitlines()[1]
    assert "nothing was named" in home.run("explain", "", code=1).stderr
    assert "does not fill" in home.run("explain", name, "mood", code=1).stderr


def test_settings_that_make_no_sense_are_named(ran: tuple[Home, str], tmp_path: Path) -> None:
    for name, value, command in (
        ("MEMORY_LIMIT", "lots", "status"),
        ("THREADS", "0", "status"),
        ("SANDBOX_TRACKS", "50", "run"),
        ("HTTP_TIMEOUT", "-1", "run"),
        ("SPOTIFY_MODE", "dead", "fetch"),
    ):
        wrong = Home(ran[0].path, {f"CRATELAKE_{name}": value})
        said = wrong.run(command, code=2).stderr
        assert f"CRATELAKE_{name}={value}" in said
        assert "Remedy" in said
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    assert "CRATELAKE_HOME" in Home(occupied).run("run", code=1).stderr


def test_a_second_run_on_one_lake_is_told_so(ran: tuple[Home, str]) -> None:
    home, _ = ran
    with (home.path / "run.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another run works on this lake" in home.run("run", code=1).stderr


def test_status_and_doctor(ran: tuple[Home, str]) -> None:
    home, _ = ran
    said = home.run("status").stdout
    assert "Last enrichment runs" in said
    assert "Providers, with what was asked today" in said
    assert "Postgres and lake" in home.run("doctor").stdout


def test_commands_on_a_home_without_a_lake_say_so(home_factory: Callable[[], Path]) -> None:
    empty = Home(home_factory())
    for arguments in (("status",), ("explain", "x"), ("sql", "--lake", "select 1"), ("sql", "select 1")):
        assert "cratelake run" in empty.run(*arguments, code=1).stderr
    assert "nothing was running" in empty.run("stop").stdout


def test_days_out_of_range_are_refused(home_factory: Callable[[], Path]) -> None:
    assert "choose a day" in Home(home_factory()).run("run", "--day", "1999-01-01", code=1).stderr


def test_the_commands_of_the_readme_work(ran: tuple[Home, str]) -> None:
    home, _ = ran
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    commands = [line for line in blocks.splitlines() if line.startswith(".venv/bin/cratelake ")]
    assert len(commands) >= 4
    for line in commands:
        home.run(*shlex.split(line)[1:])
