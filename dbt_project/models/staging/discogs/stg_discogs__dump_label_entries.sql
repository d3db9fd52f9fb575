{{ staging_config() }}
with source as (
    {{ bronze_answers('discogs', 'labels_xml') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(discogs_element(payload), '{{ discogs_label_shape() }}') as label
    from source
),

renamed as (
    {{ discogs_label_view('parsed') }}
)

select * from renamed
