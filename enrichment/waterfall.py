"""The waterfall: for every track and field, which provider is believed, with every attempt on record.

For each field the providers are tried in the order of the configuration. A provider's answer comes from its
best record among the track's members; ``confidence = field confidence (reported, else default) x match
confidence``. The first valid answer that reaches its threshold is accepted and ends the field; whatever came
before is logged with its outcome. What a person pinned stands before the first provider. All of it is SQL
over sets: no loop over tracks.
"""

import duckdb

from enrichment import conflicts, eligibility, pins, settling
from enrichment.fields import FIELDS
from enrichment.run import Run


def attempt(
    connection: duckdb.DuckDBPyConnection, run: Run, *, gathered: bool = False, agreeing: bool = False
) -> None:
    """Try every field of the tracks in ``batch_tracks``.

    Leaves temporary ``answers``, ``compared``, ``tried``, ``provenance`` and ``fresh_conflicts``. On the way
    tracks, records and steps are small numbers (``track_no``, ``record_no``, ``step``): joins over ids and
    names take longer.

    Args:
        connection: prepared lake connection.
        run: what decides, over which fields.
        gathered: the records of these tracks are there already, from another run over no fewer fields.
        agreeing: ``compared`` shall hold all pairs of answers that agree, too.
    """
    _configure(connection, run)
    if not gathered:
        connection.execute(_MEMBERS.format(at=run.at))
        connection.execute(_spoken(run))
    pins.of_batch(connection, run.pins, run.at)
    connection.execute(_ORIGINS)
    connection.execute("create or replace temp table answers as " + _answers(run))
    eligibility.find_ineligible(connection)
    conflicts.compare(connection, run.config, agreeing=agreeing)
    conflicts.corroborate(connection, run.config)
    settling.pass_over(connection, _judged("disputed_answers"))
    connection.execute(_TRIED)
    connection.execute(_RESOLVED, {"config_hash": run.config.hash, "code_version": run.code})
    connection.execute(_PROVENANCE, {"run_id": run.run_id, "config_hash": run.config.hash})
    conflicts.collect(connection)


def _configure(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    config = run.config
    connection.execute(
        """
        create or replace temp table waterfall_config (
            field varchar, priority integer, provider varchar,
            min_confidence decimal(5,4), default_confidence decimal(5,4), genres varchar[],
            released_from date, released_until date, streams varchar[], origin varchar,
            corroborated boolean, settle varchar)
        """
    )
    connection.executemany(
        "insert into waterfall_config values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.field,
                one.priority,
                one.provider,
                one.min_confidence,
                one.default_confidence,
                list(one.only.genres) or None,
                *one.only.released,
                list(one.only.streams) or None,
                config.origin(one.provider),
                one.field in config.corroborate,
                config.settle.get(one.field),
            )
            for one in config.sources
        ],
    )
    # the fields this run decides: what is not in here has no steps and no pins
    connection.execute(
        "create or replace temp table field_numbers as "
        "select unnest($fields) as field, unnest(range(len($fields)))::integer as field_no",
        {"fields": list(FIELDS if run.fields is None else run.fields)},
    )
    # a provider that never answered anything took no part: it is in the run's snapshot, not in every attempt
    # log
    connection.execute(
        f"""
        create or replace temp table steps as
        select row_number() over (order by field, priority)::integer as step, *
        from waterfall_config join field_numbers using (field)
        where provider in (select distinct provider from silver.track_records r{run.at})
        """
    )


# columns of a record that deciding any field and assembling read; the rest would only be copied
_READ = (
    {"record_id", "bronze_id", "provider", "stream", "fetched_at", "usable", "confidence"}
    | {"artist", "title", "version", "version_kind", "artists", "featured", "remixers"}
    | {"genre", "subgenre", "release_date", "release_date_precision"}
)


