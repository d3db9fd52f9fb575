{{ staging_config() }}
{#- Every hit is a row; which of them is the track that was asked for is matching's business. -#}
with hits as (
    {{ hits_of('spotify', 'search_api', '$.tracks.items[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{{ spotify_track_shape() }}') as track
    from hits
),

renamed as (
    {{ spotify_track_view('parsed') }}
)

select * from renamed
