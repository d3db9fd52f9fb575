"""``silver.releases``, ``masters``, ``labels``, ``vinyl_records`` and ``collection_items``.

What providers say of releases, typed; each by its latest answer, whether it came in a dump or over HTTP.
Which provider is believed is decided for tracks alone: here every provider keeps its own row.
"""

import duckdb

from enrichment.engine import Day, staging_relations, union_of
from lake import tables

_HEAD = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    **dict.fromkeys(("bronze_id", "provider", "source_url"), "varchar"),
}
_RELEASE = _HEAD | {
    **dict.fromkeys(
        (
            "provider_release_id", "title", "catalog_number", "barcode", "country", "released_raw",
            "provider_master_id", "release_type_raw", "data_quality", "matrix_runout", "pressing_plant",
            "notes",
        ),
        "varchar",
    ),
    **dict.fromkeys(("artists", "labels", "formats", "genres", "styles"), "varchar[]"),
    "track_count": "integer",
    "for_sale": "integer",
    "lowest_price": "decimal(12,2)",
    "format_details": "json",
}  # fmt: skip
_MASTER = _HEAD | {
    **dict.fromkeys(("provider_master_id", "title", "main_release_id", "data_quality"), "varchar"),
    **dict.fromkeys(("artists", "genres", "styles"), "varchar[]"),
    "year": "integer",
    "versions_count": "integer",
}
_LABEL = _HEAD | {
    **dict.fromkeys(
        (
            "provider_label_id", "name", "slug", "profile", "parent_label", "parent_label_id", "contact_info",
            "data_quality",
        ),
        "varchar",
    ),
    "sublabels": "varchar[]",
    "urls": "varchar[]",
    "established_year": "integer",
}  # fmt: skip
_ITEM = _HEAD | {
    **dict.fromkeys(
        (
            "user_name", "item_key", "provider_release_id", "artist_raw", "title_raw", "label_raw",
            "catalog_number", "format_raw", "released_raw", "folder", "media_condition", "sleeve_condition",
            "notes",
        ),
        "varchar",
    ),
    "rating": "integer",
    "added_at": "timestamptz",
}  # fmt: skip


def _id(kind: str, number: str, of: str = "d") -> str:
    """SQL of the id of a provider's release, master, label or item; null where the provider names none.

    Args:
        kind: which of them.
        number: column with the provider's own id.
        of: alias of the relation.
    """
    named = f"stable_uuid(concat_ws(chr(31), '{kind}', {of}.provider, {of}.{number}))"
    return f"case when {of}.{number} is not null then {named} end"


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> dict[str, tables.Changes]:
    """Bring one day's releases, masters, labels, vinyl records and collections into silver.

    Returns:
        Changes by table.
    """
    for table, suffix, columns, key in (
        ("day_releases", "_release_entries", _RELEASE, "provider_release_id"),
        ("day_masters", "_master_entries", _MASTER, "provider_master_id"),
        ("day_labels", "_label_entries", _LABEL, "provider_label_id"),
        ("day_items", "_collection_items", _ITEM, "item_key"),
    ):
        source = union_of(staging_relations(connection, suffix, day), columns, day)
        connection.execute(_LATEST.format(table=table, source=source, key=key))
    for statement in (_RELEASES, _TOUCHED, _VINYL, _LABELS, _ITEMS):
        connection.execute(statement)
    return tables.transaction(connection, lambda: _store(connection), message=f"releases of {day.date}")


_LATEST = """
    create or replace temp table {table} as
    select * from ({source})
    qualify row_number() over (partition by provider, {key} order by fetched_at desc, bronze_id desc) = 1
"""

_TYPES = """
    case release_type_raw
        when 'mini-album' then 'album'
        when 'maxi-single' then 'single'
        else case when release_type_raw in ('single', 'ep', 'album', 'compilation') then release_type_raw end
    end"""

# silver may hold a later answer than the day's (an old day run again): that one stays
_RELEASES = f"""
    create or replace temp table fresh_releases as
    select {_id("release", "provider_release_id")} as release_id,
        d.provider, d.provider_release_id, d.title, d.artists, d.labels[1] as label, d.labels,
        d.catalog_number, d.barcode, d.formats, d.country, d.released_raw,
        partial_date(d.released_raw)['value'] as release_date,
        partial_date(d.released_raw)['precision'] as release_date_precision,
        d.genres, d.styles, {_TYPES} as release_type, d.track_count,
        {_id("master", "provider_master_id")} as master_id,
        d.provider_master_id, d.data_quality, d.for_sale, d.lowest_price,
        d.bronze_id, d.source_url, d.ingest_date, d.fetched_at
    from day_releases d
    anti join (select provider, provider_release_id, fetched_at from silver.releases) t
        on d.provider = t.provider and d.provider_release_id = t.provider_release_id
        and t.fetched_at > d.fetched_at
"""

