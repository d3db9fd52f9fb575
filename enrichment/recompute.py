"""Computing a sample of the lake again, from bronze or from records, to see whether it comes out the same.

Nothing is stored. The sample is a fixed choice by hash among the tracks of one day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from enrichment import config, pins, records, schema, tracks, waterfall
from enrichment.engine import Day
from enrichment.matching import state
from enrichment.replay.runs import SNAPSHOTS
from enrichment.run import Run
from lake import tables
from lake.errors import LakeError

SAMPLE = 200
"""Tracks computed again: a fault in one of a hundred goes unseen in one run of eight."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How a sample came out.

    Attributes:
        tracks: tracks of the sample.
        compared: records or values that were computed again.
        differences: what came out differently, one mapping each that says where.
    """

    tracks: int
    compared: int
    differences: list[dict[str, str]]


def sample(connection: duckdb.DuckDBPyConnection, day: Day, size: int = SAMPLE) -> int:
    """Temporary table ``sampled_tracks`` (track_id) of one day; how many they are."""
    state.day_tracks(connection, day)
    pins.touch(connection, day)
    connection.execute(
        "create or replace temp table sampled_tracks as "
        "select track_id from silver.enriched_tracks where track_id in (select track_id from day_tracks) "
        f"order by hash(track_id), track_id limit {size}"
    )
    return int(tables.one(connection, "select count(*) from sampled_tracks")[0])


def last_day(connection: duckdb.DuckDBPyConnection) -> Day:
    """The last day on which anything was answered; the first of all days where nothing was."""
    (date,) = tables.one(
        connection, "select coalesce(max(ingest_date), date '1970-01-01') from silver.record_answers"
    )
    return Day(date)


def other_code(connection: duckdb.DuckDBPyConnection, day: Day) -> str | None:
    """Version of the code that decided the day last, if it is not the present one."""
    row = connection.execute(
        "select code_version from ops.enrichment_pipeline_runs "
        f"where ingest_date = {day.sql} order by finished_at desc limit 1"
    ).fetchone()
    return str(row[0]) if row and row[0] != config.code_version() else None


def from_bronze(
    connection: duckdb.DuckDBPyConnection, day: Day, staging: Mapping[str, str], size: int = SAMPLE
) -> Recomputed:
    """Type, normalise and decide the day's answers about a sample of tracks again, and compare.

    Records come from bronze through the staging models' own SQL; values from the records by the
    configuration their provenance names, as its run logged it.

    Args:
        connection: prepared lake connection, with what the staging models call.
        day: the partition.
        staging: name of each staging model -> its SQL.
        size: tracks.

    Raises:
        LakeError: a configuration that values were decided by is in no run's snapshot.
    """
    sampled = sample(connection, day, size)
    views, plays = (
        [f"({sql})" for name, sql in sorted(staging.items()) if name.endswith(suffix)]
        for suffix in ("_tracks", "_plays")
    )
    compared, differences = _records(connection, day, views, plays)
    values, of_values = _values(connection)
    return Recomputed(sampled, compared + values, differences + of_values)


def again(connection: duckdb.DuckDBPyConnection, day: Day, size: int = SAMPLE) -> Recomputed:
    """Decide and assemble a sample of tracks again: the same inputs give the same content, clocks apart.

    Tracks of which a replay decided some fields by another configuration are left to `from_bronze`, which
    goes field by field.

    Raises:
        LakeError: a configuration that tracks were decided by is in no run's snapshot.
    """
    sample(connection, day, size)
    connection.execute(
        """
        delete from sampled_tracks where track_id in (
            select p.track_id from silver.field_provenance p join silver.enriched_tracks t using (track_id)
            where p.config_hash <> t.config_hash)
        """
    )
    (sampled,) = tables.one(connection, "select count(*) from sampled_tracks")
    differences: list[dict[str, str]] = []
    clocks = (*schema.VOLATILE, "run_id")
    for run in _runs(connection, "silver.enriched_tracks"):
        connection.execute(_BATCH.format(table="silver.enriched_tracks"), {"hash": run.config.hash})
        waterfall.attempt(connection, run)
        tracks.assemble(connection, run)
        for table, fresh in (
            ("silver.enriched_tracks", "fresh_tracks"),
            ("silver.field_provenance", "provenance"),
        ):
            columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
            listed = ", ".join(f'"{column}"' for column in columns if column not in clocks)
            for name, source in (("stored_content", table), ("fresh_content", fresh)):
                connection.execute(
                    f"create or replace temp table {name} as select {listed} from {source} "
                    "where track_id in (select track_id from batch_tracks)"
                )
            hashes = [tables.fingerprint(connection, name) for name in ("stored_content", "fresh_content")]
            if hashes[0] != hashes[1]:
                differing = connection.execute(
                    "select distinct track_id::varchar from ("
                    "from (from stored_content except from fresh_content) union all "
                    "from (from fresh_content except from stored_content)) order by 1"
                ).fetchall()
                differences.extend(
                    {"table": table, "track_id": track, "stored": hashes[0], "again": hashes[1]}
                    for (track,) in differing
                )
    return Recomputed(sampled, sampled, differences)


def _records(
    connection: duckdb.DuckDBPyConnection, day: Day, views: Sequence[str], plays: Sequence[str]
) -> tuple[int, list[dict[str, str]]]:
    """The sample's records whose latest answer came on the day, derived from bronze again."""
    connection.execute(
        f"""
        create or replace temp table sampled_records as
        select r.* from silver.track_records r
        where r.ingest_date = {day.sql} and r.record_id in (
            select record_id from silver.track_members
            where track_id in (select track_id from sampled_tracks))
        """
    )
    records.derive(connection, day, views, plays, "bronze_id in (select bronze_id from sampled_records)")
    columns = [
        name
        for (name, *_) in connection.execute("describe silver.track_records").fetchall()
        if name not in ("record_id", "first_seen")  # a record keeps its first day, whatever its latest answer
    ]
    differing = ", ".join(
        f'case when s."{column}" is distinct from f."{column}" then \'{column}\' end' for column in columns
    )
    rows = connection.execute(
        f"""
        select s.record_id, s.bronze_id,
            case when f.record_id is null then 'no such record' else concat_ws(', ', {differing}) end as what
        from sampled_records s left join fresh_records f using (record_id)
        where what <> '' order by 1
        """
    ).fetchall()
    (compared,) = tables.one(connection, "select count(*) from sampled_records")
    return int(compared), [
        {"record_id": record, "bronze_id": answer, "differs": what} for record, answer, what in rows
    ]


