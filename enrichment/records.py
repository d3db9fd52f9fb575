"""Staging -> ``silver.track_records``: each provider's view of each track, typed and normalised.

A record is what one stream of one provider says about one track: keyed by the provider's id where it has one,
else by the words it uses. Its columns are those of its latest answer; ``silver.record_answers`` keeps all of
them.
"""

from collections.abc import Sequence

import duckdb

from enrichment import schema
from enrichment.engine import Day, staging_relations, union_of
from enrichment.text.record import parse_records
from lake import tables
from lake.parallel import Workers

_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    **dict.fromkeys(
        (
            "bronze_id", "provider", "stream", "source_url", "source_entity_id", "artist_raw", "title_raw",
            "mix_name_raw", "remixer_raw", "album_raw", "label_raw", "catalog_number", "track_position",
            "formats_raw", "isrc_raw", "iswc_raw", *schema.EXTERNAL_IDS, "bpm_raw", "key_raw", "genre_raw",
            "subgenre_raw", "release_date_raw",
        ),
        "varchar",
    ),
    "duration_ms": "bigint",
    **dict.fromkeys(schema.AUDIO_FEATURES, "double"),
    "popularity": "integer",
    "confidence": "json",
}  # fmt: skip
RECORD_ID = """
    case when source_entity_id is not null
        then md5(concat_ws(chr(31), provider, stream, 'id', source_entity_id))
        else md5(concat_ws(chr(31), provider, stream, 'text', lower(trim(coalesce(artist_raw, ''))),
            lower(trim(coalesce(title_raw, ''))), lower(trim(coalesce(mix_name_raw, ''))),
            lower(trim(coalesce(remixer_raw, ''))), lower(trim(coalesce(label_raw, ''))),
            lower(trim(coalesce(catalog_number, '')))))
    end"""
"""SQL of a record's id, over the common columns of track views and of plays."""
TRACK_KINDS = "('track', 'mashup')"
"""Kinds of plays that are tracks; unknown rows, jingles, notes and the elements of a mashup are not."""


def build(connection: duckdb.DuckDBPyConnection, day: Day, answers: str = "true") -> tables.Changes:
    """Bring the records of one day of answers into ``silver.track_records`` and ``silver.record_answers``.

    Args:
        connection: prepared lake connection.
        day: the partition.
        answers: SQL condition on ``bronze_id``, where not all of the day's answers are meant.
    """
    views, plays = (staging_relations(connection, suffix, day) for suffix in ("_tracks", "_plays"))
    derive(connection, day, views, plays, answers)
    return tables.transaction(
        connection, lambda: _store(connection, day, answers), message=f"track records of {day.date}"
    )


def derive(
    connection: duckdb.DuckDBPyConnection,
    day: Day,
    track_views: Sequence[str],
    play_rows: Sequence[str],
    answers: str = "true",
) -> None:
    """Temporary table ``fresh_records``: what one day of answers makes of the records they describe.

    Args:
        connection: prepared lake connection.
        day: the partition.
        track_views: relations shaped as the staging models named ``*_tracks``.
        play_rows: relations shaped as those named ``*_plays``.
        answers: SQL condition on ``bronze_id``, where not all of the day's answers are meant.
    """
    _collect(connection, day, track_views, play_rows, answers)
    parse_spellings(connection, "day_records")
    connection.execute(_NORMALISED)


def _collect(
    connection: duckdb.DuckDBPyConnection,
    day: Day,
    track_views: Sequence[str],
    play_rows: Sequence[str],
    answers: str,
) -> None:
    """Temporary table ``day_views``: what the day's answers say, one row per answer and record."""
    views = union_of(track_views, _COLUMNS, day, where=answers)
    plays = union_of(
        play_rows,
        _COLUMNS,
        day,
        where=f"kind in {TRACK_KINDS} and ({answers})",
    )
    connection.execute(
        f"""
        create or replace temp table day_views as
        with views as (select *, true as whole from ({views}) union all select *, false from ({plays}))
        select *, {RECORD_ID} as record_id
        from views
        where source_entity_id is not null or coalesce(trim(title_raw), '') <> ''
        """
    )
    connection.execute(
        f"""
        create or replace temp table day_records as
        select * from day_views
        -- One answer can hold a track and its place in a playlist: the view of the track says more. It can
        -- also name a track twice in different words: the columns themselves decide, so that chance does not.
        qualify row_number() over (
            partition by record_id
            order by fetched_at desc, whole desc, bronze_id desc, {", ".join(_COLUMNS)}
        ) = 1
        """
    )


