"""Why a field came out differently: one thing is changed at a time, and the waterfall run again.

The package's docstring defines the verdicts; this module establishes them for the rows of ``differences``.
"""

from dataclasses import replace

import duckdb

from enrichment import config
from enrichment.pins import PERSON
from enrichment.pins import TABLE as PINS
from enrichment.replay.comparison import differs, outcomes
from enrichment.replay.runs import SNAPSHOTS
from enrichment.run import Run

VERDICTS = ("configuration", "code", "data", "person")
_OUTCOMES = """
    create or replace temp table {name} (
        track_id uuid, field varchar, value varchar, provider varchar, confidence decimal(5,4),
        bronze_id varchar)
"""


def judge(connection: duckdb.DuckDBPyConnection, run: Run, *, gathered: bool) -> None:
    """Temporary table ``verdicts``: ``differences`` with verdict, causes and a finding in words.

    Args:
        connection: connection on which `comparison.compare` ran.
        run: the run that was compared.
        gathered: what `comparison.compare` returned.
    """
    connection.execute(_OUTCOMES.format(name="reproduced"))
    connection.execute(_OUTCOMES.format(name="redone"))
    connection.execute(
        "create or replace temp table redone_inputs (track_id uuid, version bigint, same boolean)"
    )
    connection.execute(_DECIDED)
    _under_former_configurations(connection, run, gathered=gathered)
    _from_former_answers(connection, run)
    connection.execute(
        _VERDICTS.format(pins=run.pins), {"config_hash": run.config.hash, "code_version": run.code}
    )


def _under_former_configurations(connection: duckdb.DuckDBPyConnection, run: Run, *, gathered: bool) -> None:
    """``reproduced``: what the configuration that decided a field makes of today's answers."""
    connection.execute(
        """
        insert into reproduced
        select track_id, field, after_value, after_provider, after_confidence, after_bronze_id
        from decided where config_hash = $now or config_hash is null
        """,
        {"now": run.config.hash},
    )
    for config_hash, snapshot, fields in connection.execute(
        f"""
        select d.config_hash, r.snapshot, list(distinct d.field) from decided d
        join ({SNAPSHOTS}) r using (config_hash)
        where d.config_hash <> $now group by all order by 1
        """,
        {"now": run.config.hash},
    ).fetchall():
        connection.execute(
            "create or replace temp table pairs as "
            f"select track_id, field from decided where config_hash = '{config_hash}'"
        )
        former = replace(run, config=config.parsed(snapshot), fields=tuple(fields))
        outcomes(connection, former, "pairs", "reproduced", gathered=gathered)