_COLORS = (
    "black|white|clear|transparent|translucent|red|blue|green|yellow|orange|purple|violet|pink|grey|gray|brown|"
    "gold|silver|marbled|splatter|coloured|colored|smoke|turquoise|magenta|picture disc"
)
# one row per vinyl format: its first description in inches or "LP" is the format, a number of RPM the speed
_VINYL = rf"""
    create or replace temp table fresh_vinyl as
    with formats as (
        select provider, provider_release_id, bronze_id, pressing_plant, matrix_runout, notes,
            unnest(details) as detail, generate_subscripts(details, 1) as format_number
        from (
            select *, from_json(format_details,
                '[{{"name": "VARCHAR", "qty": "VARCHAR", "text": "VARCHAR", "descriptions": ["VARCHAR"]}}]'
            ) as details
            from day_releases
        )
    ),
    vinyl as (
        select *, coalesce(detail.descriptions, []) as said,
            concat_ws(' ', detail.text, array_to_string(detail.descriptions, ' ')) as words
        from formats
        where detail.name = 'Vinyl'
    )
    select
        stable_uuid(concat_ws(chr(31), 'vinyl', provider, provider_release_id, format_number)) as vinyl_id,
        {_id("release", "provider_release_id", "vinyl")} as release_id,
        format_number::integer as format_number,
        coalesce(
            list_filter(said, lambda d: regexp_full_match(d, '\d+(\.\d+)?"'))[1],
            list_filter(said, lambda d: d in ('LP', 'EP'))[1]
        ) as format,
        greatest(coalesce(try_cast(detail.qty as integer), 1), 1) as quantity,
        case
            when regexp_matches(words, '\b33\b.*RPM') then 33
            when regexp_matches(words, '\b45\b ?RPM') then 45
            when regexp_matches(words, '\b78\b ?RPM') then 78
        end as rpm,
        case
            when regexp_matches(coalesce(detail.text, ''), '(?i)\b({_COLORS})\b')
                and not regexp_matches(detail.text, '(?i)\b(cover|sleeve|label|jacket)')
                then trim(detail.text)
        end as color,
        try_cast(nullif(regexp_extract(words, '(?i)\b(\d{{2,3}}) ?(?:g|gr|gram|grams)\b', 1), '') as integer)
            as weight_g,
        list_contains(said, 'Limited Edition') as limited_edition,
        try_cast(nullif(regexp_replace(regexp_extract(
            concat_ws(' ', words, notes),
            '(?i)(?:limited (?:edition )?(?:to|of) |edition of )(\d{{1,3}}[.,]\d{{3}}|\d{{2,5}})\b', 1
        ), '[.,]', '', 'g'), '') as integer) as edition_size,
        pressing_plant, nullif(matrix_runout, '') as matrix_runout, said as descriptions, bronze_id
    from vinyl
"""

_LABELS = f"""
    create or replace temp table fresh_labels as
    select {_id("label", "provider_label_id")} as label_id,
        d.provider, d.provider_label_id, d.name, d.slug, d.profile, d.parent_label,
        {_id("label", "parent_label_id")} as parent_label_id,
        d.sublabels, d.contact_info, d.urls, d.established_year, d.data_quality, d.bronze_id, d.source_url,
        d.ingest_date, d.fetched_at
    from day_labels d
    anti join (select provider, provider_label_id, fetched_at from silver.labels) t
        on d.provider = t.provider and d.provider_label_id = t.provider_label_id
        and t.fetched_at > d.fetched_at
"""

_ITEMS = f"""
    create or replace temp table fresh_items as
    select {_id("collection item", "item_key")} as item_id, user_name, provider, provider_release_id,
        {_id("release", "provider_release_id")} as release_id, artist_raw, title_raw, label_raw,
        catalog_number, format_raw, released_raw, folder, rating, added_at, media_condition, sleeve_condition,
        notes, bronze_id, ingest_date, fetched_at
    from day_items d
"""

# masters that gained or lost a version
_TOUCHED = """
    create or replace temp table touched_masters as
    select master_id from fresh_releases where master_id is not null
    union
    select t.master_id from silver.releases t
    semi join fresh_releases f on t.release_id = f.release_id
    where t.master_id is not null
"""

# masters of the day, and those of which the day's releases are, or were, versions
_MASTERS = f"""
    create or replace temp table fresh_masters as
    with versions as (
        select master_id, count(*)::integer as seen from silver.releases
        where master_id is not null group by master_id
    ),
    told as (
        select {_id("master", "provider_master_id")} as master_id,
            d.provider, d.provider_master_id, d.title, d.artists, d.year, d.genres, d.styles,
            {_id("release", "main_release_id")} as main_release_id,
            d.main_release_id as provider_main_release_id, d.versions_count, d.data_quality, d.bronze_id,
            d.source_url, d.ingest_date, d.fetched_at
        from day_masters d
        anti join (select provider, provider_master_id, fetched_at from silver.masters) t
            on d.provider = t.provider and d.provider_master_id = t.provider_master_id
            and t.fetched_at > d.fetched_at
        union all by name
        select t.* exclude (versions_seen) from silver.masters t
        semi join touched_masters f on t.master_id = f.master_id
        anti join day_masters d on t.provider_master_id = d.provider_master_id
    )
    select told.*, coalesce(versions.seen, 0) as versions_seen
    from told left join versions on told.master_id = versions.master_id
"""


def _store(connection: duckdb.DuckDBPyConnection) -> dict[str, tables.Changes]:
    changes = {
        "releases": tables.merge_changed(
            connection, "silver.releases", "fresh_releases", key=("release_id",), scope="false"
        ),
        "vinyl_records": tables.merge_changed(
            connection,
            "silver.vinyl_records",
            "(select v.* from fresh_vinyl v semi join fresh_releases r on v.release_id = r.release_id)",
            key=("vinyl_id",),
            scope="t.release_id in (select release_id from fresh_releases)",
        ),
        "labels": tables.merge_changed(
            connection, "silver.labels", "fresh_labels", key=("label_id",), scope="false"
        ),
        "collection_items": tables.merge_changed(
            connection, "silver.collection_items", "fresh_items", key=("item_id",), scope="false"
        ),
    }
    connection.execute(_MASTERS)
    changes["masters"] = tables.merge_changed(
        connection, "silver.masters", "fresh_masters", key=("master_id",), scope="false"
    )
    return changes
