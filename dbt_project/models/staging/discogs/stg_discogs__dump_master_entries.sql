{{ staging_config() }}
with source as (
    {{ bronze_answers('discogs', 'masters_xml') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(discogs_element(payload), '{{ discogs_master_shape() }}') as master
    from source
),

renamed as (
    {{ discogs_master_view('parsed') }}
)

select * from renamed