def _from_former_answers(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """``redone``: what today's code makes of the answers of that time, where it still makes something else.

    ``redone_inputs`` says whether a track's answers were the same then.
    """
    connection.execute(
        f"""
        create or replace temp table unreproduced as
        select d.track_id, d.field, d.config_hash, d.version
        from decided d join reproduced n on n.track_id = d.track_id and n.field = d.field
        where d.version is not null and {differs("d.before_", "n.")} and not {_OTHER_PIN}
        """
    )
    for config_hash, snapshot, version, fields in connection.execute(
        f"""
        select u.config_hash, r.snapshot, u.version, list(distinct u.field) from unreproduced u
        join ({SNAPSHOTS}) r using (config_hash)
        group by all order by u.version, u.config_hash
        """
    ).fetchall():
        connection.execute(
            "create or replace temp table pairs as select track_id, field from unreproduced "
            f"where config_hash = '{config_hash}' and version = {version}"
        )
        former = replace(
            run, config=config.parsed(snapshot), fields=tuple(fields), snapshot=version, pins=PINS
        )
        outcomes(connection, former, "pairs", "redone")
        connection.execute(
            f"""
            insert into redone_inputs
            select t.track_id, {version}, a.inputs is not distinct from b.inputs
            from (select distinct track_id from pairs) t
            left join ({_INPUTS.format(at=former.at)}) a on a.track_id = t.track_id
            left join ({_INPUTS.format(at="")}) b on b.track_id = t.track_id
            """
        )


_INPUTS = """
    select track_id, sum(hash(record_id, bronze_id, match_confidence)::hugeint) as inputs
    from silver.track_members m{at} join silver.track_records r{at} using (record_id)
    where track_id in (select track_id from pairs) group by track_id
"""

_OTHER_PIN = f"""
    (case when d.before_provider = '{PERSON}' then d.before_bronze_id end
        is distinct from case when n.provider = '{PERSON}' then n.bronze_id end)"""
"""SQL: another pin decides now (``n``) than then (``d``)."""

# By which configuration and code a field was decided, and the version of the lake that was read. A field
# without a value has no provenance: the last of its resolutions that accepted nothing decided it, or else the
# run that decided the track.
_DECIDED = """
    create or replace temp table decided as
    with log as (
        select track_id, field, resolution_id, max(attempt_id) filter (success) as attempt_id,
            any_value(config_hash) as config_hash, any_value(code_version) as code_version,
            any_value(run_id) as run_id, min(attempted_at) as attempted_at
        from ops.enrichment_transformations
        where track_id in (select track_id from differences) and field in (select field from differences)
        group by track_id, field, resolution_id
    ),
    nothing as (
        select track_id, field, max({
            'attempted_at': attempted_at, 'config_hash': config_hash, 'code_version': code_version,
            'run_id': run_id}) as last
        from log where attempt_id is null group by track_id, field
    ),
    found as (
        select d.*, coalesce(l.config_hash, x.last.config_hash, e.config_hash) as config_hash,
            coalesce(l.code_version, x.last.code_version, r.code_version) as code_version,
            coalesce(d.before_run_id, x.last.run_id, e.run_id) as run_id,
            coalesce(l.attempted_at, x.last.attempted_at, e.enriched_at) as decided_at
        from differences d
        left join log l on l.attempt_id = d.before_attempt_id
        left join nothing x
            on d.before_attempt_id is null and x.track_id = d.track_id and x.field = d.field
        left join (
            select track_id, config_hash, run_id, enriched_at from silver.enriched_tracks
        ) e on e.track_id = d.track_id
        left join (
            select run_id, any_value(code_version) as code_version from ops.enrichment_pipeline_runs
            group by run_id
        ) r on r.run_id = e.run_id
    )
    select f.*, s.snapshot_id as version
    from found f
    asof left join (
        select snapshot_id, snapshot_time from ducklake_snapshots('lake')
    ) s on f.decided_at >= s.snapshot_time
"""

_TAKEN = """coalesce(before_provider || ' ' || before_value || ' at ' || before_confidence
        || case when before_confidence < before_threshold then ', below its threshold ' else ' against ' end
        || before_threshold, 'nothing')"""
_COMES = """coalesce(after_provider || ' ' || after_value || ' at ' || after_confidence || ' against '
        || after_threshold, 'nothing')"""

# Where the lake of that time is not kept, `code` and `data` are told by elimination: the same code cannot be
# the cause. A configuration that is not on record is a cause nobody can rule out.
_VERDICTS = f"""
    create or replace temp table verdicts as
    with steps as (
        select d.*, n.track_id is null as unknown, {differs("d.before_", "n.")} as unlike_now,
            {differs("d.after_", "n.")} as by_configuration, {_OTHER_PIN} as other_pin,
            t.track_id is not null as was_redone, {differs("d.before_", "t.")} as unlike_then,
            {differs("t.", "n.")} as since_then, i.same as same_inputs
        from decided d
        left join reproduced n on n.track_id = d.track_id and n.field = d.field
        left join redone t on t.track_id = d.track_id and t.field = d.field
        left join redone_inputs i on i.track_id = d.track_id and i.version = d.version
    ),
    caused as (
        select *, list_filter([
            case when not unknown and unlike_now and not other_pin
                and case when was_redone then unlike_then or (since_then and same_inputs)
                    else code_version <> $code_version end
                then 'code' end,
            case when not unknown and unlike_now and not other_pin
                and case when was_redone then since_then and not same_inputs
                    else code_version = $code_version end
                then 'data' end,
            case when not unknown and unlike_now and other_pin then 'person' end,
            case when unknown or by_configuration then 'configuration' end
        ], lambda one: one is not null) as causes
        from steps
    ),
    named as (select *, causes[1] as verdict, {_TAKEN} as taken, {_COMES} as comes from caused)
    select n.* exclude (unknown, unlike_now, by_configuration, other_pin, was_redone, unlike_then, since_then,
            same_inputs, version, decided_at, taken, comes, config_hash, run_id, code_version,
            before_config_hash, before_run_id),
        config_hash as before_config_hash, run_id as before_run_id, code_version as before_code_version,
        case
            when unknown then 'the configuration ' || config_hash || ', which decided it, is not on record'
            when verdict = 'configuration' then 'configuration ' || config_hash || ' still gives ' || taken
                || '; ' || $config_hash || ' gives ' || comes
            when verdict = 'person' then coalesce(p.actor || ' pinned ' || p.said || ': ' || p.reason,
                'the pin of ' || q.actor || ' was taken back') || '; before: ' || taken
            when verdict = 'data' then 'run ' || run_id || ' had other answers: from those today''s code '
                || 'gives ' || taken || ' too, and from those of today ' || comes
            else 'run ' || run_id || ' under code ' || code_version || ' took ' || taken || '; by the same '
                || 'configuration' || case when same_inputs then ' and from the same answers' else '' end
                || ' today''s code gives ' || comes
        end as finding
    from named n
    left join {{pins}} p on p.bronze_id = n.after_bronze_id
    left join {{pins}} q on q.bronze_id = n.before_bronze_id
"""
