"""``silver.enriched_tracks``: one row per track, fields as the waterfall decided, scored and validated."""

from collections.abc import Iterable, Sequence

import duckdb

from enrichment import schema
from enrichment.fields import FIELDS
from enrichment.run import Run
from lake import tables
from quality.quarantine import refused_whole
from quality.scores import completeness_sql, score_sql


def build(connection: duckdb.DuckDBPyConnection, run: Run, subject: str) -> tables.Changes:
    """Rewrite the tracks in ``batch_tracks`` from their provenance; tracks without any record left go.

    Args:
        connection: connection on which the waterfall was run.
        run: the run that did, with the configuration that scores the tracks.
        subject: what it worked on, for the lake's history.
    """
    assemble(connection, run)
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection,
            "silver.enriched_tracks",
            "fresh_tracks",
            key=("track_id",),
            scope="t.track_id in (select track_id from batch_tracks)",
            volatile=schema.VOLATILE,
        ),
        message=f"enriched tracks of {subject}, run {run.run_id}",
    )


def assemble(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Temporary table ``fresh_tracks`` of the tracks in ``batch_tracks``, from what the waterfall left."""
    rows = connection.execute("select distinct field from provenance order by field").fetchall()
    filled = [field for (field,) in rows]
    connection.execute(_REFUSED)
    connection.execute(_source(run, filled), {"run_id": run.run_id, "config_hash": run.config.hash})


def _source(run: Run, filled: Sequence[str]) -> str:
    """SQL of the tracks; `filled`: fields of which any track has a value, the only ones worth looking for."""
    picked = "".join(
        f"any_value({what}) filter (field = '{name}') as {name}_{what}, "
        for name in filled
        for what in ("text", "sure", "source")
    )
    text = {name: f"{name}_text" if name in filled else "null::varchar" for name in FIELDS}
    listed_terms = ", ".join(f"'{name}': {text[name]} is not null" for name in run.config.completeness)
    plausible = f"bpm_plausibility({text['bpm']}::decimal(6,2), {text['genre']})"
    columns = {
        "track_id": "m.track_id",
        **{
            column: expression.format(v=text[one.name])
            for one in FIELDS.values()
            for column, expression in one.stored.items()
        },
        "artist": f"coalesce({text['artist']}, a.artist)",
        "title": f"coalesce({text['title']}, a.title)",
        "version": "a.version",
        "version_kind": "a.version_kind",
        "artists": "acts_without(a.artists, a.remixers)",
        "featured": "a.featured",
        "providers": "m.providers",
        "record_count": "m.record_count",
        "bronze_id": "a.bronze_id",
        "field_confidence": _object(filled, "sure"),
        "enrichment_metadata": _object(filled, "source"),
        "quality_terms": _object(set(filled).intersection(run.config.critical), "sure"),
        "completeness_terms": f"to_json({{{listed_terms}}})",
        "bpm_plausibility": plausible,
        "quality_score": "f.quality_score",
        "completeness": "f.completeness",
        "validation_status": _STATUS.format(plausible=plausible),
        "config_hash": "$config_hash",
        "run_id": "$run_id",
        "enriched_at": "now()",
    }
    listed = ",\n        ".join(f"{expression} as {name}" for name, expression in columns.items())
    return f"""
    create or replace temp table fresh_tracks as
    with members as (
        select track_no, track_id, list_sort(list(distinct provider)) as providers,
            count(*)::integer as record_count
        from spoken group by track_no, track_id
    ),
    -- the anchor's best record gives what identifies the track; it always has words, else this is no track
    anchors as (
        select arg_max(rowid, {{
            'anchor': is_anchor, 'fetched_at': fetched_at, 'evidence': evidence
        }}) as record_no
        from spoken
        where usable
        group by track_no
    ),
    identity as (
        select * exclude (track_id) from spoken where rowid in (select record_no from anchors)
    ),
    -- nothing that is known of the track is let in any more
    quarantined as (
        select track_no from spoken group by track_no
        having bool_and(bronze_id in (select bronze_id from refused_answers))
    ),
    fields as (
        select
            track_id,
            {picked}
            {score_sql(run.config.critical)} as quality_score,
            {completeness_sql(run.config.completeness)} as completeness
        from (
            select *, value as text, {_member("confidence")} as sure, {_member(_SOURCE)} as source
            from provenance
        )
        group by track_id
    )
    select
        {listed}
    from members m
    join identity a using (track_no)
    left join fields f using (track_id)
    left join quarantined q on q.track_no = m.track_no
    """


_REFUSED = f"""
    create or replace temp table refused_answers as
    {refused_whole("select bronze_id from spoken")}
"""

# What a person would call the row: usable as it is, usable with care, missing what makes it a track, or known
# only from answers that a rule refuses since. What was refused from the start is no track at all.
_STATUS = """case
            when q.track_no is not null then 'quarantined'
            when a.artist is null or a.title is null then 'invalid'
            when f.completeness is null or f.completeness < 0.5
                or {plausible} = 'implausible' then 'warning'
            else 'valid'
        end"""


_SOURCE = """
    '{"provider":"' || provider || '","confidence":' || confidence || ',"fetched_at":' || fetched_at || '}'"""
"""SQL of a small JSON object: who gave a field, how surely, when."""


def _member(value: str) -> str:
    """SQL of one member of a JSON object, as text: names of fields and providers need no escaping."""
    return f"'\"' || field || '\":' || ({value})"


def _object(fields: Iterable[str], what: str) -> str:
    """SQL of a JSON object of the members picked for these fields, keys in order; null without any field.

    Put together from columns: a list per track would have to be sorted, and DuckDB's own objects take longer.
    """
    members = ", ".join(f"{name}_{what}" for name in sorted(fields)) or "null"
    return f"case when f.track_id is not null then ('{{' || concat_ws(',', {members}) || '}}')::json end"
