{{ staging_config() }}
with source as (
    {{ http_answers('musicbrainz', 'recordings_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{{ musicbrainz_recording_shape() }}') as recording
    from source
),

renamed as (
    {{ musicbrainz_recording_view('parsed') }}
)

select * from renamed
