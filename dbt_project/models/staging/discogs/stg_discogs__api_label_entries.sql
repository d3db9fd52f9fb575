{{ staging_config() }}
with source as (
    {{ http_answers('discogs', 'labels_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{{ discogs_label_shape() }}') as label
    from source
),

renamed as (
    {{ discogs_label_view('parsed') }}
)

select * from renamed