def _spoken(run: Run) -> str:
    """SQL of the records of the batch's tracks, with how surely each belongs."""
    # fields that are named are read even if this configuration does not ask for them: `attempt` may be called
    # again over the same records by another one that does
    wanted = run.config.fields if run.fields is None else run.fields
    read = sorted(_READ.union(*(FIELDS[name].columns for name in wanted)))
    return f"""
    create or replace temp table spoken as
    select b.track_id, b.track_no, m.match_confidence, m.is_anchor,
        -- what the answer is known by: breaks ties, and goes into the digest of a resolution
        digest_number(r.record_id || coalesce(r.bronze_id, '')) as evidence,
        {", ".join(f"r.{name}" for name in read)}
    from batch_members m
    join silver.track_records r{run.at} using (record_id)
    join batch_tracks b using (track_id)
"""


# first of all, so that the planner knows how few records are wanted of all there are
_MEMBERS = """
    create or replace temp table batch_members as
    select record_id, track_id, match_confidence, is_anchor
    from silver.track_members{at} where track_id in (select track_id from batch_tracks)
"""

# what an attempt rests on, by number: a record, or (negative numbers) what a person pinned
_ORIGINS = """
    create or replace temp view origins as
    select rowid as record_no, record_id, bronze_id, fetched_at from spoken
    union all
    select record_no, record_id, bronze_id, fetched_at from pinned
"""


def _answers(run: Run) -> str:
    """SQL of each provider's one answer per track and field: its best record, ranked valid, sure, recent.

    One aggregate pass per field (``arg_max`` over the provider's records) instead of a sort over all of them.
    """
    selects = []
    by_stream = {source.field for source in run.config.sources if source.only.streams}
    # a field without steps yields no row, so that any one will do where none is to be decided
    wanted = [name for name in run.config.fields if run.fields is None or name in run.fields]
    for name in wanted or run.config.fields[:1]:
        one = FIELDS[name]
        heard = "(c.streams is null or list_contains(c.streams, r.stream))" if name in by_stream else "true"
        reported = f"try_cast(r.confidence ->> '$.{name}' as decimal(9,4))"
        selects.append(
            f"""
            select track_no, step, best.*
            from (
                select r.track_no, c.step, max({{
                    'valid': ({one.value}) is not null,
                    'sure': ten_thousandths(coalesce({reported}, c.default_confidence))
                            * ten_thousandths(r.match_confidence),
                    'fetched_at': r.fetched_at,
                    'evidence': r.evidence,
                    'record_no': r.rowid,
                    'said': {one.said},
                    'value': {one.value},
                    'reported': {reported},
                    'match_confidence': r.match_confidence
                }}) as best
                from spoken r
                join steps c on c.field = '{name}' and c.provider = r.provider
                where ({one.said}) is not null and {heard}
                group by r.track_no, c.step
            )"""
        )
    return " union all ".join(selects)


def _judged(answers: str) -> str:
    """SQL of what each answer is worth by itself, from a table of answers."""
    return f"""
    with sure as (
        select
            a.track_no, a.step, c.field_no, c.priority, c.min_confidence as threshold,
            a.record_no, a.evidence, a.said, a.value, a.match_confidence,
            coalesce(a.reported, c.default_confidence)::decimal(5,4) as provider_confidence,
            -- the product of two confidences, rounded half to even in whole ten-thousandths
            coalesce(o.sure, divide_half_even(
                ten_thousandths(least(greatest(coalesce(a.reported, c.default_confidence), 0), 1))
                * ten_thousandths(a.match_confidence), 10000)) as ten_thousandths_sure,
            o.terms, i.step is not null as excluded
        from {answers} a
        join steps c using (step)
        left join ineligible i on i.track_no = a.track_no and i.step = a.step
        left join corroborated o on o.track_no = a.track_no and o.step = a.step
    )
    select * exclude (excluded, threshold),
        case
            when excluded then 'not_eligible'
            when value is null then 'invalid_value'
            when ten_thousandths_sure < ten_thousandths(threshold) then 'below_threshold'
            else 'accepted'
        end as outcome
    from sure
    """


