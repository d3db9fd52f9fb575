{{ staging_config() }}
with source as (
    {{ http_answers('discogs', 'releases_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{{ discogs_release_shape() }}') as release
    from source
),

renamed as (
    {{ discogs_release_view('parsed') }}
)

select * from renamed
