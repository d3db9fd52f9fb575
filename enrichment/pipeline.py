"""The steps of the heart for one day, as orchestration and benchmarks call them."""

import datetime as dt
from dataclasses import dataclass

import duckdb

from enrichment import attempts, pins, records, tracks, waterfall
from enrichment.config import WaterfallConfig
from enrichment.engine import Day, staging_relations
from enrichment.matching import state
from lake import bronze, tables
from lake.settings import Settings
from quality import quarantine as rules

STEP_BYTES = 500
"""Memory a step of the configuration takes per track; bounds how many tracks are resolved at a time."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one enrichment run did, in counts."""

    records_touched: int
    tracks_resolved: int
    tracks_changed: int
    attempts_new: int
    fields_accepted: int


def quarantine(
    connection: duckdb.DuckDBPyConnection, settings: Settings, day: Day, run_id: str
) -> tables.Changes:
    """Apply the quarantine rules to one day of answers."""
    return rules.build(connection, day.date, _refusable(connection, settings), run_id)


def heal(
    connection: duckdb.DuckDBPyConnection, settings: Settings, config: WaterfallConfig, run_id: str
) -> tuple[int, int]:
    """Look again at what stands in quarantine; replay the answers of which something left, and only those.

    Returns:
        Rows that left the quarantine, and tracks that were decided again.
    """
    rules.heal(connection, _refusable(connection, settings), run_id)
    (left,) = tables.one(
        connection, "select count(*) from silver.quarantine where healed_by = $run_id", {"run_id": run_id}
    )
    days = connection.execute("select distinct day from healed_answers order by day").fetchall()
    resolved = 0
    for day in (Day(date) for (date,) in days):
        records.build(connection, day, "bronze_id in (select bronze_id from healed_answers)")
        fresh = "healed_answers join silver.record_answers using (bronze_id)"
        (unknown,) = tables.one(
            connection, f"select count(*) from {fresh} anti join silver.track_members using (record_id)"
        )
        if unknown:  # a row that was kept out comes in: it may be of any track
            state.match_day(connection, day, config)
        connection.execute(
            f"create or replace temp table day_tracks as select distinct m.track_id from {fresh} "
            f"join silver.track_members m using (record_id) where healed_answers.day = {day.sql}"
        )
        resolved += _resolve(connection, day, config, run_id).tracks_resolved
    return int(left), resolved


def _refusable(connection: duckdb.DuckDBPyConnection, settings: Settings) -> rules.Sources:
    pages = staging_relations(connection, "stg_1001tracklists__page_status")
    return rules.Sources(
        staging_relations(connection, "_tracks"),
        pages[0] if pages else None,
        bronze.read_sql(settings.bronze, stream=bronze.REJECTED_STREAM),
    )


def resolve(
    connection: duckdb.DuckDBPyConnection, day: Day, config: WaterfallConfig, run_id: str
) -> Resolved:
    """Run the waterfall over the tracks of one day and rebuild them; the run is recorded as configured.

    The tracks of a day are those its answers touched and those whose pins changed.
    """
    state.day_tracks(connection, day)
    pins.touch(connection, day)
    return _resolve(connection, day, config, run_id)


def _resolve(
    connection: duckdb.DuckDBPyConnection, day: Day, config: WaterfallConfig, run_id: str
) -> Resolved:
    """The same over the tracks in ``day_tracks``."""
    started = dt.datetime.now(dt.UTC)
    run = waterfall.Run.start(run_id, config)
    touched, memory = tables.one(
        connection,
        "select count(*), parse_formatted_bytes(current_setting('memory_limit')) from day_tracks",
    )
    counts = [0, 0, 0, 0, 0]
    size = max(1, memory // (STEP_BYTES * len(config.sources)))
    connection.execute(
        "create or replace temp table numbered_tracks as "
        "select track_id, row_number() over (order by track_id) - 1 as number from day_tracks"
    )
    # Each batch is a transaction of its own: bounded memory, and idempotent. A batch is a range of ids, so
    # that the statistics of its files lead to a track without reading those of the others.
    for start in range(0, max(1, touched), size):
        connection.execute(
            "create or replace temp table batch_tracks as "
            f"select track_id, (number - {start} + 1)::integer as track_no from numbered_tracks "
            f"where number between {start} and {start + size - 1}"
        )
        waterfall.attempt(connection, run)
        attempts_new, _ = attempts.store(connection, run, day)
        changes = tracks.build(connection, run, day)
        spoken, resolved_tracks, accepted = tables.one(
            connection,
            "select (select count(*) from spoken), (select count(*) from fresh_tracks), "
            "(select count(*) from provenance)",
        )
        done = (spoken, resolved_tracks, changes.written + changes.deleted, attempts_new, accepted)
        counts = [total + one for total, one in zip(counts, done, strict=True)]
    resolved = Resolved(*counts)
    tables.transaction(
        connection,
        lambda: _record_run(connection, run, day, started, resolved),
        message=f"enrichment run {run_id}",
    )
    return resolved


def _record_run(
    connection: duckdb.DuckDBPyConnection,
    run: waterfall.Run,
    day: Day,
    started: dt.datetime,
    resolved: Resolved,
) -> None:
    connection.execute(
        "delete from ops.enrichment_pipeline_runs where run_id = ? and ingest_date = ?",
        [run.run_id, day.date],
    )
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
