"""Quarantine: what a rule refused, with the reason; nothing goes nowhere.

Rules with action ``quarantine`` keep a row out of silver; rules with action ``warn`` refuse one value of a
row that goes on. Each rule is a query over one day of staging that gives the common columns of
``silver.quarantine``.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from lake import tables


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule over track views (staging models named ``*_tracks``), or over rows of tracklists.

    Attributes:
        name: snake_case name of what is wrong.
        field: column looked at.
        breaks: SQL condition on a row that breaks the rule.
        reason: in words.
        remedy: what to do about it.
        action: ``quarantine`` or ``warn``.
    """

    name: str
    field: str
    breaks: str
    reason: str
    remedy: str
    action: str


_PAGES_AS_THEY_SHOULD_BE = "('tracklist', 'repeat', 'redirect')"
"""What pages with nothing wrong turn out to be; a repeat's tracklist stands on another page."""
_MEND = "correct it at the source and ingest again; the row is replayed then"
TRACK_RULES: tuple[Rule, ...] = (
    Rule(
        "track_without_name",
        "title_raw",
        "coalesce(trim(title_raw), '') = '' "
        "and coalesce(spotify_id, isrc_raw, beatport_id, musicbrainz_id) is null",
        "a track with neither title nor id cannot be told from others",
        _MEND,
        "quarantine",
    ),
    Rule(
        "bpm_out_of_range",
        "bpm_raw",
        "nullif(trim(bpm_raw), '') is not null and clean_bpm(bpm_raw) is null",
        "the tempo is not a number from 40 to 260",
        "the value is not used; other providers are tried",
        "warn",
    ),
    Rule(
        "key_unreadable",
        "key_raw",
        "nullif(trim(key_raw), '') is not null and lower(trim(key_raw)) not in ('none', 'off') "
        "and camelot(key_raw) is null",
        "the key is in no notation known here",
        "the value is not used; add the notation to enrichment/musical_key.py if it is one",
        "warn",
    ),
    Rule(
        "isrc_malformed",
        "isrc_raw",
        "nullif(trim(isrc_raw), '') is not null and clean_isrc(isrc_raw) is null",
        "an ISRC has two letters, three letters or digits and seven digits",
        "the value is not used",
        "warn",
    ),
    Rule(
        "duration_suspect",
        "duration_ms",
        "duration_ms is not null and (duration_ms < 10000 or duration_ms > 43200000)",
        "shorter than ten seconds (seconds taken for milliseconds?) or longer than twelve hours",
        "check the unit of the source",
        "warn",
    ),
)


PLAY_RULES: tuple[Rule, ...] = (
    Rule(
        "cue_unreadable",
        "cue_raw",
        # "?" stands for a digit that nobody knows, zeros for no time at all, and the index of a CUE sheet of
        # several files for a place in one of them
        "cue_ms is null and regexp_matches(cue_raw, '[^0:.\\s]') and not contains(cue_raw, '?') "
        "and not regexp_matches(coalesce(raw_text, ''), '(?i)\\bINDEX 01\\b')",
        "the time is neither minutes (07) nor a clock (mm:ss, h:mm:ss)",
        "the row is used without its time; write the time as a clock and ingest again",
        "warn",
    ),
)
"""Rules over rows of tracklists (staging models named ``*_plays``)."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where refused rows can come from.

    Attributes:
        track_views: staging relations of track views.
        plays: staging relations of rows of tracklists.
        page_states: relations with one row per saved page and its status.
        rejected: table expression over the bronze ``rejected`` streams.
    """

    track_views: Sequence[str]
    plays: Sequence[str]
    page_states: Sequence[str]
    rejected: str


def build(
    connection: duckdb.DuckDBPyConnection, day: dt.date, sources: Sources, run_id: str
) -> tables.Changes:
    """Bring what the rules refuse among one day's answers into ``silver.quarantine``.

    A row that is refused no more stays, with when and in which run it left.

    Args:
        connection: prepared lake connection (macros and functions in place).
        day: the partition.
        sources: where to look.
        run_id: the run that finds or heals.
    """
    literal = f"date '{day.isoformat()}'"
    return _bring(connection, sources, f"ingest_date = {literal}", f"t.first_seen = {literal}", run_id)


def heal(connection: duckdb.DuckDBPyConnection, sources: Sources, run_id: str) -> tables.Changes:
    """Look again at the answers that stand in quarantine, and at no others.

    Leaves temporary table ``healed_answers`` (bronze_id, day): answers of which a row left.
    """
    connection.execute(
        "create or replace temp table standing as "
        "select quarantine_id, bronze_id, first_seen as day from silver.quarantine where healed_at is null"
    )
    changes = _bring(
        connection, sources, "bronze_id in (select bronze_id from standing)", "t.healed_at is null", run_id
    )
    connection.execute(
        """
        create or replace temp table healed_answers as
        select distinct bronze_id, day from standing semi join (
            select quarantine_id from silver.quarantine where healed_at is not null
        ) using (quarantine_id)
        """
    )
    return changes


