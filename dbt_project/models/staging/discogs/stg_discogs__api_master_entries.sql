{{ staging_config() }}
with source as (
    {{ http_answers('discogs', 'masters_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{{ discogs_master_shape() }}') as master
    from source
),

renamed as (
    {{ discogs_master_view('parsed') }}
)

select * from renamed
