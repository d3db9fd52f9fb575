{{ staging_config() }}
{#- Elements of rekordbox XML libraries, parsed once: tracks and playlists, told apart by the request key
    (<library>/track/<id>, <library>/playlist/<path>). -#}
with source as (
    {{ bronze_answers('dj_library', 'rekordbox_xml') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        source_entity_id,
        fetched_at,
        source_url,

        split_part(request_key, '/', 1) as library,
        split_part(request_key, '/', 2) as item,
        xml_to_json(payload)::json as element
    from source
)

select * from renamed
