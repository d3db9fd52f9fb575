"""The waterfall: for every track and field, which provider is believed, with every attempt on record.

For each field the providers are tried in the order of the configuration. A provider's answer comes from its best
record among the track's members; ``confidence = field confidence (reported, else default) x match confidence``.
The first valid answer that reaches its threshold is accepted and ends the field; whatever came before is logged with
its outcome. All of it is SQL over sets: no loop over tracks.
"""

from dataclasses import dataclass

import duckdb

from enrichment.config import WaterfallConfig, code_version
from enrichment.engine import Day
from enrichment.fields import FIELDS
from lake import tables
from lake.errors import LakeError


@dataclass(frozen=True, slots=True)
class Run:
    """Identity of one enrichment run.

    Attributes:
        run_id: id of the run (Dagster's, where Dagster runs it).
        config: configuration it decides by.
        code: version of the deciding code.
    """

    run_id: str
    config: WaterfallConfig
    code: str

    @classmethod
    def start(cls, run_id: str, config: WaterfallConfig) -> "Run":
        """A run of the present code."""
        return cls(run_id, config, code_version())


def attempt(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Try every field of the tracks in ``day_tracks``; leaves temporary tables ``attempts`` and ``provenance``.

    Raises:
        LakeError: the configuration names a field this version does not know.
    """
    unknown = sorted(set(run.config.fields) - set(FIELDS))
    if unknown:
        raise LakeError(f"the waterfall names unknown fields: {', '.join(unknown)}", f"use some of {', '.join(FIELDS)}")
    _configure(connection, run.config)
    connection.execute(_SPOKEN)
    connection.execute("create or replace temp table answers as " + _answers(run.config))
    connection.execute(_TRIED)
    connection.execute(
        _ATTEMPTS,
        {"run_id": run.run_id, "config_hash": run.config.hash, "code_version": run.code},
    )
    connection.execute(_PROVENANCE)


def store(connection: duckdb.DuckDBPyConnection, run: Run, day: Day) -> tuple[int, tables.Changes]:
    """Append the new attempts to the log and point ``silver.field_provenance`` at the winners.

    Returns:
        Number of attempts that were not on record yet, and the changes of the provenance.
    """

    def work() -> tuple[int, tables.Changes]:
        tables.insert_missing(
            connection,
            "ops.metadata_enrichment_config",
            "(select $$%s$$ as config_hash, field, priority, provider, min_confidence, default_confidence, "
            "now() as recorded_at from waterfall_config)" % run.config.hash,
            key=("config_hash", "field", "provider"),
        )
        new = tables.insert_missing(
            connection, "ops.enrichment_transformations", "attempts", key=("attempt_id",)
        )
        changes = tables.merge_changed(
            connection,
            "silver.field_provenance",
            "provenance",
            key=("track_id", "field"),
            scope="t.track_id in (select track_id from day_tracks)",
            volatile=("run_id",),
        )
        return new, changes

    return tables.transaction(connection, work, message=f"waterfall of {day.date}, run {run.run_id}")


def _configure(connection: duckdb.DuckDBPyConnection, config: WaterfallConfig) -> None:
    connection.execute(
        """
        create or replace temp table waterfall_config (
            field varchar, priority integer, provider varchar,
            min_confidence decimal(5,4), default_confidence decimal(5,4))
        """
    )
    connection.executemany(
        "insert into waterfall_config values (?, ?, ?, ?, ?)",
        [(s.field, s.priority, s.provider, s.min_confidence, s.default_confidence) for s in config.sources],
    )
    # a provider that never answered anything took no part: it is in the run's snapshot, not in every attempt log
    connection.execute(
        "create or replace temp table steps_config as from waterfall_config "
        "where provider in (select distinct provider from silver.track_records)"
    )


# records of the touched tracks, with how surely each belongs
_SPOKEN = """
    create or replace temp table spoken as
    select m.track_id, m.match_confidence, r.*
    from silver.track_members m
    join silver.track_records r using (record_id)
    where m.track_id in (select track_id from day_tracks)
"""


def _answers(config: WaterfallConfig) -> str:
    """SQL of each provider's one answer per track and field: its best record, ranked valid, sure, recent.

    One aggregate pass per field (``arg_max`` over the provider's records) instead of a sort over all of them.
    """
    selects = []
    for name in config.fields:
        one = FIELDS[name]
        reported = f"try_cast(r.confidence ->> '$.{name}' as decimal(9,4))"
        selects.append(
            f"""
            select track_id, '{name}' as field, provider, best.*
            from (
                select r.track_id, r.provider, max({{
                    'valid': ({one.value}) is not null,
                    'sure': ten_thousandths(coalesce({reported}, c.default_confidence))
                            * ten_thousandths(r.match_confidence),
                    'fetched_at': r.fetched_at,
                    'record_id': r.record_id,
                    'bronze_id': r.bronze_id,
                    'said': {one.said},
                    'value': {one.value},
                    'reported': {reported},
                    'match_confidence': r.match_confidence
                }}) as best
                from spoken r
                join waterfall_config c on c.field = '{name}' and c.provider = r.provider
                where ({one.said}) is not null
                group by r.track_id, r.provider
            )"""
        )
    return " union all ".join(selects)


# every step of the configuration per track and field, up to and including the accepted one
_TRIED = """
    create or replace temp table tried as
    with present as (select distinct track_id, provider from spoken),
    steps as (
        select
            t.track_id, c.field, c.priority, c.provider, c.min_confidence as threshold,
            a.record_id, a.bronze_id, a.said, a.value, a.match_confidence,
            coalesce(a.reported, c.default_confidence)::decimal(5,4) as provider_confidence,
            p.provider is not null as was_asked,
            -- the product of two confidences, rounded half to even in whole ten-thousandths
            divide_half_even(
                ten_thousandths(least(greatest(coalesce(a.reported, c.default_confidence), 0), 1))
                * ten_thousandths(a.match_confidence), 10000) as ten_thousandths_sure
        from day_tracks t
        cross join steps_config c
        left join answers a on a.track_id = t.track_id and a.field = c.field and a.provider = c.provider
        left join present p on p.track_id = t.track_id and p.provider = c.provider
        where t.track_id in (select track_id from present)
    ),
    judged as (
        select *,
            case
                when said is null and not was_asked then 'not_fetched'
                when said is null then 'field_absent'
                when value is null then 'invalid_value'
                when ten_thousandths_sure < ten_thousandths(threshold) then 'below_threshold'
                else 'accepted'
            end as outcome
        from steps
    )
    select *
    from judged
    qualify priority <= coalesce(
        min(priority) filter (outcome = 'accepted') over (partition by track_id, field), priority)
"""

# the same evidence under the same configuration and code is the same resolution, whichever run meets it
_ATTEMPTS = """
    create or replace temp table attempts as
    with resolved as (
        select track_id, field,
            md5(concat_ws(chr(31), track_id::varchar, field, $config_hash, $code_version, string_agg(
                concat_ws(chr(30), provider, outcome, coalesce(bronze_id, ''), coalesce(record_id, ''),
                    coalesce(ten_thousandths_sure::varchar, ''), coalesce(value, said, '')),
                chr(29) order by priority))) as resolution_id
        from tried group by track_id, field
    )
    select
        r.resolution_id || '-' || t.priority as attempt_id, r.resolution_id, $run_id as run_id,
        'enrichment' as transformation_type, t.track_id, t.field, t.priority, t.provider, t.record_id, t.bronze_id,
        t.said as input_value, t.value as output_value,
        case when t.said is not null then t.provider_confidence end as provider_confidence, t.match_confidence,
        case when t.said is not null then (t.ten_thousandths_sure / 10000)::decimal(5,4) end as confidence,
        t.threshold, t.outcome, t.outcome = 'accepted' as success, $config_hash as config_hash,
        $code_version as code_version, now() as attempted_at
    from tried t
    join resolved r using (track_id, field)
"""

_PROVENANCE = """
    create or replace temp table provenance as
    select track_id, field, output_value as value, provider, confidence, threshold, outcome, attempt_id,
        resolution_id, record_id, bronze_id, config_hash, run_id
    from attempts
    where outcome = 'accepted'
"""
