"""The enrichment frontier: about which tracks which provider is worth asking next, and for which fields.

Fetching stays apart from deciding: this module only reads what was decided and what was asked, and leaves a
table of wants. Turning them into requests, cutting them by budgets and asking is `extractors.frontier`.

A *subject* is a track, or a name that came in and is no track yet. A provider's answer is *open* for a field
of a subject if the waterfall would prefer it to what the field has now. A provider is asked where it has an
open answer and everybody before it, in the order of that field, was asked and did not satisfy the waterfall.
Who was asked since the last enrichment run has not been heard by the waterfall yet: those after it wait.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from enrichment import schema
from enrichment.config import WaterfallConfig
from enrichment.pins import PERSON

STALE = dt.timedelta(days=30)
"""Age beyond which an answer is asked for again (inventory S1-07; its TTL only forbids asking earlier)."""
_AGED = "('stale', 'on_demand')"
"""SQL of the states of those who have answered and are asked again all the same."""
_REMIXED = "('remix', 'rework', 'edit', 'dub', 'bootleg')"
ANSWERED = "('answered', 'not_found', 'not_modified', 'held')"
"""SQL of the outcomes that are an answer."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a provider can be asked about a track.

    Attributes:
        provider: who.
        name: what.
        fields: fields that the answer can fill.
        streams: streams in which the provider answers.
        ways: what must be known of a track to ask the provider, columns of `subjects`: all of one of these.
        first: whether it is what finds the track: the other steps ask about what was found.
        heeded: whether others wait for its answer; not while the provider is in trouble.
        mode: how the provider is asked now: what came in another mode (of the sandbox, say) is no answer of
            its own. None if every answer counts.
    """

    provider: str
    name: str
    fields: frozenset[str]
    streams: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    first: bool
    heeded: bool = True
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which subjects are looked at.

    Attributes:
        newcomers: whether names that are no tracks yet are.
        known: SQL condition on the tracks, over ``t.track_id``.
        retry_dead: whether requests that gave up are tried again.
        again: whether to ask again even where the answers are fresh (``on_demand``).
    """

    newcomers: bool = True
    known: str = "true"
    retry_dead: bool = False
    again: bool = False


def find_wants(
    connection: duckdb.DuckDBPyConnection,
    config: WaterfallConfig,
    steps: Sequence[Step],
    *,
    now: dt.datetime,
    scope: Scope | None = None,
    wanted: str = "select null::varchar as record_id where false",
) -> int:
    """Leave temporary tables ``subjects`` and ``wants`` (see ``ops.enrichment_frontier``); returns the wants.

    Args:
        connection: prepared lake connection with ``ops.fetch_outcomes`` and ``ops.dead_letters``.
        config: the waterfall.
        steps: what can be asked of those who can be asked.
        now: the time.
        scope: which subjects; all unless given.
        wanted: query of the records that somebody waits for.
    """
    chosen = scope or Scope()
    _configure(connection, config, steps)
    connection.execute(_subjects(chosen, wanted))
    connection.execute(_BELONGS)
    connection.execute(_ASKED, {"retry_dead": chosen.retry_dead})
    connection.execute(_states(steps), {"now": now, "stale": STALE, "again": chosen.again})
    connection.execute(_OPEN)
    connection.execute(_WANTS)
    row = connection.execute("select count(*) from wants").fetchone()
    return int(row[0]) if row else 0


def _configure(connection: duckdb.DuckDBPyConnection, config: WaterfallConfig, steps: Sequence[Step]) -> None:
    connection.execute(
        "create or replace temp table frontier_steps "
        "(provider varchar, step varchar, field varchar, first boolean, heeded boolean, mode varchar)"
    )
    rows = [
        (one.provider, one.name, name, one.first, one.heeded, one.mode)
        for one in steps
        for name in one.fields
    ]
    connection.execute(
        "create or replace temp table frontier_streams (provider varchar, stream varchar, first boolean)"
    )
    connection.execute(
        "create or replace temp table frontier_order (field varchar, provider varchar, priority integer, "
        "genres varchar[], released_from date, released_until date)"
    )
    order = [
        (one.field, one.provider, one.priority, list(one.only.genres) or None, *one.only.released)
        for one in config.sources
    ]
    streams = sorted({(one.provider, stream, one.first) for one in steps for stream in one.streams})
    for table, values in (
        ("frontier_steps", rows), ("frontier_streams", streams), ("frontier_order", order),
    ):  # fmt: skip
        if values:
            places = ", ".join("?" * len(values[0]))
            connection.executemany(f"insert into {table} values ({places})", values)


