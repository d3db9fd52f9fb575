"""From rows of the frontier to requests.

What belongs here: which request asks what a row wants. Rows that come to the same request share it, and the
outcome is noted under the records of all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from extractors.frontier.desks import Desk
from extractors.http.known import ANSWERED
from extractors.http.message import Request
from extractors.http.stack import Ground
from extractors.sources.asks import FIND, Asks, LookUp, Subject
from lake import bronze

STALE_DAYS = 30
"""Days after which what was found is looked up again, when the track is asked about again."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a request needs to know of a row of the frontier."""

    record_id: str
    task_id: str
    subject: Subject


Question = tuple[Request, ...]
"""Requests that ask the same thing in different ways: the next one only if the one before found nothing."""


def finding(asks: Asks, client: Any, rows: Iterable[Row]) -> dict[str, list[Question]]:
    """Questions that find tracks, by job; each once, under all the records that wait for it."""
    shared: dict[tuple[str, ...], tuple[str, Question, list[str]]] = {}
    for row in rows:
        question = tuple(
            way.request(client, row.subject)
            for way in asks.find.ways
            if all(getattr(row.subject, name) for name in way.needs)
        )
        if question:
            keys = tuple(request.key for request in question)
            shared.setdefault(keys, (row.task_id, question, []))[2].append(row.record_id)
    return _by_task(shared.values())


def looking_up(
    connection: duckdb.DuckDBPyConnection, ground: Ground, desk: Desk, look_up: LookUp, client: Any
) -> dict[str, list[Question]]:
    """Questions about what was found for the rows of the plan and was never asked about, by job.

    Args:
        connection: lake connection; ``ops.fetch_outcomes`` knows what was found.
        ground: where bronze is, and the run whose plan it is.
        desk: whom to ask.
        look_up: what.
        client: the provider's.
    """
    planned = (
        "select record_id, task_id, rank, entity_id from ops.enrichment_frontier "
        f"where provider = '{desk.provider}' and step = '{look_up.name}' and run_id = '{ground.run_id}' "
        "and within_budget"
    )
    leads = connection.execute(
        "select entity_id, min_by(task_id, rank), list(distinct record_id) "
        f"from ({leads_sql(ground.bronze, desk, look_up, planned)}) group by entity_id "
        "order by min(rank), min(place), entity_id"
    ).fetchall()
    return _by_task(
        (task, (look_up.request(client, entity_id),), records) for entity_id, task, records in leads
    )


def leads_sql(root: Path, desk: Desk, look_up: LookUp, planned: str) -> str:
    """Query of what was found and never asked about: record_id, task_id, rank, entity_id, place.

    Args:
        root: bronze root.
        desk: whom to ask.
        look_up: what.
        planned: query of record_id, task_id, rank and the provider's own id of the track, if known.
    """
    provider, mode = desk.provider, desk.settings.mode.value
    dead = (
        ""
        if desk.retry_dead
        else " or (provider, stream, request_key) in (select (provider, stream, request_key) "
        f"from ops.dead_letters where coalesce(mode = '{mode}', true))"
    )
    found = " union all ".join(
        f"""
        select l.record_id, l.task_id, l.rank, unnest(ids) as entity_id,
            generate_subscripts(ids, 1) as place
        from (
            select bronze_id, {_ids(path, look_up.most)} as ids
            from {bronze.read_sql(root, provider, stream)}
            where bronze_id in (select bronze_id from led_by where stream = '{stream}')
        ) join led_by l using (bronze_id)"""
        for stream, path in look_up.ids.items()
        if bronze.stream_directory(root, provider, stream).exists()
    )
    return f"""
        with planned as ({planned}),
        asked_as as (  -- it may have been found under another record of the same track
            select p.record_id, p.task_id, p.rank, coalesce(o.record_id, p.record_id) as asked_as
            from planned p
            left join (select record_id, track_id from silver.track_members) m on m.record_id = p.record_id
            left join (select record_id, track_id from silver.track_members) o on o.track_id = m.track_id
        ),
        led_by as (
            select a.record_id, a.task_id, a.rank, o.stream, o.bronze_id, o.ingest_date
            from asked_as a
            join (
                select unnest(record_ids) as asked_as, stream, bronze_id, ingest_date
                from ops.fetch_outcomes
                where provider = '{provider}' and outcome in ('answered', 'held')
                    and coalesce(mode = '{mode}', true)
            ) o using (asked_as)
        ),
        found as (
            select record_id, task_id, rank, entity_id, 0 as place from planned where entity_id is not null
            {f"union all {found}" if found else ""}
        )
        select * from found
        where entity_id is not null and replace('{look_up.key}', '{{}}', entity_id) not in (
            select request_key from ops.fetch_outcomes
            where provider = '{provider}' and stream = '{look_up.stream}'
                and coalesce(mode = '{mode}', true) and (
                outcome in {ANSWERED}
                and asked_at >= now() - interval '{STALE_DAYS} days'{dead}))
        """


def _ids(path: str, most: int) -> str:
    """SQL of the first ids at a JSON path, as a list."""
    found = f"json_extract_string(payload, '{path}')"
    return f"list_slice({found}, 1, {most})" if "[*]" in path else f"[{found}]"


def _by_task(shared: Iterable[tuple[str, Question, list[str]]]) -> dict[str, list[Question]]:
    tasks: dict[str, list[Question]] = {}
    for task_id, question, record_ids in shared:
        records = tuple(sorted(set(record_ids)))
        named = tuple(replace(request, record_ids=records) for request in question)
        tasks.setdefault(task_id, []).append(named)
    return tasks


def rows_of(connection: duckdb.DuckDBPyConnection, provider: str, run_id: str) -> Iterator[Row]:
    """Rows of a run's plan that are to be found at a provider, the most valuable first."""
    rows = connection.execute(
        "select record_id, task_id, artist, title, isrc, entity_id from ops.enrichment_frontier "
        "where provider = $provider and step = $step and run_id = $run_id and within_budget order by rank",
        {"provider": provider, "step": FIND, "run_id": run_id},
    ).fetchall()
    for record_id, task_id, artist, title, isrc, entity_id in rows:
        yield Row(record_id, task_id, Subject(artist, title, isrc, entity_id))
