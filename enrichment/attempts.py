"""What the waterfall tried goes on record: attempts, provenance, conflicts, and the values there were before.

Reads the temporary tables that `enrichment.waterfall` leaves for a batch of tracks.
"""

import duckdb

from enrichment.engine import Day
from enrichment.waterfall import ATTEMPT_ID, Run
from lake import tables


def store(connection: duckdb.DuckDBPyConnection, run: Run, day: Day) -> tuple[int, tables.Changes]:
    """Append the new attempts to the log and point ``silver.field_provenance`` at the winners.

    Returns:
        Number of attempts that were not on record yet, and the changes of the provenance.
    """

    def work() -> tuple[int, tables.Changes]:
        tables.insert_missing(
            connection,
            "ops.metadata_enrichment_config",
            f"(select '{run.config.hash}' as config_hash, *, now() as recorded_at from waterfall_config)",
            key=("config_hash", "field", "provider"),
        )
        # a resolution on record has all its attempts on record
        connection.execute(
            """
            create or replace temp table known_resolutions as
            select distinct resolution_id from ops.enrichment_transformations
            where track_id in (select track_id from batch_tracks)
            """
        )
        connection.execute(
            _LOG, {"run_id": run.run_id, "config_hash": run.config.hash, "code_version": run.code}
        )
        (attempts,) = tables.one(
            connection,
            "select coalesce(sum(attempts), 0) "
            "from resolved anti join known_resolutions using (resolution_id)",
        )
        _keep_former(connection, run)
        changes = tables.merge_changed(
            connection,
            "silver.field_provenance",
            "provenance",
            key=("track_id", "field"),
            scope="t.track_id in (select track_id from batch_tracks)",
            volatile=("run_id",),
        )
        tables.merge_changed(
            connection,
            "silver.field_conflicts",
            "fresh_conflicts",
            key=("track_id", "field"),
            scope="t.track_id in (select track_id from batch_tracks)",
        )
        return int(attempts), changes

    return tables.transaction(connection, work, message=f"waterfall of {day.date}, run {run.run_id}")


def _keep_former(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Append to ``silver.former_values`` what the batch's fields are about to lose."""
    scope = "track_id in (select track_id from batch_tracks)"
    if tables.one(connection, f"select count(*) from silver.field_provenance where {scope}") == (0,):
        return
    connection.execute(
        f"""
        insert into silver.former_values
        select t.track_id, t.field, t.value, t.provider, t.confidence, t.attempt_id, t.config_hash, t.run_id,
            now(), $run_id
        from (select * from silver.field_provenance where {scope}) t
        left join provenance p using (track_id, field)
        where (p.value, p.provider, p.confidence) is distinct from (t.value, t.provider, t.confidence)
        """,
        {"run_id": run.run_id},
    )


_LOG = f"""
    insert into ops.enrichment_transformations (
        attempt_id, resolution_id, run_id, transformation_type, track_id, field, priority, provider,
        record_id, bronze_id, input_value, output_value, provider_confidence, match_confidence, confidence,
        threshold, outcome, success, corroboration, config_hash, code_version, attempted_at)
    select
        {ATTEMPT_ID}, r.resolution_id, $run_id, 'enrichment', r.track_id, t.field, t.priority, t.provider,
        o.record_id, o.bronze_id, t.said, t.value,
        case when t.said is not null then t.provider_confidence end, t.match_confidence,
        case when t.said is not null then (t.ten_thousandths_sure / 10000)::decimal(5,4) end,
        t.threshold, t.outcome, t.outcome = 'accepted', t.terms, $config_hash, $code_version, now()
    from tried t
    join (from resolved anti join known_resolutions using (resolution_id)) r using (decision_no)
    left join origins o using (record_no)
"""