def refused_whole(answers: str) -> str:
    """SQL of the ids of answers that stand in quarantine with all they say.

    An answer can describe many records (a release, its tracks): it is refused whole once as many of its rows
    stand in quarantine as it describes records. Values that are merely not used (``warn``) refuse no row.

    Args:
        answers: SQL of the bronze ids that are asked about.
    """
    return f"""
        with refused as (
            select bronze_id, count(*) as rows from silver.quarantine
            where healed_at is null and action = 'quarantine' and bronze_id in ({answers})
            group by bronze_id
        ),
        described as (
            select bronze_id, count(distinct record_id) as records from silver.record_answers
            where bronze_id in (select bronze_id from refused) group by bronze_id
        )
        select bronze_id from refused join described using (bronze_id) where rows >= records"""


def _bring(
    connection: duckdb.DuckDBPyConnection, sources: Sources, rows: str, scope: str, run_id: str
) -> tables.Changes:
    """Make the quarantine say what the rules say of some `rows`; `scope`: those of them it holds already."""
    selects = [_rejected_rows(sources.rejected, rows)]
    selects.extend(_pages(states, rows) for states in sources.page_states)
    selects.extend(_breaches(rule, view, rows) for view in sources.track_views for rule in TRACK_RULES)
    selects.extend(_breaches(rule, view, rows, "position") for view in sources.plays for rule in PLAY_RULES)
    connection.execute(
        f"""
        create or replace temp table fresh_quarantine as
        with found as ({" union all ".join(selects)})
        select md5(concat_ws(chr(31), provider, stream, rule, field, coalesce(bronze_id, ''),
                coalesce(source_url, ''), coalesce(source_row::varchar, ''), coalesce(value, '')
            )) as quarantine_id,
            provider, stream, bronze_id, source_url, source_row, rule, field, value, reason, remedy, action,
            ingest_date as first_seen, ingest_date as last_seen,
            null::timestamptz as healed_at, null::varchar as healed_by
        from found
        qualify row_number() over (partition by quarantine_id order by value) = 1
        """
    )
    connection.execute(
        f"""
        create or replace temp table dated_quarantine as
        select f.* replace (least(f.first_seen, coalesce(t.first_seen, f.first_seen)) as first_seen,
                            greatest(f.last_seen, coalesce(t.last_seen, f.last_seen)) as last_seen)
        from fresh_quarantine f left join silver.quarantine t using (quarantine_id)
        union all
        select t.* replace (coalesce(t.healed_at, now()) as healed_at,
                            coalesce(t.healed_by, $run_id) as healed_by)
        from silver.quarantine t
        where {scope} and t.quarantine_id not in (select quarantine_id from fresh_quarantine)
        """,
        {"run_id": run_id},
    )
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "silver.quarantine", "dated_quarantine", key=("quarantine_id",), scope="false"
        ),
        message=f"quarantine, run {run_id}",
    )


def _rejected_rows(rejected: str, rows: str) -> str:
    text = "payload ->> '$.{}'"
    return f"""
        select provider, {text.format("stream")} as stream, bronze_id, source_url, source_row,
            'row_unreadable' as rule, {text.format("field")} as field,
            left({text.format("raw")}, 500) as value, {text.format("reason")} as reason,
            {text.format("remedy")} as remedy, 'quarantine' as action, ingest_date
        from {rejected} where {rows}
    """


def _pages(states: str, rows: str) -> str:
    return f"""
        select provider, stream, bronze_id, source_url, null::bigint as source_row, 'page_' || status as rule,
            'page' as field, null::varchar as value, status_reason as reason,
            'save the page again from a browser that shows the tracklist' as remedy, 'quarantine' as action,
            ingest_date
        from {states} where {rows} and status not in {_PAGES_AS_THEY_SHOULD_BE}
    """


def _breaches(rule: Rule, view: str, rows: str, row: str = "null") -> str:
    return f"""
        select provider, stream, bronze_id, source_url, {row}::bigint as source_row, '{rule.name}' as rule,
            '{rule.field}' as field, concat_ws(' | ', {rule.field}::varchar, artist_raw, title_raw) as value,
            {tables.quoted(rule.reason)} as reason, {tables.quoted(rule.remedy)} as remedy,
            '{rule.action}' as action, ingest_date
        from {view} where {rows} and ({rule.breaks})
    """
