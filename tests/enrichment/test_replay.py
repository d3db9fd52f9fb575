"""Replay: the verdicts, the correction and its undo, and the laws."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrichment import config, matching, pins, pipeline, run, schema, waterfall
from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.history import spells
from enrichment.pins import Pin
from enrichment.replay import corrections, runs
from enrichment.replay.choice import Choice
from enrichment.replay.plans import Difference, Made, Wanted, differences, plan, plans
from lake import bronze
from lake.errors import LakeError
from lake.tables import fingerprint
from tests.enrichment.lake_records import DAY, empty, put

pytestmark = pytest.mark.slow
STROBE = {"artist_raw": "deadmau5", "title_raw": "Strobe"}
GOLDEN = (
    {"provider": "beatport", **STROBE, "bpm_raw": "130", "bpm": 130, "confidence": '{"bpm": 0.89}'},
    {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128, "confidence": '{"bpm": 0.95}'},
)
EVERYTHING = Choice(everything=True)
LOGS = (
    "ops.replay_diffs", "ops.replay_corrections", "ops.enrichment_transformations",
    "ops.enrichment_pipeline_runs", "ops.metadata_enrichment_config", "silver.former_values",
)  # fmt: skip
STOPS_EARLY = "when ten_thousandths_sure < ten_thousandths(threshold) then 'below_threshold'"


class World:
    """A lake with one track or more, and people who pin on it."""

    def __init__(self, lake: duckdb.DuckDBPyConnection, root: Path) -> None:
        self.lake, self.root = lake, root
        bronze.ensure_stream(root, pins.PROVIDER, pins.STREAM)

    @property
    def people(self) -> str:
        return bronze.read_sql(self.root, pins.PROVIDER, pins.STREAM)

    def settle(
        self, run_id: str, chosen: WaterfallConfig | None = None, day: Day = DAY, *, match: bool = True
    ) -> None:
        chosen = chosen or config.load()
        if match:
            matching.match_day(self.lake, day, chosen)
        pins.fold(self.lake, self.people)
        pipeline.resolve(self.lake, day, chosen, run_id)

    def say(self, *events: Pin) -> None:
        answers = [event.answer() for event in events]
        bronze.write(self.root, pins.PROVIDER, answers, ingest_date=DAY.date, extractor_version="1")

    def plan(self, choice: Choice = EVERYTHING, fields: tuple[str, ...] = ("bpm",), **more: Any) -> Made:
        wanted = Wanted(choice=choice, fields=fields, reason="test", actor="ada", **more)
        return plan(self.lake, wanted, self.people)

    def only(self, made: Made) -> Difference:
        assert made.plan is not None
        (one,) = differences(self.lake, made.plan.plan_id)
        return one

    def apply(self, made: Made) -> corrections.Correction:
        assert made.plan is not None
        return corrections.apply(self.lake, made.plan.plan_id, self.people, "ada", config.load())

    def undo(self, made: Made) -> corrections.Correction:
        assert made.plan is not None
        return corrections.undo(self.lake, made.plan.plan_id, "ada", config.load())

    def bpm(self) -> Decimal | None:
        ((value,),) = self.lake.execute("select bpm from silver.enriched_tracks").fetchall()
        return value  # type: ignore[no-any-return]

    def contents(self, *but: str) -> dict[str, str]:
        volatile = schema.VOLATILE
        return {
            table: fingerprint(self.lake, table, volatile=volatile)
            for table in schema.TABLES
            if table not in but
        }


@pytest.fixture
def world(lake: duckdb.DuckDBPyConnection, tmp_path: Path) -> World:
    return World(lake, tmp_path)


def lowered(beatport: float = 0.8) -> str:
    """Today's configuration with another threshold for the store's tempo, as a snapshot."""
    document = json.loads(config.load().snapshot)
    document["fields"]["bpm"]["beatport"][0] = beatport
    return config.parse(document).snapshot


def pin(record: str, value: str, minute: int = 0) -> Pin:
    occurred = dt.datetime(2026, 3, 2, 12, minute, tzinfo=dt.UTC)
    return Pin(
        kind="pin", record_id=record, field="bpm", value=value, actor="ada", reason="by ear",
        occurred_at=occurred,
    )  # fmt: skip


def stops_early(world: World, monkeypatch: pytest.MonkeyPatch, run_id: str) -> None:
    """A run of code with the bug of the source document: what is below its threshold ends the waterfall."""
    with monkeypatch.context() as patched:
        assert STOPS_EARLY in waterfall._TRIED
        patched.setattr(waterfall, "_TRIED", waterfall._TRIED.replace(STOPS_EARLY, ""))
        patched.setattr(run, "code_version", lambda: "0ldc0de00000")
        world.settle(run_id)


def test_the_bug_story_of_the_source_document(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put(world.lake, *GOLDEN)
    stops_early(world, monkeypatch, "abc-123")
    assert world.bpm() == Decimal(130)
    track = str(world.lake.execute("select track_id from silver.enriched_tracks").fetchall()[0][0])
    (decided,) = runs.decisions(world.lake, track, "bpm")
    assert (decided.run_id, decided.confidence, decided.threshold) == ("abc-123", 0.89, 0.98)

    before = world.contents("ops.replay_diffs")
    made = world.plan(Choice(tracks=(track,)), config_name=f"run:{decided.run_id}")
    assert world.contents("ops.replay_diffs") == before
    found = world.only(made)
    assert (found.verdict, found.causes, found.run_id) == ("code", ["code"], "abc-123")
    assert (found.before_provider, found.before, found.before_confidence) == ("beatport", "130.00", 0.89)
    assert (found.after_provider, found.after, found.after_confidence) == ("spotify", "128.00", 0.95)
    assert "run abc-123 under code 0ldc0de00000 took beatport 130.00" in found.finding
    assert "below its threshold 0.9800" in found.finding

    done = world.apply(made)
    assert world.bpm() == Decimal(128)
    assert (done.fields, done.tracks, done.left_alone) == (1, 1, 0)
    assert done.snapshot_before < done.snapshot_after
    assert world.lake.execute(
        "select provider, outcome, transformation_type from ops.enrichment_transformations "
        "where run_id = $run order by priority",
        {"run": done.run_id},
    ).fetchall() == [
        ("beatport", "below_threshold", "correction"),
        ("spotify", "accepted", "correction"),
    ]
    assert [one.run_id for one in spells(world.lake, track, "bpm")] == ["abc-123", done.run_id]
    assert [one.state for one in plans(world.lake, 5)] == ["applied"]
    assert world.plan(config_name="run:abc").plan is None


def test_another_configuration_is_named_and_undone_without_a_trace(world: World) -> None:
    put(world.lake, *GOLDEN)
    world.settle("run-1")
    before = world.contents(*LOGS)
    made = world.plan(config_snapshot=lowered(), config_name="file:lowered.yml")
    found = world.only(made)
    assert (found.verdict, found.causes) == ("configuration", ["configuration"])
    assert (found.before, found.after) == ("128.00", "130.00")
    world.apply(made)
    assert world.bpm() == Decimal(130)
    # nothing but that field was decided by the other configuration, and the row is scored by today's
    assert world.lake.execute(
        "select config_hash <> $now, list_sort(list(field)) = ['bpm'] from silver.field_provenance "
        "group by 1 having config_hash <> $now",
        {"now": config.load().hash},
    ).fetchall() == [(True, True)]
    world.undo(made)
    assert world.contents(*LOGS) == before
    with pytest.raises(LakeError, match="is undone"):
        world.undo(made)
    world.apply(made)
    with pytest.raises(LakeError, match="applied already"):
        world.apply(made)


def test_answers_that_came_since_are_data_and_what_moved_on_is_left_alone(world: World) -> None:
    put(world.lake, GOLDEN[0])
    world.settle("run-1")
    assert world.bpm() is None
    later = Day(DAY.date + dt.timedelta(days=1))
    put(world.lake, GOLDEN[1], day=later)
    matching.match_day(world.lake, later, config.load())
    made = world.plan()
    found = world.only(made)
    assert (found.verdict, found.before, found.after) == ("data", None, "128.00")
    assert found.run_id == "run-1"
    world.apply(made)
    put(world.lake, {**GOLDEN[0], "bpm_raw": "126", "bpm": 126, "confidence": '{"bpm": 0.99}'}, day=later)
    world.settle("run-2", day=later)
    assert world.bpm() == Decimal(126)
    assert world.undo(made).left_alone == 1
    assert world.bpm() == Decimal(126)


def test_code_and_data_are_told_apart_by_the_lake_of_that_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world.lake, GOLDEN[0], {**GOLDEN[1], "bpm_raw": "126", "bpm": 126})
    stops_early(world, monkeypatch, "abc-123")
    later = Day(DAY.date + dt.timedelta(days=1))
    put(world.lake, GOLDEN[1], day=later)
    matching.match_day(world.lake, later, config.load())
    found = world.only(world.plan())
    assert (found.verdict, found.causes, found.after) == ("code", ["code", "data"], "128.00")


def test_the_same_outcome_of_other_code_is_laid_to_the_data(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world.lake, {**GOLDEN[1], "bpm_raw": "126", "bpm": 126})
    monkeypatch.setattr(run, "code_version", lambda: "0ldc0de00000")
    world.settle("run-1")
    monkeypatch.undo()
    later = Day(DAY.date + dt.timedelta(days=1))
    put(world.lake, {**GOLDEN[1], "confidence": '{"bpm": 0.97}'}, day=later)
    matching.match_day(world.lake, later, config.load())
    assert world.only(world.plan()).causes == ["data"]


def test_records_made_otherwise_of_the_same_answers_are_code(world: World) -> None:
    put(world.lake, GOLDEN[1])
    world.settle("run-1")
    world.lake.execute("update silver.track_records set bpm = 64")
    found = world.only(world.plan())
    assert (found.verdict, found.after) == ("code", "64.00")


def test_a_pin_nobody_has_run_yet_is_a_person_and_wins_over_any_configuration(world: World) -> None:
    _, record = put(world.lake, *GOLDEN)
    world.settle("run-1")
    first = pin(record, "127")
    world.say(first)
    made = world.plan(config_snapshot=lowered())
    found = world.only(made)
    assert (found.verdict, found.after, found.after_provider) == ("person", "127.00", "person")
    assert "ada pinned 127: by ear" in found.finding
    world.apply(made)
    assert world.bpm() == Decimal(127)
    world.say(Pin(kind="undo", undoes=first.event_id, actor="bob", reason="misheard"))
    same = world.only(world.plan(config_snapshot=lowered()))
    assert (same.causes, same.after) == (["person"], "130.00")
    back = world.plan()
    assert world.only(back).causes == ["person", "configuration"]
    world.apply(back)
    assert world.bpm() == Decimal(128)


def test_a_plan_the_lake_has_overtaken_is_refused(world: World) -> None:
    _, record = put(world.lake, *GOLDEN)
    world.settle("run-1")
    made = world.plan(config_snapshot=lowered())
    world.say(pin(record, "127"))
    with pytest.raises(LakeError, match="the lake has moved on: 1 of the 1 fields"):
        world.apply(made)
    assert world.bpm() == Decimal(128)


def test_a_correction_that_dies_has_changed_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put(world.lake, *GOLDEN)
    world.settle("run-1")
    made = world.plan(config_snapshot=lowered())
    with monkeypatch.context() as patched:
        patched.setattr(pipeline.tracks, "build", _killed)
        before = world.contents()
        with pytest.raises(RuntimeError, match="killed"):
            world.apply(made)
    assert world.contents() == before
    world.apply(made)
    assert world.bpm() == Decimal(130)


def _killed(*_: object) -> None:
    raise RuntimeError("killed")


def test_tracks_are_chosen_by_id_answer_day_and_quarantine(world: World) -> None:
    put(world.lake, *GOLDEN, {**GOLDEN[1], "artist_raw": "Other", "title_raw": "Thing"})
    world.settle("run-1")
    looked = {
        "answer": world.plan(Choice(bronze_ids=_answers(world, "beatport"))).looked_at,
        "day": world.plan(Choice(day=DAY.date)).looked_at,
        "all": world.plan().looked_at,
    }
    assert looked == {"answer": 1, "day": 2, "all": 2}
    world.lake.execute(
        "insert into silver.quarantine by name select 'q' as quarantine_id, $id as bronze_id",
        {"id": _answers(world, "beatport")[0]},
    )
    assert world.plan(Choice(quarantined=True)).looked_at == 1
    for choice, words in [
        (Choice(), "no tracks are chosen"),
        (Choice(everything=True, quarantined=True), "were given together"),
        (Choice(bronze_ids=("nowhere",)), "silver knows no answer nowhere"),
        (Choice(tracks=("nobody",)), "silver knows no track nobody"),
        (Choice(day=dt.date(2020, 1, 1)), "no decided track among day 2020-01-01"),
    ]:
        with pytest.raises(LakeError, match=words):
            world.plan(choice)
    for name, words in [("latest", "give current"), ("run:zz", "no run begins"), ("file:no.yml", "no.yml")]:
        with pytest.raises(LakeError, match=words):
            world.plan(config_name=name)


def _answers(world: World, provider: str) -> tuple[str, ...]:
    rows = world.lake.execute(
        "select bronze_id from silver.track_records where provider = $name", {"name": provider}
    ).fetchall()
    return tuple(bronze_id for (bronze_id,) in rows)


sure = st.integers(60, 100).map(lambda n: n / 100)
tracks = st.lists(
    st.dictionaries(
        st.sampled_from(["beatport", "spotify", "dj_library"]),
        st.tuples(st.sampled_from([87, 128, 174]), sure),
        min_size=1,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=tracks, pinned=st.sampled_from([None, "90", "127.5"]))
def test_laws(
    lake: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
    said: list[dict[str, tuple[int, float]]],
    pinned: str | None,
) -> None:
    """The same configuration and code change nothing; a pin wins, and taken back leaves what there was."""
    empty(lake)
    world = World(lake, tmp_path_factory.mktemp("law"))
    records = [
        put(
            lake,
            {
                "provider": provider, "artist_raw": "A", "title_raw": f"Number {number}",
                "bpm_raw": str(bpm), "bpm": bpm, "confidence": f'{{"bpm": {confidence}}}',
            },
        )[0]
        for number, answers in enumerate(said)
        for provider, (bpm, confidence) in answers.items()
    ]  # fmt: skip
    world.settle("run-1")
    assert world.plan(fields=()).plan is None
    before = lake.execute(_VALUES).fetchall()
    if pinned is None:
        return
    event = pin(records[0], pinned)
    world.say(event)
    made = world.plan(fields=())
    assert (world.only(made).verdict, world.only(made).after_provider) == ("person", "person")
    world.apply(made)
    assert world.plan(fields=()).plan is None
    world.say(Pin(kind="undo", undoes=event.event_id, actor="ada", reason="misheard"))
    world.apply(world.plan(fields=()))
    assert lake.execute(_VALUES).fetchall() == before


_VALUES = """
    select track_id, field, value, provider, confidence, attempt_id from silver.field_provenance order by all
"""
