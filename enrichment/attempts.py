"""What the waterfall tried goes on record: attempts, provenance, conflicts, and the values there were before.

Reads the temporary tables that `enrichment.waterfall` leaves for a batch of tracks.
"""

import duckdb

from enrichment.run import Run
from enrichment.waterfall import ATTEMPT_ID
from lake import tables

_TRACKS = "t.track_id in (select track_id from batch_tracks)"
_FIELDS = "exists (select 1 from batch_fields f where f.track_id = t.track_id and f.field = t.field)"


def limit(connection: duckdb.DuckDBPyConnection, only: str = "true") -> None:
    """Say which fields of the batch's tracks a run that does not decide all of them is answerable for.

    Leaves temporary ``batch_fields`` (track_id, field), and takes what lies outside from what was tried.

    Args:
        connection: connection on which the waterfall was run.
        only: SQL condition on (track_id, field).
    """
    connection.execute(
        f"""
        create or replace temp table batch_fields as
        select * from batch_tracks cross join field_numbers where {only}
        """
    )
    if only != "true":
        connection.execute(
            "delete from resolved where decision_no not in "
            "(select decision_no(track_no, field_no) from batch_fields)"
        )
        for table in ("provenance", "fresh_conflicts"):
            connection.execute(f"delete from {table} t where not {_FIELDS}")


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to ``provenance`` the fields outside ``batch_fields``, as they stand in silver."""
    connection.execute(
        f"""
        insert into provenance by name
        select t.*, coalesce(
            to_json(coalesce(p.occurred_at, r.fetched_at))::varchar,
            json_extract(e.enrichment_metadata, '$."' || t.field || '".fetched_at')::varchar,
            'null') as fetched_at
        from (select * from silver.field_provenance t where {_TRACKS} and not {_FIELDS}) t
        left join (select record_id, bronze_id, fetched_at from spoken) r using (record_id, bronze_id)
        left join (select bronze_id, occurred_at from silver.field_pins) p using (bronze_id)
        left join silver.enriched_tracks e using (track_id)
        """
    )


def store(connection: duckdb.DuckDBPyConnection, run: Run, subject: str) -> tuple[int, tables.Changes]:
    """Append the new attempts to the log and point ``silver.field_provenance`` at the winners.

    A run that does not decide all fields answers for those in ``batch_fields`` (`limit`).

    Args:
        connection: connection on which the waterfall was run.
        run: the run that did.
        subject: what it worked on, for the lake's history.

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
            _LOG,
            {
                "run_id": run.run_id,
                "transformation": run.transformation,
                "config_hash": run.config.hash,
                "code_version": run.code,
            },
        )
        (attempts,) = tables.one(
            connection,
            "select coalesce(sum(attempts), 0) "
            "from resolved anti join known_resolutions using (resolution_id)",
        )
        return int(attempts), settle(connection, run)

    return tables.transaction(connection, work, message=f"waterfall of {subject}, run {run.run_id}")


def settle(connection: duckdb.DuckDBPyConnection, run: Run) -> tables.Changes:
    """Make provenance and conflicts in silver what ``provenance`` and ``fresh_conflicts`` say.

    What gives way is kept. Call inside a transaction.
    """
    scope = _TRACKS if run.fields is None else _FIELDS
    # a resolution is a hash of all that its decision rests on: the same one is the same row
    connection.execute(
        f"""
        create or replace temp table standing_fields as
        select track_id, field, value, provider, confidence, attempt_id, resolution_id, config_hash, run_id
        from silver.field_provenance t where {scope}
        """
    )
    _keep_former(connection, run)
    changes = tables.merge_changed(
        connection,
        "silver.field_provenance",
        "provenance",
        key=("track_id", "field"),
        scope=scope,
        identity=("resolution_id",),
        standing="standing_fields",
    )
    tables.merge_changed(
        connection, "silver.field_conflicts", "fresh_conflicts", key=("track_id", "field"), scope=scope
    )
    return changes


def _keep_former(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Append to ``silver.former_values`` what the fields in ``standing_fields`` are about to lose."""
    if tables.one(connection, "select count(*) from standing_fields") == (0,):
        return
    connection.execute(
        """
        insert into silver.former_values
        select t.track_id, t.field, t.value, t.provider, t.confidence, t.attempt_id, t.config_hash, t.run_id,
            now(), $run_id
        from standing_fields t
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
        {ATTEMPT_ID}, r.resolution_id, $run_id, $transformation, r.track_id, t.field, t.priority, t.provider,
        o.record_id, o.bronze_id, t.said, t.value,
        case when t.said is not null then t.provider_confidence end, t.match_confidence,
        case when t.said is not null then (t.ten_thousandths_sure / 10000)::decimal(5,4) end,
        t.threshold, t.outcome, t.outcome = 'accepted', t.terms, $config_hash, $code_version, now()
    from tried t
    join (from resolved anti join known_resolutions using (resolution_id)) r using (decision_no)
    left join origins o using (record_no)
"""
