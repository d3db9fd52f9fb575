"""What came of asking, computed from bronze: ``ops.fetch_outcomes`` and ``ops.provider_status``."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.http.known import FETCHES
from lake import bronze, tables

AVAILABLE = "available"
"""State of a provider that answers, or of which nothing else is known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a provider beside its outcomes.

    Attributes:
        budget: requests a night.
        state: that it cannot be asked (``no_credentials``, ``recorded``), if so.
        reason: why not.
        mode: how it is asked now: only what came of that says how it stands. None if everything does.
    """

    budget: int
    state: str | None = None
    reason: str = ""
    mode: str | None = None


def take_in(connection: duckdb.DuckDBPyConnection, root: Path, providers: Sequence[str]) -> int:
    """Append what bronze holds of asking and ``ops.fetch_outcomes`` does not; returns the new rows.

    Args:
        connection: lake connection, prepared.
        root: bronze root.
        providers: whose.
    """
    added = 0
    for provider in providers:
        bronze.ensure_stream(root, provider, FETCHES)
        (known,) = tables.one(
            connection,
            "select max(ingest_date) from ops.fetch_outcomes where provider = $provider",
            {"provider": provider},
        )
        connection.execute(
            f"""
            create or replace temp table noted as
            with raw as (
                select bronze_id, provider, ingest_date, run_id, from_json(payload, '{{
                    "stream": "VARCHAR", "request_key": "VARCHAR", "outcome": "VARCHAR",
                    "asked_at": "DOUBLE", "http_status": "INTEGER", "tries": "INTEGER",
                    "reason": "VARCHAR", "record_ids": ["VARCHAR"], "mode": "VARCHAR",
                    "answer": {{"bronze_id": "VARCHAR"}}
                }}') as noted
                from {bronze.read_sql(root, provider, FETCHES)}
                where ingest_date >= coalesce($known, date '1970-01-01')
            )
            select bronze_id as fetch_id, provider, noted.stream, noted.request_key, noted.outcome,
                noted.http_status, noted.tries, noted.reason, to_timestamp(noted.asked_at) as asked_at,
                coalesce(noted.record_ids, []) as record_ids, noted.answer.bronze_id as bronze_id,
                ingest_date, run_id, noted.mode
            from raw
            """,
            {"known": known},
        )
        added += tables.transaction(
            connection,
            lambda: tables.insert_missing(connection, "ops.fetch_outcomes", "noted", key=("fetch_id",)),
            message=f"outcomes of asking {provider}",
        )
    return added


def spent_today(connection: duckdb.DuckDBPyConnection, day: dt.date) -> dict[tuple[str, str], int]:
    """Requests sent on a day (UTC), retries included, by provider and mode."""
    rows = connection.execute(
        "select provider, mode, coalesce(sum(tries), 0)::bigint from ops.fetch_outcomes "
        "where asked_at::date = $day group by provider, mode",
        {"day": day},
    ).fetchall()
    return {(provider, mode): count for provider, mode, count in rows}


def update_status(
    connection: duckdb.DuckDBPyConnection, standings: Mapping[str, Standing], now: dt.datetime
) -> None:
    """Bring ``ops.provider_status`` up to date; a state keeps the time since when it holds.

    A provider is in trouble if its last ten requests all failed, or its last one in a way that would befall
    every other; the state is called as the failure.
    """
    connection.execute(
        "create or replace temp table standings "
        "(provider varchar, nightly_budget bigint, state varchar, reason varchar, mode varchar)"
    )
    connection.executemany(
        "insert into standings values (?, ?, ?, ?, ?)",
        [(name, one.budget, one.state, one.reason, one.mode) for name, one in standings.items()],
    )
    connection.execute(
        f"""
        create or replace temp table fresh_status as
        with recent as (
            select o.*, o.outcome in ('answered', 'not_found', 'not_modified') as answered,
                row_number() over (partition by o.provider order by o.asked_at desc, o.fetch_id) as n
            from ops.fetch_outcomes o join standings s on s.provider = o.provider
            where o.outcome <> 'held' and coalesce(o.mode = s.mode, true)
        ),
        judged as (
            select provider,
                max(asked_at) filter (answered) as last_answer_at,
                bool_or(outcome in ('credentials', 'quota', 'circuit_open')) filter (n = 1)
                    or (count(*) filter (n <= 10) = 10 and not bool_or(answered) filter (n <= 10))
                    as troubled,
                -- that it was left alone is a consequence; what it did before is the trouble
                coalesce(arg_max(outcome, asked_at) filter (not answered and outcome <> 'circuit_open'),
                    'circuit_open') as outcome,
                coalesce(arg_max(reason, asked_at) filter (not answered and outcome <> 'circuit_open'),
                    arg_max(reason, asked_at)) as reason,
                coalesce(sum(tries) filter (asked_at::date = $now::timestamptz::date), 0)::bigint
                    as requests_today
            from recent group by provider
        ),
        trouble as (
            select r.provider, min(r.asked_at) as since
            from recent r join judged j using (provider)
            where not r.answered and r.asked_at > coalesce(j.last_answer_at, '-infinity'::timestamptz)
            group by all
        ),
        told as (
            select s.provider,
                coalesce(s.state, case when j.troubled then j.outcome end, '{AVAILABLE}') as state,
                case when s.state is null and j.troubled then t.since end as began,
                coalesce(nullif(s.reason, ''), case when j.troubled then j.reason end) as reason,
                j.last_answer_at, coalesce(j.requests_today, 0) as requests_today, s.nightly_budget
            from standings s left join judged j using (provider) left join trouble t using (provider)
        )
        select t.provider, t.state,
            case when p.state = t.state then p.since else coalesce(t.began, $now) end as since,
            t.reason, $now::timestamptz as checked_at, t.last_answer_at, t.requests_today, t.nightly_budget
        from told t left join ops.provider_status p on p.provider = t.provider
        """,
        {"now": now},
    )
    tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "ops.provider_status", "fresh_status", key=("provider",),
            scope="t.provider in (select provider from standings)", volatile=("checked_at",),
        ),
        message="states of the providers",
    )  # fmt: skip