def _values(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[dict[str, str]]]:
    """The sample's values, decided again by the configurations on record."""
    compared = 0
    differences: list[dict[str, str]] = []
    for run in _runs(connection, "silver.field_provenance"):
        key = {"hash": run.config.hash}
        connection.execute(_BATCH.format(table="silver.field_provenance"), key)
        waterfall.attempt(connection, run)
        rows = connection.execute(
            """
            with stored as (
                select * from silver.field_provenance
                where config_hash = $hash and track_id in (select track_id from batch_tracks)
            )
            select s.track_id::varchar as track_id, s.field, s.value as stored, f.value as again,
                s.provider, f.provider, s.confidence, f.confidence
            from stored s left join provenance f using (track_id, field)
            where (s.value, s.provider, s.confidence, s.threshold, s.bronze_id)
                is distinct from (f.value, f.provider, f.confidence, f.threshold, f.bronze_id)
            order by 1, 2
            """,
            key,
        ).fetchall()
        names = ("track_id", "field", "stored", "again", "provider", "provider_again", "sure", "sure_again")
        differences.extend(dict(zip(names, map(str, row), strict=True)) for row in rows)
        (stored,) = tables.one(
            connection,
            "select count(*) from silver.field_provenance where config_hash = $hash "
            "and track_id in (select track_id from batch_tracks)",
            key,
        )
        compared += int(stored)
    return compared, differences


_BATCH = """
    create or replace temp table batch_tracks as
    select track_id, row_number() over (order by track_id)::integer as track_no
    from (select distinct track_id from {table} where config_hash = $hash)
    semi join sampled_tracks using (track_id)
"""


def _runs(connection: duckdb.DuckDBPyConnection, table: str) -> list[Run]:
    """A run for each configuration that rows of the sample were decided by."""
    rows = connection.execute(
        f"""
        select config_hash, r.snapshot
        from (select distinct config_hash from {table} semi join sampled_tracks using (track_id)) h
        left join ({SNAPSHOTS}) r using (config_hash)
        order by 1
        """
    ).fetchall()
    lost = [key for key, snapshot in rows if snapshot is None]
    if lost:
        raise LakeError(
            f"no run in ops.enrichment_pipeline_runs has the configuration {', '.join(lost)}",
            "decide the tracks again: `cratelake run`",
        )
    return [
        Run.start("recomputed", config.parsed(snapshot, f"configuration {key}")) for key, snapshot in rows
    ]