def _subjects(scope: Scope, wanted: str) -> str:
    """SQL of what can be asked about: tracks, and names that are no tracks yet (``track_id`` null)."""
    ids = ", ".join(f"t.{name}" for name in schema.EXTERNAL_IDS)
    own = ", ".join(f"max(r.{name})" for name in schema.EXTERNAL_IDS)
    newcomers = f"""
            union all
            select null, min(r.record_id), arg_min(r.artists[1], r.record_id), arg_min(r.title, r.record_id),
                max(r.isrc), any_value(r.version_kind), null, null, null, count(distinct a.bronze_id),
                min(r.first_seen), {own}
            from silver.track_records r
            left join silver.record_answers a on a.record_id = r.record_id
            anti join silver.track_members m on m.record_id = r.record_id
            where r.usable and r.title is not null
            group by r.artist_key, r.title_key, r.version_key"""
    return f"""
        create or replace temp table subjects as
        with anchors as (
            select track_id, min(record_id) as record_id from silver.track_members where is_anchor group by 1
        ),
        plays as (select track_id, count(*) as plays from silver.playlist_tracks group by 1),
        found as (
            select t.track_id, a.record_id, t.artists[1] as artist, t.title, t.isrc,
                t.version_kind, t.genre, t.subgenre,
                t.release_date, coalesce(p.plays, 0) as plays, r.first_seen, {ids}
            from silver.enriched_tracks t
            join anchors a using (track_id)
            join (select record_id, first_seen from silver.track_records) r on r.record_id = a.record_id
            left join plays p on p.track_id = t.track_id
            where ({scope.known})
            {newcomers if scope.newcomers else ""}
        ),
        waiting as ({wanted})
        select row_number() over (order by record_id)::integer as subject_no, *,
            record_id in (select record_id from waiting) as wanted
        from found
    """


# which records speak for a subject: requests are noted under one of them, whichever it was at the time
_BELONGS = """
    create or replace temp table belongs as
    select s.subject_no, m.record_id
    from silver.track_members m join subjects s using (track_id)
    union
    select s.subject_no, r.record_id
    from subjects s
    join silver.track_records first on first.record_id = s.record_id
    join silver.track_records r on r.artist_key = first.artist_key and r.title_key = first.title_key
        and r.version_key is not distinct from first.version_key
    where s.track_id is null
"""

# When a provider last answered about a subject, and whether finding it failed since. What fails in looking up
# what was found is tried again by itself, unless the look-up was how it was to be found.
_ASKED = f"""
    create or replace temp table asked as
    with modes as (select distinct provider, mode from frontier_steps),
    noted as (
        select o.provider, unnest(o.record_ids) as record_id, o.asked_at,
            o.outcome in {ANSWERED} as answered,
            (o.provider, o.stream) in (select (provider, stream) from frontier_streams where not first)
                as looked_up,
            not $retry_dead and d.request_key is not null as dead
        from ops.fetch_outcomes o
        join modes on modes.provider = o.provider
        left join ops.dead_letters d
            on d.provider = o.provider and d.stream = o.stream and d.request_key = o.request_key
            and d.mode is not distinct from o.mode
        where coalesce(o.mode = modes.mode, true)
    ),
    of_other_modes as (
        select distinct o.bronze_id
        from ops.fetch_outcomes o join modes on modes.provider = o.provider
        where o.mode <> modes.mode and o.bronze_id is not null
    )
    select subject_no, provider, max(asked_at) filter (answered) as answered_at,
        max(asked_at) filter (not answered and not looked_up) as failed_at,
        bool_or(dead and not looked_up) or (bool_or(dead) and not bool_or(answered)) as dead
    from (
        select b.subject_no, n.provider, n.asked_at, n.answered, n.looked_up, n.dead
        from noted n join belongs b using (record_id)
        union all
        select b.subject_no, r.provider, r.fetched_at, true, false, false
        from silver.track_records r
        join belongs b using (record_id)
        semi join frontier_streams f on f.provider = r.provider and f.stream = r.stream
        anti join of_other_modes other on other.bronze_id = r.bronze_id
    )
    group by all
"""


