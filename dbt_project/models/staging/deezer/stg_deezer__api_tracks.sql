{{ staging_config() }}
with source as (
    {{ bronze_answers('deezer', 'tracks_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select * exclude (payload), from_json(payload, '{{ deezer_track_shape() }}') as track
    from source
),

renamed as (
    {{ deezer_track_view('parsed') }}
)

select * from renamed
