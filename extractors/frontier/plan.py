"""The night's plan: wants ranked by value, cut by budgets, dealt into jobs of at most 100 tracks.

Wanted tracks come first, then those played most, then those that have waited longest.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.frontier.desks import Desk
from extractors.frontier.requests import leads_sql
from extractors.http.known import ANSWERED
from lake import tables

TRACKS_PER_JOB = 100
"""Inventory S2-18."""
_SOUGHT = "select (subject_no, provider) from wants where first"
"""SQL of who is to be found where; what that will lead to is not known yet, and taken for one look-up."""
_SINGLE, _BULK = "metadata", "bulk_metadata"


@dataclass(frozen=True, slots=True)
class Share:
    """A provider's share in a plan.

    Attributes:
        provider: whom to ask.
        tracks: tracks (and names that are none yet) to ask about.
        calls: expected requests.
        left: rows that the budget leaves for another night.
        minutes: how long the calls take at the provider's pace.
    """

    provider: str
    tracks: int
    calls: int
    left: int
    minutes: float


def make(
    connection: duckdb.DuckDBPyConnection,
    root: Path,
    desks: Mapping[str, Desk],
    *,
    now: dt.datetime,
    run_id: str,
) -> None:
    """Leave temporary tables ``planned`` and ``jobs``, from ``wants`` and ``subjects``.

    Args:
        connection: lake connection after `enrichment.frontier.find_wants`.
        root: bronze root.
        desks: who can be asked, by provider.
        now: the time.
        run_id: run that plans.
    """
    connection.execute("create or replace temp table desks (provider varchar, budget bigint)")
    if desks:
        connection.executemany(
            "insert into desks values (?, ?)", [(one.provider, one.budget) for one in desks.values()]
        )
    connection.execute(_found_before(root, desks))
    connection.execute(
        f"""
        create or replace temp table planned as
        with known as (
            select w.*, s.artist, s.title, s.isrc, {_own_id(desks)} as entity_id,
                (w.subject_no, w.provider) in ({_SOUGHT}) as sought
            from wants w join subjects s using (subject_no)
        ),
        counted as (
            select k.*, d.budget,
                case when k.sought then 1 else coalesce(f.calls, 0) end as expected_calls
            from known k
            join desks d using (provider)
            left join found_before f
                on f.record_id = k.record_id and f.provider = k.provider and f.step = k.step
        ),
        ranked as (
            select *, row_number() over by_value as rank,
                sum(expected_calls) over by_value <= coalesce(budget, 9223372036854775807) as within_budget,
                (dense_rank() over (
                    partition by provider order by wanted desc, plays desc, since, record_id) - 1)
                    // {TRACKS_PER_JOB} as job
            from counted where expected_calls > 0
            window by_value as (
                partition by provider order by wanted desc, plays desc, since, record_id, first desc, step
            )
        )
        select $now::timestamptz::date as planned_on, provider, rank, step, record_id, track_id,
            artist, title, isrc, entity_id, fields, reason, wanted, plays, since,
            expected_calls::integer as expected_calls, within_budget,
            case when within_budget then md5(concat_ws('/', $run_id, $now, provider, job)) end as task_id,
            $now::timestamptz as planned_at, $run_id as run_id
        from ranked
        """,
        {"now": now, "run_id": run_id},
    )
    connection.execute(
        f"""
        create or replace temp table jobs as
        select task_id, case when count(distinct record_id) = 1 then '{_SINGLE}' else '{_BULK}' end
                as task_type,
            provider, 'pending' as status, count(distinct record_id)::integer as total,
            0 as processed, 0 as successful, 0 as failed, null::varchar as error_message, run_id,
            planned_at as created_at, planned_at as updated_at
        from planned where task_id is not null group by task_id, provider, run_id, planned_at
        """
    )


def store(connection: duckdb.DuckDBPyConnection, *, add: bool = False) -> None:
    """Make ``planned`` the plan, or `add` it to the day's, and its jobs pending.

    Jobs that an earlier plan left unfinished end here. In a plan that is added to, rows of earlier runs stay
    as a record of what was planned; only those of the latest run are worked.
    """

    def work() -> None:
        connection.execute(
            "update ops.metadata_fetch_tasks set status = 'cancelled', updated_at = now(), "
            "error_message = 'interrupted: what it left is in the next plan' "
            "where status in ('pending', 'running')"
        )
        again = "using planned p where (f.provider, f.step, f.record_id) = (p.provider, p.step, p.record_id)"
        connection.execute(f"delete from ops.enrichment_frontier f {again if add else ''}")
        for table, source in (("enrichment_frontier", "planned"), ("metadata_fetch_tasks", "jobs")):
            columns = [row[0] for row in connection.execute(f"describe ops.{table}").fetchall()]
            names = ", ".join(columns)
            connection.execute(f"insert into ops.{table} ({names}) select {names} from {source}")

    tables.transaction(connection, work, message="the enrichment frontier")


def shares(
    connection: duckdb.DuckDBPyConnection, desks: Mapping[str, Desk], relation: str = "planned"
) -> list[Share]:
    """What a plan comes to, by provider."""
    rows = {
        provider: (tracks, calls, left)
        for provider, tracks, calls, left in connection.execute(
            f"""
            select provider, count(distinct record_id) filter (within_budget),
                coalesce(sum(expected_calls) filter (within_budget), 0)::bigint,
                count(*) filter (not within_budget)
            from {relation} group by provider
            """
        ).fetchall()
    }
    return [
        Share(name, *rows.get(name, (0, 0, 0)), rows.get(name, (0, 0, 0))[1] / one.pace / 60)
        for name, one in sorted(desks.items())
    ]


def begin(connection: duckdb.DuckDBPyConnection, provider: str) -> None:
    """The provider's jobs are being worked."""
    _update(
        connection,
        "update ops.metadata_fetch_tasks set status = 'running', updated_at = now() "
        f"where provider = '{provider}' and status = 'pending'",
    )