# Every step of the configuration per track and field, up to and including the accepted one, or the last that
# was passed over for it. A pin is step 0: sure, and without a threshold. What ends a field is found among the
# answers first: most steps lie behind it.
_TRIED = f"""
    create or replace temp table tried as
    with tracks as (
        -- answers about an id that nothing names are kept as records, but are no track yet
        select distinct track_no from spoken where usable
    ),
    settled as (
        select j.* replace (case when p.step is not null then 'passed_over' else j.outcome end as outcome)
        from ({_judged("answers")}) j left join passed_over p on p.track_no = j.track_no and p.step = j.step
    ),
    pins as (
        select track_no, decision_no(track_no, field_no) as decision_no,
            0 as step, field_no, field, 0 as priority, '{pins.PERSON}' as provider,
            0::decimal(5,4) as threshold, record_no, evidence, said, value,
            1::decimal(5,4) as match_confidence, 1::decimal(5,4) as provider_confidence,
            10000::bigint as ten_thousandths_sure, null::json as terms,
            case when value is null then 'invalid_value' else 'accepted' end as outcome
        from pinned join field_numbers using (field)
    ),
    ended as (
        select track_no, field_no,
            case when min(priority) = 0 then 0 else greatest(
                min(priority) filter (outcome = 'accepted'), max(priority) filter (outcome = 'passed_over'))
            end as last
        from (
            select track_no, field_no, priority, outcome from settled
            where outcome in ('accepted', 'passed_over')
            union all
            select track_no, field_no, priority, outcome from pins where outcome = 'accepted'
        )
        group by track_no, field_no
    ),
    asked as (
        select t.track_no, decision_no(t.track_no, c.field_no) as decision_no,
            c.step, c.field_no, c.field, c.priority, c.provider, c.min_confidence as threshold
        from tracks t
        cross join steps c
        left join ended e on e.track_no = t.track_no and e.field_no = c.field_no
        where c.priority <= coalesce(e.last, c.priority)
    ),
    present as (select distinct track_no, provider from spoken)
    select s.*, j.record_no, j.evidence, j.said, j.value, j.match_confidence, j.provider_confidence,
        j.ten_thousandths_sure, j.terms,
        case
            when j.outcome is not null then j.outcome
            when i.step is not null then 'not_eligible'
            when p.provider is null then 'not_fetched'
            else 'field_absent'
        end as outcome
    from asked s
    left join settled j on j.track_no = s.track_no and j.step = s.step
    left join present p on p.track_no = s.track_no and p.provider = s.provider
    left join ineligible i on i.track_no = s.track_no and i.step = s.step
    union all by name
    select * from pins
"""

# The same evidence under the same configuration and code is the same resolution, whichever run meets it. The
# attempts' digests are mixed by exclusive or, which knows no order: an ordered string_agg costs four times as
# much. A provider that said nothing sets bits of its own (by priority), which costs no digest.
_RESOLVED = """
    create or replace temp table resolved as
    with digests as (
        select decision_no, any_value(track_no) as track_no, any_value(field) as field, count(*) as attempts,
            bit_xor(digest_number(concat_ws(chr(30), priority, outcome, evidence, ten_thousandths_sure,
                coalesce(value, said), terms))) filter (said is not null) as answers,
            bit_or((case outcome when 'not_fetched' then 1 when 'field_absent' then 2 else 3 end)::hugeint
                << (2 * priority)) filter (said is null) as silent
        from tried group by decision_no
    )
    select d.decision_no, b.track_id, d.attempts,
        stable_uuid(concat_ws(
            chr(31), b.track_id, d.field, $config_hash, $code_version,
            coalesce(d.answers, 0), coalesce(d.silent, 0))) as resolution_id
    from digests d join batch_tracks b using (track_no)
"""
ATTEMPT_ID = "r.resolution_id || '-' || t.priority"

_PROVENANCE = f"""
    create or replace temp table provenance as
    select r.track_id, t.field, t.value, t.provider,
        (t.ten_thousandths_sure / 10000)::decimal(5,4) as confidence,
        t.threshold, t.outcome, {ATTEMPT_ID} as attempt_id, r.resolution_id, o.record_id, o.bronze_id,
        $config_hash as config_hash, $run_id as run_id, o.fetched_at
    from tried t
    join resolved r using (decision_no)
    join (select * replace (to_json(fetched_at)::varchar as fetched_at) from origins) o using (record_no)
    where t.outcome = 'accepted'
"""
