"""The steps of the heart for one day, as orchestration and benchmarks call them."""

import datetime as dt
from dataclasses import dataclass

import duckdb

from enrichment import tracks, waterfall
from enrichment.config import WaterfallConfig
from enrichment.engine import Day, staging_relations
from enrichment.matching import state
from lake import bronze, tables
from lake.settings import Settings
from quality import quarantine as rules


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one enrichment run did, in counts."""

    records_touched: int
    tracks_resolved: int
    tracks_changed: int
    attempts_new: int
    fields_accepted: int


def quarantine(connection: duckdb.DuckDBPyConnection, settings: Settings, day: Day) -> tables.Changes:
    """Apply the quarantine rules to one day of answers."""
    views = staging_relations(connection, "_tracks")
    pages = staging_relations(connection, "stg_1001tracklists__page_status")
    return rules.build(
        connection,
        day.date,
        views,
        pages[0] if pages else None,
        bronze.read_sql(settings.bronze, stream=bronze.REJECTED_STREAM),
    )


def resolve(connection: duckdb.DuckDBPyConnection, day: Day, config: WaterfallConfig, run_id: str) -> Resolved:
    """Run the waterfall over the tracks of one day and rebuild them; the run is recorded with its configuration."""
    started = dt.datetime.now(dt.UTC)
    run = waterfall.Run.start(run_id, config)
    state.day_tracks(connection, day)
    waterfall.attempt(connection, run)
    attempts_new, _ = waterfall.store(connection, run, day)
    changes = tracks.build(connection, run, day)
    counts = connection.execute(
        "select (select count(*) from spoken), (select count(*) from fresh_tracks), (select count(*) from provenance)"
    ).fetchone()
    assert counts is not None  # noqa: S101 - an aggregate always gives a row
    resolved = Resolved(
        records_touched=counts[0],
        tracks_resolved=counts[1],
        tracks_changed=changes.written + changes.deleted,
        attempts_new=attempts_new,
        fields_accepted=counts[2],
    )
    tables.transaction(
        connection, lambda: _record_run(connection, run, day, started, resolved), message=f"enrichment run {run_id}"
    )
    return resolved


def _record_run(
    connection: duckdb.DuckDBPyConnection, run: waterfall.Run, day: Day, started: dt.datetime, resolved: Resolved
) -> None:
    connection.execute("delete from ops.enrichment_pipeline_runs where run_id = ? and ingest_date = ?", [run.run_id, day.date])
    connection.execute(
        f"""
        insert into ops.enrichment_pipeline_runs
        select $run_id, {day.sql}, $started, now(), 'completed', $config_hash, $snapshot, $code,
            (select count(distinct bronze_id) from silver.record_answers where ingest_date = {day.sql}),
            $records, $tracks, $changed, $attempts, $accepted
        """,
        {
            "run_id": run.run_id,
            "started": started,
            "config_hash": run.config.hash,
            "snapshot": run.config.snapshot,
            "code": run.code,
            "records": resolved.records_touched,
            "tracks": resolved.tracks_resolved,
            "changed": resolved.tracks_changed,
            "attempts": resolved.attempts_new,
            "accepted": resolved.fields_accepted,
        },
    )
