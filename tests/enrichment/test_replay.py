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

from enrichment import config, matching, pipeline, pins, schema, waterfall
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

STROBE = {"artist_raw": "deadmau5", "title_raw": "Strobe"}
GOLDEN = (
    {"provider": "beatport", **STROBE, "bpm_raw": "130", "bpm": 130, "confidence": '{"bpm": 0.89}'},
    {"provider": "spotify", **STROBE, "bpm_raw": "128", "bpm": 128, "confidence": '{"bpm": 0.95}'},
)
EVERYTHING = Choice(everything=True)
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
        patched.setattr(waterfall, "code_version", lambda: "0ldc0de00000")
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