def _states(steps: Sequence[Step]) -> str:
    """SQL of how each provider stands with each subject that it can be asked about.

    Who cannot be asked, an id of its own or an ISRC being unknown, keeps nobody waiting.
    """
    askable = " or ".join(
        f"p.provider = '{provider}' and ({' or '.join(_known(way) for way in ways) or 'false'})"
        for provider, ways in sorted({(one.provider, one.ways) for one in steps})
    )
    return f"""
    create or replace temp table states as
    with heard as (select max(finished_at) as at from ops.enrichment_pipeline_runs)
    select s.subject_no, p.provider, a.answered_at,
        case
            when a.dead then 'dead'
            when a.answered_at is null and a.failed_at is null then 'never_asked'
            when a.answered_at is null or a.failed_at > a.answered_at then 'failed'
            when a.answered_at < $now::timestamptz - $stale then 'stale'
            when $again then 'on_demand'
            when a.answered_at > coalesce(heard.at, '-infinity'::timestamptz) then 'pending'
            else 'settled'
        end as state
    from subjects s
    cross join (select distinct provider from frontier_steps) p
    cross join heard
    left join asked a on a.subject_no = s.subject_no and a.provider = p.provider
    where {askable or "false"}
"""


def _known(way: Sequence[str]) -> str:
    return "(" + " and ".join(f"s.{name} is not null" for name in way) + ")"


# who could give which field of which subject, and whether somebody before is to be heard first
_OPEN = f"""
    create or replace temp table open_answers as
    with accepted as (
        select s.subject_no, v.field, coalesce(o.priority, 0) as priority
        from subjects s
        join silver.field_provenance v using (track_id)
        left join frontier_order o on o.field = v.field and o.provider = v.provider
        where o.provider is not null or v.provider = '{PERSON}'
    ),
    eligible as (
        select s.subject_no, o.*
        from subjects s
        cross join frontier_order o
        where not coalesce(
            o.genres is not null and coalesce(s.genre, s.subgenre) is not null
            and not list_has_any(o.genres, [lower(s.genre), lower(s.subgenre)]), false)
            -- who has no version by somebody else misses no remixer
            and not (o.field = 'remixer' and coalesce(s.version_kind, '') not in {_REMIXED})
            and not coalesce(s.release_date > o.released_until or s.release_date < o.released_from, false)
    )
    select e.subject_no, e.field, e.provider, e.priority, p.step, p.first, p.heeded, t.state
    from eligible e
    join frontier_steps p on p.provider = e.provider and p.field = e.field
    join states t on t.subject_no = e.subject_no and t.provider = e.provider
    left join accepted a on a.subject_no = e.subject_no and a.field = e.field
    where a.priority is null or e.priority < a.priority or (t.state in {_AGED} and e.priority = a.priority)
"""

_WANTS = f"""
    create or replace temp table wants as
    with first_in_line as (
        -- whoever is not heard yet lets nobody after it be asked for the same field
        select subject_no, field, min(priority) as priority
        from open_answers
        where heeded and (state in ('never_asked', 'pending') or state in {_AGED})
        group by all
    )
    select s.subject_no, s.record_id, s.track_id, o.provider, o.step, any_value(o.first) as first,
        any_value(o.state) as reason, list_sort(list(distinct o.field)) as fields,
        s.wanted, s.plays, coalesce(any_value(t.answered_at)::date, s.first_seen) as since
    from open_answers o
    join subjects s using (subject_no)
    join states t on t.subject_no = o.subject_no and t.provider = o.provider
    left join first_in_line l on l.subject_no = o.subject_no and l.field = o.field
    where o.priority <= coalesce(l.priority, o.priority)
        -- finding is asked for once; what was found can be looked up as long as it has something to give
        and (not o.first or o.state in ('never_asked', 'failed') or o.state in {_AGED})
        and o.state <> 'dead'
    group by s.subject_no, s.record_id, s.track_id, o.provider, o.step, s.wanted, s.plays, s.first_seen
"""
