"""Deciding chosen tracks once more, and comparing the outcome with what stands in silver."""

from collections.abc import Callable

import duckdb

from enrichment import waterfall
from enrichment.pipeline import batches
from enrichment.run import Run

OUTCOME = ("value", "provider", "confidence")
"""What makes two decisions about a field different."""


def differs(one: str, other: str) -> str:
    """SQL of whether the outcomes of two relations, given by alias or prefix, are different."""
    left, right = (", ".join(f"{prefix}{name}" for name in OUTCOME) for prefix in (one, other))
    return f"({left}) is distinct from ({right})"


Each = Callable[[], None]


def nothing() -> None:
    """Do nothing after a batch."""


def compare(connection: duckdb.DuckDBPyConnection, run: Run, each: Each = nothing) -> bool:
    """Decide the fields of `run` for ``chosen_tracks`` again and compare the outcome with silver.

    What differs is in temporary table ``differences``, a row per track and field: ``before_`` and ``after_``
    value, provider, confidence, threshold, bronze_id; of what stands also attempt_id, run_id and config_hash.

    Args:
        connection: prepared lake connection.
        run: by which configuration, over which fields.
        each: called after each batch, with the waterfall's temporary tables in place.

    Returns:
        Whether all tracks were one batch, whose records are still at hand.
    """
    connection.execute(_EMPTY)
    number = 0
    for _ in batches(connection, "chosen_tracks", run):
        number += 1
        waterfall.attempt(connection, run)
        connection.execute(_STANDING)
        connection.execute(_DIFFERENCES)
        each()
    return number == 1


def outcomes(
    connection: duckdb.DuckDBPyConnection, run: Run, pairs: str, into: str, *, gathered: bool = False
) -> None:
    """Append what `run` decides about some fields of tracks to a temporary table.

    Args:
        connection: prepared lake connection.
        run: by which configuration, over which fields, of which version of the lake.
        pairs: temporary table with the (track_id, field) that are asked for.
        into: temporary table (track_id, field, value, provider, confidence, bronze_id); a pair without a
            value gets a row too.
        gathered: the records of these tracks, and maybe others, are at hand as ``batch_tracks``.
    """
    connection.execute(f"create or replace temp table pair_tracks as select distinct track_id from {pairs}")
    for _ in (0,) if gathered else batches(connection, "pair_tracks", run):
        waterfall.attempt(connection, run, gathered=gathered)
        connection.execute(
            f"""
            insert into {into}
            select w.track_id, w.field, p.value, p.provider, p.confidence, p.bronze_id
            from {pairs} w
            semi join batch_tracks b on b.track_id = w.track_id
            left join provenance p on p.track_id = w.track_id and p.field = w.field
            """
        )


_EMPTY = """
    create or replace temp table differences (
        track_id uuid, field varchar, before_value varchar, before_provider varchar,
        before_confidence decimal(5,4), before_threshold decimal(5,4), before_attempt_id varchar,
        before_bronze_id varchar, before_run_id varchar, before_config_hash varchar, after_value varchar,
        after_provider varchar, after_confidence decimal(5,4), after_threshold decimal(5,4),
        after_bronze_id varchar)
"""

_STANDING = """
    create or replace temp table standing as
    select p.* from silver.field_provenance p
    where p.track_id in (select track_id from batch_tracks) and p.field in (select field from field_numbers)
"""

_DIFFERENCES = f"""
    insert into differences
    select coalesce(s.track_id, p.track_id), coalesce(s.field, p.field),
        s.value, s.provider, s.confidence, s.threshold, s.attempt_id, s.bronze_id, s.run_id, s.config_hash,
        p.value, p.provider, p.confidence, p.threshold, p.bronze_id
    from standing s
    full join provenance p on s.track_id = p.track_id and s.field = p.field
    where {differs("s.", "p.")}
"""
