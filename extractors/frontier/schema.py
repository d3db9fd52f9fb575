"""Tables of operations: what is to be asked, what was asked, who is in which state."""

import duckdb

from extractors.http.known import ANSWERED
from lake import tables

TABLES: dict[str, str] = {
    # one row per track (or name that is no track yet), provider and step worth asking: the plan last made
    "ops.enrichment_frontier": """
        planned_on date, provider varchar, rank bigint, step varchar, record_id varchar, track_id uuid,
        artist varchar, title varchar, isrc varchar, entity_id varchar, fields varchar[], reason varchar,
        wanted boolean, plays bigint, since date, expected_calls integer, within_budget boolean,
        task_id varchar, planned_at timestamptz, run_id varchar""",
    # one row per request, asked or given up
    "ops.fetch_outcomes": """
        fetch_id varchar, provider varchar, stream varchar, request_key varchar, outcome varchar,
        http_status integer, tries integer, reason varchar, asked_at timestamptz, record_ids varchar[],
        bronze_id varchar, ingest_date date, run_id varchar, mode varchar""",
    # one row per job: at most 100 tracks of one provider
    "ops.metadata_fetch_tasks": """
        task_id varchar, task_type varchar, provider varchar, status varchar, total integer,
        processed integer, successful integer, failed integer, error_message varchar, run_id varchar,
        created_at timestamptz, updated_at timestamptz""",
    # one row per provider: whether it can be asked, since when, and why not
    "ops.provider_status": """
        provider varchar, state varchar, since timestamptz, reason varchar, checked_at timestamptz,
        last_answer_at timestamptz, requests_today bigint, nightly_budget bigint""",
    # one row per chart that is synced again and again
    "ops.chart_sync_schedules": """
        schedule_id varchar, provider varchar, chart_id varchar, chart_name varchar, sync_frequency varchar,
        is_active boolean, created_at timestamptz, last_sync_at timestamptz, next_sync_at timestamptz,
        total_executions integer, successful_executions integer""",
    # one row per sync of a chart
    "ops.chart_sync_executions": """
        execution_id varchar, schedule_id varchar, status varchar, started_at timestamptz,
        completed_at timestamptz, total_entries integer, successful_entries integer, failed_entries integer,
        error_message varchar, run_id varchar""",
    # one row per key of a stream's answers on a day
    "ops.payload_keys": """
        provider varchar, stream varchar, ingest_date date, key varchar, types varchar[], answers bigint,
        total bigint, sample_bronze_id varchar""",
    # one row per key of a stream's answers on a day that was not there before, vanished or changed its type
    "ops.schema_drift": """
        provider varchar, stream varchar, ingest_date date, key varchar, kind varchar, known_types varchar[],
        seen_types varchar[], answers bigint, sample_bronze_id varchar""",
}
GIVE_UP = 5
"""Failures in a row after which a request is left alone until a person says `--retry-dead`."""
_DEAD_LETTERS = f"""
    create or replace view ops.dead_letters as
    with last_answer as (
        select provider, stream, request_key, mode, max(asked_at) as at from ops.fetch_outcomes
        where outcome in {ANSWERED} group by all
    ),
    failures as (
        select o.* from ops.fetch_outcomes o
        left join last_answer a
            on a.provider = o.provider and a.stream = o.stream and a.request_key = o.request_key
            and a.mode is not distinct from o.mode
        where o.outcome not in {ANSWERED}
            and o.asked_at > coalesce(a.at, '-infinity'::timestamptz)
    )
    select provider, stream, request_key, arg_max(outcome, asked_at) as outcome,
        arg_max(reason, asked_at) as reason, count(*) as failures, min(asked_at) as since,
        max(asked_at) as last_tried_at, arg_max(record_ids, asked_at) as record_ids, mode
    from failures
    group by provider, stream, request_key, mode
    -- a refusal is final; trouble of the request's own is, after so many times. That the provider is down,
    -- throttles us or knows us not says nothing of the request.
    having bool_or(outcome = 'refused')
        or count(*) filter (outcome in ('unavailable', 'unreachable', 'malformed', 'budget_spent'))
            >= {GIVE_UP}
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables, and the view of requests that gave up, where they are missing."""
    tables.bootstrap(connection, TABLES)
    known = "select sql from duckdb_views() where database_name = 'lake' and view_name = 'dead_letters'"
    row = connection.execute(known).fetchone()
    if row is None or "mode" not in row[0]:  # older lakes do not tell modes apart
        connection.execute(_DEAD_LETTERS)
