{{ staging_config() }}
with source as (
    {{ bronze_answers('discogs', 'releases_xml') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(discogs_element(payload), '{{ discogs_release_shape() }}') as release
    from source
),

renamed as (
    {{ discogs_release_view('parsed') }}
)

select * from renamed
