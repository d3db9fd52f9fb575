{{ staging_config() }}
with page_rows as (
    {{ page_rows(ref('base_1001tracklists__pages')) }}
),

renamed as (
    {{ page_play_columns('page_rows') }}
)

select * from renamed
