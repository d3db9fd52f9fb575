"""The steps of the heart for one day, as orchestration and benchmarks call them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import duckdb

from enrichment import attempts, pins, records, tracks, waterfall
from enrichment.config import WaterfallConfig
from enrichment.engine import Day, staging_relations
from enrichment.matching import state
from enrichment.run import Run
from lake import bronze, tables
from lake.settings import Settings
from quality import quarantine as rules

STEP_BYTES = 300
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
    return rules.build(connection, day.date, _refusable(connection, settings, day), run_id)


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
        run = Run.start(run_id, config)
        resolved += resolve_tracks(connection, run, config, day).tracks_resolved
    return int(left), resolved


def _refusable(
    connection: duckdb.DuckDBPyConnection, settings: Settings, day: Day | None = None
) -> rules.Sources:
    return rules.Sources(
        staging_relations(connection, "_tracks", day),
        staging_relations(connection, "_plays", day),
        staging_relations(connection, "__page_status", day),
        bronze.read_sql(settings.bronze, stream=bronze.REJECTED_STREAM),
    )


def resolve(
    connection: duckdb.DuckDBPyConnection,
    day: Day,
    config: WaterfallConfig,
    run_id: str,
    *,
    fields: tuple[str, ...] | None = None,
    scored_by: WaterfallConfig | None = None,
) -> Resolved:
    """Run the waterfall over the tracks of one day and rebuild them; the run is recorded as configured.

    The tracks of a day are those its answers touched and those whose pins changed.

    Args:
        connection: prepared lake connection.
        day: the partition.
        config: what decides.
        run_id: id of the run.
        fields: decide these only, of tracks that were decided before; None for all.
        scored_by: configuration of the score and completeness, where `config` is not the present one.
    """
    state.day_tracks(connection, day)
    pins.touch(connection, day)
    if fields is not None:  # a track that comes or goes waits for a run that decides all of it
        connection.execute(
            "delete from day_tracks where track_id not in ("
            "select track_id from silver.enriched_tracks semi join silver.track_members using (track_id))"
        )
    run = Run.start(run_id, config, fields)
    return resolve_tracks(connection, run, scored_by or config, day)


def batches(connection: duckdb.DuckDBPyConnection, source: str, run: Run) -> Iterator[int]:
    """Go through the tracks of a temporary table; each time ``batch_tracks`` holds the next of them.

    A batch fits into memory, and is a range of ids, so that the statistics of its files lead to a track
    without reading those of the others.

    Args:
        connection: any connection.
        source: table with distinct ``track_id``.
        run: the run that decides them.

    Yields:
        How many tracks the batch has.
    """
    touched, memory = tables.one(
        connection,
        f"select count(*), parse_formatted_bytes(current_setting('memory_limit')) from {source}",
    )
    size = max(1, memory // (STEP_BYTES * max(1, len(run.sources))))
    connection.execute(
        "create or replace temp table numbered_tracks as "
        f"select track_id, row_number() over (order by track_id) - 1 as number from {source}"
    )
    for start in range(0, max(1, touched), size):
        connection.execute(
            "create or replace temp table batch_tracks as "
            f"select track_id, (number - {start} + 1)::integer as track_no from numbered_tracks "
            f"where number between {start} and {start + size - 1}"
        )
        yield int(tables.one(connection, "select count(*) from batch_tracks")[0])


def resolve_tracks(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    scored_by: WaterfallConfig,
    day: Day | None,
    *,
    only: str = "true",
    subject: str | None = None,
    amend: Callable[[], None] = lambda: None,
) -> Resolved:
    """Run the waterfall over the tracks in ``day_tracks``, rebuild them, and record the run.

    Args:
        connection: prepared lake connection.
        run: the run.
        scored_by: configuration of the score and completeness.
        day: the partition, where the run is of one.
        only: SQL condition on (track_id, field) of what is stored, where the run does not decide all fields.
        subject: what the run works on, for the lake's history; default the day.
        amend: called before a batch is stored, to change what was decided.
    """
    started = dt.datetime.now(dt.UTC)
    subject = subject or (str(day.date) if day else "chosen tracks")
    counts = [0, 0, 0, 0, 0]
    for _ in batches(connection, "day_tracks", run):  # a transaction each: bounded memory, and idempotent
        waterfall.attempt(connection, run)
        if run.fields is not None:
            attempts.limit(connection, only)
        amend()
        attempts_new, _ = attempts.store(connection, run, subject)
        if run.fields is not None:
            attempts.complete(connection)
        changes = tracks.build(connection, replace(run, config=scored_by), subject)
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
        lambda: record_run(connection, run, day, started, resolved),
        message=f"enrichment run {run.run_id}",
    )
    return resolved


def record_run(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    day: Day | None,
    started: dt.datetime,
    resolved: Resolved,
) -> None:
    """Enter a finished run over ``day_tracks`` in the list of runs; call inside a transaction."""
    date = day.sql if day else "null::date"
    answers = (
        f"silver.record_answers where ingest_date = {day.sql}"
        if day
        else "silver.track_records join silver.track_members using (record_id) "
        "where track_id in (select track_id from day_tracks)"
    )
    connection.execute(
        f"""
        delete from ops.enrichment_pipeline_runs
        where run_id = $run_id and ingest_date is not distinct from {date}
        """,
        {"run_id": run.run_id},
    )
    connection.execute(
        f"""
        insert into ops.enrichment_pipeline_runs
        select $run_id, {date}, $started, now(), 'completed', $config_hash, $snapshot, $code,
            (select count(distinct bronze_id) from {answers}),
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
