"""What people pin: it wins, it can be taken back, and it follows its record."""

import datetime as dt
import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrichment import config, matching, pins, pipeline
from enrichment.engine import Day
from enrichment.fields import FIELDS
from enrichment.history import spells
from enrichment.matching import decisions
from enrichment.pins import Pin
from enrichment.provenance import explain
from lake import bronze
from lake.errors import LakeError
from lake.tables import one
from tests.enrichment.lake_records import DAY, empty, put

STROBE = {"artist_raw": "deadmau5", "title_raw": "Strobe"}
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
VALID = {
    "title": "Strobe", "artist": "deadmau5", "remixer": "Dimension", "spotify_id": "s" * 22,
    "beatport_id": "4141", "discogs_release_id": "7", "track_1001_id": "abc1", "youtube_id": "tKi9Z-f6qX4",
    "musicbrainz_id": "f1d7b9a5-08f0-4a30-9c0b-2d4c1b8a3a11", "deezer_id": "1", "apple_id": "2",
    "isrc": "us-rc1-19-00595", "iswc": "T-034.524.680-1",
    "bpm": "127,5", "key": "G minor", "genre": "House", "subgenre": "Acid",
    "label": "mau5trap", "catalog_number": "MAU5CD", "formats": "flac, Vinyl",
    "release_date": "2009-09", "duration_ms": "10:37",
    **dict.fromkeys(("energy", "danceability", "valence", "acousticness", "instrumentalness"), "0.5"),
    "liveness": "0", "speechiness": "1", "loudness": "-8.1", "popularity": "60",
}  # fmt: skip


class World:
    """A lake with one track, and people who pin on it, a day for each run."""

    def __init__(self, lake: duckdb.DuckDBPyConnection, root: Path) -> None:
        self.lake, self.root, self.number = lake, root, 0
        bronze.ensure_stream(root, pins.PROVIDER, pins.STREAM)

    def say(self, *events: Pin) -> None:
        day = DAY.date + dt.timedelta(days=self.number + 1)
        answers = [event.answer() for event in events]
        bronze.write(self.root, pins.PROVIDER, answers, ingest_date=day, extractor_version=pins.VERSION)

    def run(self, day: Day | None = None) -> None:
        self.number += 1
        chosen = day or Day(DAY.date + dt.timedelta(days=self.number))
        pins.fold(self.lake, bronze.read_sql(self.root, pins.PROVIDER, pins.STREAM))
        pipeline.resolve(self.lake, chosen, config.load(), f"run-{self.number}")

    def value(self, column: str = "bpm") -> Any:
        ((value,),) = self.lake.execute(f"select {column} from silver.enriched_tracks").fetchall()
        return value


@pytest.fixture
def world(lake: duckdb.DuckDBPyConnection, tmp_path: Path) -> World:
    return World(lake, tmp_path)


@pytest.fixture
def strobe(world: World) -> str:
    """Record id of the one track, which Spotify says has 128 beats a minute."""
    (record,) = put(world.lake, {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128})
    matching.match_day(world.lake, DAY, config.load())
    world.run(DAY)
    return record


def pin(record: str, value: str, field: str = "bpm", *, minute: int = 0, actor: str = "ada") -> Pin:
    return Pin(
        kind="pin", record_id=record, field=field, value=value, actor=actor, reason="by ear",
        occurred_at=NOON + dt.timedelta(minutes=minute),
    )  # fmt: skip


def undo(event: Pin) -> Pin:
    return Pin(kind="undo", undoes=event.event_id, actor="ada", reason="misheard")


@pytest.mark.slow
def test_a_pin_stands_before_the_first_provider_as_an_attempt(world: World, strobe: str) -> None:
    world.say(pin(strobe, "127"))
    world.run()
    assert world.value() == Decimal("127.00")
    assert world.lake.execute(
        "select priority, outcome, input_value, output_value, confidence, record_id "
        "from ops.enrichment_transformations where provider = 'person'"
    ).fetchall() == [(0, "accepted", "127", "127.00", Decimal(1), strobe)]
    track = str(world.value("track_id"))
    (attempt,) = explain(world.lake, track, "bpm").attempts
    assert (attempt.provider, attempt.actor, attempt.reason) == ("person", "ada", "by ear")


@pytest.mark.slow
def test_a_pin_stands_before_a_field_that_goes_by_another_rule(world: World) -> None:
    told = [("beatport", "2017-04-23"), ("spotify", "2016-07-29")]  # the earliest counts
    record, _ = put(
        world.lake,
        *(
            {"provider": one, **STROBE, "release_date_raw": day, "release_date": day,
             "release_date_precision": "day"}
            for one, day in told
        ),
    )  # fmt: skip
    matching.match_day(world.lake, DAY, config.load())
    world.run(DAY)
    assert str(world.value("release_date")) == "2016-07-29"
    first = pin(record, "2018-01-02", "release_date")
    world.say(first)
    world.run()
    assert str(world.value("release_date")) == "2018-01-02"
    world.say(undo(first))
    world.run()
    assert str(world.value("release_date")) == "2016-07-29"