def parse_spellings(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Temporary table ``parsed``: each distinct spelling in `source` parsed once."""
    spellings = connection.execute(
        f"""
        select distinct artist_raw, title_raw, mix_name_raw, remixer_raw from {source}
        where title_raw is not null
        order by all
        """
    ).to_arrow_table()
    (threads,) = tables.one(connection, "select current_setting('threads')")
    with Workers(parse_records, processes=int(threads)) as workers:
        parsed = workers.map(spellings, worth=20_000)
    for name in reversed(spellings.column_names):
        parsed = parsed.add_column(0, name, spellings[name])
    connection.register("parsed_batch", parsed)
    connection.execute("create or replace temp table parsed as select * from parsed_batch")
    connection.unregister("parsed_batch")


_NORMALISED = f"""
    create or replace temp table fresh_records as
    select
        r.record_id, r.provider, r.stream, r.source_entity_id, r.bronze_id, r.ingest_date,
        r.ingest_date as first_seen, r.fetched_at, r.source_url,
        r.artist_raw, r.title_raw, r.mix_name_raw, r.remixer_raw,
        p.artist, p.title, p.version, p.version_kind, p.version_key, p.artists, p.featured, p.remixers,
        p.artist_names, p.artist_key, p.title_key, coalesce(p.usable, false) as usable,
        nullif(trim(r.album_raw), '') as album, nullif(trim(r.label_raw), '') as label,
        nullif(trim(r.catalog_number), '') as catalog_number, r.track_position,
        r.isrc_raw, clean_isrc(r.isrc_raw) as isrc, r.iswc_raw, clean_iswc(r.iswc_raw) as iswc,
        r.formats_raw, clean_formats(r.formats_raw) as available_formats,
        {", ".join(f"r.{name}" for name in schema.EXTERNAL_IDS)},
        r.bpm_raw, clean_bpm(r.bpm_raw) as bpm,
        r.key_raw, camelot(r.key_raw) as key_camelot, standard_key(r.key_raw) as key_standard,
        nullif(trim(r.genre_raw), '') as genre, nullif(trim(r.subgenre_raw), '') as subgenre,
        r.release_date_raw, partial_date(r.release_date_raw)['value'] as release_date,
        partial_date(r.release_date_raw)['precision'] as release_date_precision,
        r.duration_ms, {", ".join(f"r.{name}" for name in schema.AUDIO_FEATURES)}, r.popularity, r.confidence
    from day_records r
    left join parsed p
        on r.artist_raw is not distinct from p.artist_raw and r.title_raw is not distinct from p.title_raw
        and r.mix_name_raw is not distinct from p.mix_name_raw
        and r.remixer_raw is not distinct from p.remixer_raw
"""


def _store(connection: duckdb.DuckDBPyConnection, day: Day, answers: str) -> tables.Changes:
    """Upsert: a record already known by a later answer keeps it, and every record keeps its first day."""
    connection.execute(
        """
        create or replace temp table upsert_records as
        select f.* replace (least(f.first_seen, coalesce(t.first_seen, f.first_seen)) as first_seen)
        from fresh_records f
        left join silver.track_records t on f.record_id = t.record_id
        where t.record_id is null or (t.fetched_at, t.bronze_id) <= (f.fetched_at, f.bronze_id)
        """
    )
    changes = tables.merge_changed(
        connection, "silver.track_records", "upsert_records", key=("record_id",), scope="false"
    )
    connection.execute(
        "create or replace temp table fresh_answers as "
        "select distinct record_id, bronze_id, ingest_date from day_views"
    )
    tables.merge_changed(
        connection,
        "silver.record_answers",
        "fresh_answers",
        key=("record_id", "bronze_id"),
        scope=f"t.ingest_date = {day.sql} and ({answers})",
    )
    return changes
