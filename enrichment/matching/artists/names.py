"""Names: who is credited, as matching tells names apart, and which of them a day touched.

Belongs here: the way from records and playlists to one row per name. What two names share is `judging`.
"""

import json
import re

import duckdb

from enrichment.engine import Day
from enrichment.matching.artists.spelling import core, skeleton
from enrichment.text.credits import parse_credit
from enrichment.text.fold import fold, fold_key
from lake.arrow_functions import register_text_function

_NOTE = r"\((\d{1,3}|[A-Z]{2,3})\)"
"""How sources tell namesakes apart: a number (Discogs) or a country, in brackets."""
_NO_NOTES = frozenset(("CD", "DJ", "DUB", "EP", "ID", "LP", "MC", "MIX", "OST", "PA", "SET", "VA", "VIP"))
_IS_NOTE = re.compile(_NOTE)


def key_sql(base_key: str, note: str) -> str:
    """SQL of a name's key from SQL of its folded spelling and of its disambiguator ('' if none)."""
    return f"{base_key} || case when {note} = '' then '' else '(' || lower({note}) || ')' end"


def dj_base_sql(name: str) -> str:
    """SQL of a DJ's name as playlists give it, without its disambiguator."""
    return f"trim(regexp_replace({name}, '{_NOTE}$', ''))"


def dj_key_sql(name: str) -> str:
    """SQL of a name's key from SQL of a DJ's name as playlists give it."""
    return key_sql(f"fold_key({dj_base_sql(name)})", f"regexp_extract({name}, '{_NOTE}$', 1)")


def words(name: str) -> str:
    """A name's words in comparison form, without a leading article; its `fold_key` once spaces are gone."""
    folded = fold(name)
    return folded if folded.replace(" ", "") == fold_key(name) else folded[3:].strip()


def namesakes(credit: str) -> str:
    """JSON of the disambiguators a written credit gives: folded name -> disambiguator."""
    return json.dumps(
        {
            key: note
            for name, note in parse_credit(credit).disambiguators
            if (key := fold_key(name)) and _IS_NOTE.fullmatch(f"({note})") and note not in _NO_NOTES
        }
    )


def collect(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables of the whole lake: ``artist_credits`` and ``fresh_names``.

    ``artist_credits`` has a row per name a record credits, and per DJ of a playlist (no record, role ``dj``);
    ``fresh_names`` a row per name.
    """
    register_text_function(connection, "artist_words", words)
    register_text_function(connection, "artist_sound", lambda text: skeleton(text.replace(" ", "")))
    register_text_function(connection, "artist_core", core)
    register_text_function(connection, "namesakes", namesakes)
    connection.execute(_MENTIONS)
    connection.execute(_CREDITS)
    connection.execute("drop table artist_mentions")
    connection.execute(_FRESH_NAMES)


def touch(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Temporary tables ``delta_names`` and ``name_states``.

    A name is touched when the day answered a record or playlist that credits it, moved one of its records to
    another track, or when its own row differs from the stored one. ``name_states`` holds each name's words as
    they are now (``kept`` or ``new``) and, where they were others or the name is gone, were (``gone``).
    """
    connection.execute(
        f"""
        create or replace temp table delta_names as
        with records as (
            select record_id from silver.record_answers where ingest_date = {day.sql}
            union
            select record_id from silver.track_members where changed_on = {day.sql}
        )
        select name_key from artist_credits semi join records using (record_id)
        union
        select name_key from artist_credits where role = 'dj' and ingest_date = {day.sql}
        union
        select coalesce(f.name_key, t.name_key)
        from fresh_names f
        full join silver.artist_names t using (name_key)
        where (f.uses, f.spellings, f.words) is distinct from (t.uses, t.spellings, t.words)
        """
    )
    connection.execute(
        """
        create or replace temp table name_states as
        select f.name_key, f.base_key, f.words, f.sound, f.core,
            case when t.words is not distinct from f.words then 'kept' else 'new' end as state
        from fresh_names f
        left join silver.artist_names t using (name_key)
        union all
        select t.name_key, t.base_key, t.words, t.sound, t.core, 'gone'
        from silver.artist_names t
        left join fresh_names f using (name_key)
        where t.words is distinct from f.words
        """
    )


_MENTIONS = f"""
    create or replace temp table artist_mentions as
    select record_id, bronze_id, ingest_date, first_seen, 'main' as role, unnest(artists) as name,
        generate_subscripts(artists, 1)::integer as position, artist_raw as raw
    from silver.track_records where usable
    union all
    select record_id, bronze_id, ingest_date, first_seen, 'featured', unnest(featured),
        generate_subscripts(featured, 1)::integer, artist_raw
    from silver.track_records where usable
    union all
    select record_id, bronze_id, ingest_date, first_seen, 'remixer', unnest(remixers),
        generate_subscripts(remixers, 1)::integer, remixer_raw
    from silver.track_records where usable
    union all
    select null, bronze_id, ingest_date, ingest_date, 'dj', {dj_base_sql("name")},
        position::integer, name
    from (
        select bronze_id, ingest_date, unnest(dj_names) as name, generate_subscripts(dj_names, 1) as position
        from silver.enriched_playlists
    )
"""
_CREDITS = f"""
    create or replace temp table artist_credits as
    with
    -- Folding is a Python function: spellings met before are looked up. (Within a CASE or COALESCE, DuckDB
    -- 1.5.5 leaves rows of such a function's answer unset.)
    met as (select distinct unnest(spellings) as name, base_key from silver.artist_names),
    folded as (
        from met
        union all
        select name, fold_key(name)
        from (select distinct name from artist_mentions) anti join met using (name)
    ),
    noted as (
        select raw, namesakes(raw) as notes
        from (select distinct raw from artist_mentions where regexp_matches(raw, '{_NOTE}'))
    ),
    named as (
        select m.* exclude (raw), f.base_key,
            coalesce((n.notes::json::map(varchar, varchar))[f.base_key], '') as disambiguator
        from artist_mentions m
        join folded f using (name)
        left join noted n using (raw)
        where f.base_key <> ''
    )
    select *, {key_sql("base_key", "disambiguator")} as name_key from named
"""
# a name once seen keeps its first day, though the playlist that brought it may have been answered again since
_FRESH_NAMES = """
    create or replace temp table fresh_names as
    with counted as (
        select name_key, base_key, disambiguator, name, count(*) as uses, min(first_seen) as first_seen
        from artist_credits
        group by all
    ),
    grouped as (
        select
            name_key, base_key, disambiguator, arg_max(name, (uses, name)) as name,
            list_sort(list(name)) as spellings, sum(uses)::bigint as uses, min(first_seen) as first_seen
        from counted
        group by name_key, base_key, disambiguator
    ),
    dated as (
        select g.* replace (least(g.first_seen, coalesce(t.first_seen, g.first_seen)) as first_seen)
        from grouped g
        left join silver.artist_names t using (name_key)
    )
    select d.*, t.words, t.sound, t.core
    from dated d
    join silver.artist_names t on d.name_key = t.name_key and d.name = t.name
    union all
    select *, artist_sound(words), artist_core(words)
    from (
        select d.*, artist_words(d.name) as words
        from dated d
        anti join silver.artist_names t on d.name_key = t.name_key and d.name = t.name
    )
"""