def end(connection: duckdb.DuckDBPyConnection, provider: str, stopped: str | None) -> None:
    """Count what the provider's running jobs came to, from the outcomes; `stopped` says why work ended early.

    A track of a job is processed once it has an outcome since the job was made, and failed if none of its
    outcomes is an answer. The job's error says why the rest of it was left, else what its last failure was.
    """
    connection.execute(
        f"""
        create or replace temp table settled as
        with outcomes as (
            select unnest(record_ids) as record_id, asked_at, concat_ws(': ', outcome, reason) as told,
                outcome in {ANSWERED} as good
            from ops.fetch_outcomes where provider = $provider
        ),
        tracks as (
            select f.task_id, f.record_id, count(o.asked_at) > 0 as processed,
                coalesce(bool_or(o.good), false) as successful,
                arg_max(o.told, o.asked_at) filter (not o.good) as error,
                max(o.asked_at) filter (not o.good) as failed_at
            from (select distinct task_id, record_id, planned_at from ops.enrichment_frontier
                where provider = $provider) f
            left join outcomes o on o.record_id = f.record_id and o.asked_at >= f.planned_at
            group by all
        )
        select t.task_id, count(*) filter (processed)::integer as processed,
            count(*) filter (successful)::integer as successful,
            count(*) filter (processed and not successful)::integer as failed, count(*)::integer as total,
            arg_max(error, failed_at) filter (processed and not successful) as error
        from tracks t group by t.task_id
        """,
        {"provider": provider},
    )
    _update(
        connection,
        """
        update ops.metadata_fetch_tasks t
        set processed = s.processed, successful = s.successful, failed = s.failed, updated_at = now(),
            status = case when s.processed = s.total or $stopped is null then 'completed' else 'failed' end,
            error_message = coalesce(case when s.processed < s.total then $stopped end, s.error)
        from settled s where t.task_id = s.task_id and t.status = 'running'
        """,
        {"stopped": stopped},
    )


def _update(
    connection: duckdb.DuckDBPyConnection, statement: str, values: dict[str, str | None] | None = None
) -> None:
    tables.transaction(
        connection, lambda: connection.execute(statement, values or {}), message="jobs of fetching"
    )


def _own_id(desks: Mapping[str, Desk]) -> str:
    """SQL of the asked provider's own id of the subject."""
    cases = [
        f"when '{one.provider}' then s.{one.asks.find.id_field}"
        for one in desks.values()
        if one.asks.find.id_field
    ]
    return f"case w.provider {' '.join(cases)} end" if cases else "null::varchar"


def _found_before(root: Path, desks: Mapping[str, Desk]) -> str:
    """SQL of how many look-ups what was found before leads to, by record, provider and step."""
    selects = []
    for desk in desks.values():
        for look_up in desk.asks.look_ups:
            planned = (
                "select w.record_id, null::varchar as task_id, 0 as rank, "
                f"{_own_id({desk.provider: desk})} as entity_id "
                "from wants w join subjects s using (subject_no) "
                f"where w.provider = '{desk.provider}' and w.step = '{look_up.name}' "
                f"and (w.subject_no, w.provider) not in ({_SOUGHT})"
            )
            selects.append(
                f"select record_id, '{desk.provider}' as provider, '{look_up.name}' as step, "
                "count(distinct entity_id) as calls "
                f"from ({leads_sql(root, desk, look_up, planned)}) group by record_id"
            )
    empty = (
        "select null::varchar as record_id, null::varchar as provider, null::varchar as step, 0 as calls "
        "where false"
    )
    return f"create or replace temp table found_before as {' union all '.join(selects) or empty}"
