{# Releases, masters and labels of Discogs: what we read of one, as its API writes it (dumps are brought into
   that shape by `discogs_element`), and its row. What is lacking or of another type is null. #}
{% macro discogs_release_shape() -%}
{
    "id": "VARCHAR", "title": "VARCHAR", "country": "VARCHAR", "released": "VARCHAR", "year": "INTEGER",
    "artists": [{"name": "VARCHAR", "join": "VARCHAR"}], "labels": [{"name": "VARCHAR", "catno": "VARCHAR"}],
    "formats": [{"name": "VARCHAR", "qty": "VARCHAR", "text": "VARCHAR", "descriptions": ["VARCHAR"]}],
    "companies": [{"name": "VARCHAR", "entity_type_name": "VARCHAR"}],
    "identifiers": [{"type": "VARCHAR", "value": "VARCHAR"}],
    "genres": ["VARCHAR"], "styles": ["VARCHAR"], "notes": "VARCHAR", "master_id": "VARCHAR",
    "data_quality": "VARCHAR", "num_for_sale": "INTEGER", "lowest_price": "DOUBLE",
    "track_count": "INTEGER", "tracklist": [{"type_": "VARCHAR", "sub_tracks": ["JSON"]}]
    }
{%- endmacro %}

{# Rows of a relation with the struct `release`. #}
{% macro discogs_release_view(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    release.id as provider_release_id,
    nullif(trim(release.title), '') as title,
    list_transform(release.artists, lambda a: a.name) as artists,
    list_transform(release.labels, lambda l: regexp_replace(l.name, ' \(\d+\)$', '')) as labels,
    nullif(nullif(trim(release.labels[1].catno), 'none'), '') as catalog_number,
    list_filter(release.identifiers, lambda i: i.type = 'Barcode')[1].value as barcode,
    list_transform(release.formats, lambda f: f.name) as formats,
    nullif(release.country, '') as country,
    coalesce(nullif(release.released, ''), nullif(release.year, 0)::varchar) as released_raw,
    release.genres,
    release.styles,
    nullif(release.master_id, '0') as provider_master_id,
    coalesce(
        release.track_count,
        list_sum(list_transform(release.tracklist, lambda t:
            case
                when len(t.sub_tracks) > 0 then len(t.sub_tracks)
                when t.type_ in ('heading', 'index') then 0
                else 1
            end))
    )::integer as track_count,
    {# the first description that is a sort of release; a size or speed is none #}
    lower(list_filter(
        flatten(list_transform(release.formats, lambda f: f.descriptions)),
        lambda d: d in ('Single', 'EP', 'Album', 'Compilation', 'Mini-Album', 'Maxi-Single')
    )[1]) as release_type_raw,
    nullif(release.data_quality, '') as data_quality,
    release.num_for_sale as for_sale,
    release.lowest_price as lowest_price,

    {# what makes records of vinyl of it #}
    to_json(release.formats) as format_details,
    nullif(array_to_string(list_transform(
        list_filter(release.identifiers, lambda i: i.type = 'Matrix / Runout'), lambda i: i.value
    ), ' | '), '') as matrix_runout,
    list_filter(release.companies, lambda c: c.entity_type_name = 'Pressed By')[1].name as pressing_plant,
    nullif(release.notes, '') as notes
from {{ relation }}
where release.id is not null
{%- endmacro %}

{% macro discogs_master_shape() -%}
{
    "id": "VARCHAR", "title": "VARCHAR", "artists": [{"name": "VARCHAR"}], "year": "INTEGER", "genres": ["VARCHAR"],
    "styles": ["VARCHAR"], "main_release": "VARCHAR", "versions_count": "INTEGER", "data_quality": "VARCHAR"
    }
{%- endmacro %}

{# Rows of a relation with the struct `master`. #}
{% macro discogs_master_view(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    master.id as provider_master_id,
    nullif(trim(master.title), '') as title,
    list_transform(master.artists, lambda a: a.name) as artists,
    nullif(master.year, 0) as year,
    master.genres,
    master.styles,
    master.main_release as main_release_id,
    master.versions_count,
    nullif(master.data_quality, '') as data_quality
from {{ relation }}
where master.id is not null
{%- endmacro %}

{% macro discogs_label_shape() -%}
{
    "id": "VARCHAR", "name": "VARCHAR", "profile": "VARCHAR", "contact_info": "VARCHAR", "urls": ["VARCHAR"],
    "parent_label": {"id": "VARCHAR", "name": "VARCHAR"}, "sublabels": [{"name": "VARCHAR"}],
    "data_quality": "VARCHAR"
    }
{%- endmacro %}

{# Rows of a relation with the struct `label`. #}
{% macro discogs_label_view(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    label.id as provider_label_id,
    nullif(trim(label.name), '') as name,
    null::varchar as slug,
    nullif(trim(label.profile), '') as profile,
    label.parent_label.name as parent_label,
    label.parent_label.id as parent_label_id,
    list_transform(label.sublabels, lambda l: l.name) as sublabels,
    nullif(trim(label.contact_info), '') as contact_info,
    label.urls,
    null::integer as established_year,
    nullif(label.data_quality, '') as data_quality
from {{ relation }}
where label.id is not null
{%- endmacro %}