@pytest.mark.slow
def test_taking_a_pin_back_restores_the_former_value_and_history_tells_it(world: World, strobe: str) -> None:
    first = pin(strobe, "127")
    world.say(first)
    world.run()
    world.say(undo(first))
    world.run()
    assert world.value() == Decimal("128.00")
    told = spells(world.lake, str(world.value("track_id")), "bpm")
    assert [(one.value, one.provider, one.run_id, one.replaced_by) for one in told] == [
        ("128.00", "spotify", "run-1", "run-2"),
        ("127.00", "person", "run-2", "run-3"),
        ("128.00", "spotify", "run-3", None),
    ]
    assert [one.since for one in told[1:]] == [one.until for one in told[:-1]]
    assert {one.config_hash for one in told} == {config.load().hash}


@pytest.mark.slow
def test_a_pin_survives_runs_and_new_answers(world: World, strobe: str) -> None:
    world.say(pin(strobe, "127"))
    world.run()
    later = Day(DAY.date + dt.timedelta(days=9))
    put(world.lake, {"provider": "beatport", **STROBE, "bpm_raw": "130", "bpm": 130}, day=later)
    matching.match_day(world.lake, later, config.load())
    world.run(later)
    world.run(DAY)
    assert world.value() == Decimal("127.00")
    assert world.value("record_count") == 2


@pytest.mark.slow
def test_a_pin_follows_its_record_into_the_track_it_is_merged_into(world: World, tmp_path: Path) -> None:
    go, other = put(
        world.lake,
        {"provider": "beatport", "artist_raw": "Moby", "title_raw": "Go", "bpm_raw": "120", "bpm": 120},
        {"provider": "spotify", "artist_raw": "Moby", "title_raw": "Go (Woodtick Mix)"},
    )
    matching.match_day(world.lake, DAY, config.load())
    world.say(pin(other, "121"))
    world.run(DAY)
    same = decisions.same([go, other], "ada", "the sleeve says so")
    next_day = DAY.date + dt.timedelta(days=3)
    bronze.write(tmp_path, decisions.PROVIDER, [same.answer()], ingest_date=next_day, extractor_version="1")
    decisions.fold(world.lake, bronze.read_sql(tmp_path, decisions.PROVIDER, decisions.STREAM))
    matching.match_day(world.lake, Day(next_day), config.load())
    world.run(Day(next_day))
    assert world.value() == Decimal("121.00")


@pytest.mark.slow
def test_a_pin_missed_on_its_day_is_obeyed_by_any_later_run(world: World, strobe: str) -> None:
    world.say(pin(strobe, "127"))
    world.run(Day(DAY.date + dt.timedelta(days=30)))
    assert world.value() == Decimal("127.00")


def test_the_latest_pin_counts_in_whatever_order_they_arrive(
    lake: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first, second = pin("r", "120"), pin("r", "121", minute=1)
    back = undo(second)
    folded = set()
    for number, order in enumerate(itertools.permutations((first, second, back))):
        world = World(lake, tmp_path / str(number))
        world.say(*order)
        pins.fold(lake, bronze.read_sql(world.root, pins.PROVIDER, pins.STREAM))
        folded.add(tuple(lake.execute("select value, active from silver.field_pins order by 1").fetchall()))
    assert folded == {(("120.00", True), ("121.00", False))}


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.one_of(st.sampled_from(["90", "127", "127.5", "174"]), st.none()), min_size=1, max_size=5
    )
)
def test_law_a_pin_always_wins_and_its_removal_restores_the_former_value(
    lake: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, steps: list[str | None]
) -> None:
    empty(lake)
    world = World(lake, tmp_path_factory.mktemp("law"))
    (record,) = put(lake, {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128})
    matching.match_day(lake, DAY, config.load())
    world.run(DAY)
    standing: list[Pin] = []
    for minute, value in enumerate(steps):
        if value is not None:
            standing.append(pin(record, value, minute=minute))
            world.say(standing[-1])
        elif standing:
            world.say(undo(standing.pop()))
        world.run()
        assert world.value() == Decimal(str(standing[-1].value) if standing else "128")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_a_valid_value_and_refuses_an_empty_one(
    lake: duckdb.DuckDBPyConnection, field: str
) -> None:
    value = pins.normalised(lake, field, VALID[field])
    for column, stored in FIELDS[field].stored.items():
        (kept,) = one(lake, f"select {stored.format(v='$value::varchar')}", {"value": value})
        assert kept is not None, column
    with pytest.raises(LakeError, match=f"no valid {field}"):
        pins.normalised(lake, field, "  ")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("bpm", "fast"), ("bpm", "300"), ("key", "H#9"), ("isrc", "123"), ("energy", "1.5"),
        ("duration_ms", "-1"), ("release_date", "soon"), ("popularity", "101"),
        ("spotify_id", "short"), ("loudness", "nan"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_form_is_refused_with_the_right_one(
    lake: duckdb.DuckDBPyConnection, field: str, text: str
) -> None:
    with pytest.raises(LakeError) as refused:
        pins.normalised(lake, field, text)
    assert FIELDS[field].form in str(refused.value)


def test_a_column_names_its_field_and_others_are_refused() -> None:
    assert pins.field_named("Key_Camelot") == "key"
    with pytest.raises(LakeError, match="no field 'mood'"):
        pins.field_named("mood")
