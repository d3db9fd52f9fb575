{{ staging_config() }}
{#- Every hit is a row; which of them is the track that was asked for is matching's business. -#}
with hits as (
    {{ hits_of('musicbrainz', 'isrcs_api', '$.recordings[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{{ musicbrainz_recording_shape() }}') as recording
    from hits
),

renamed as (
    {{ musicbrainz_recording_view('parsed') }}
)

select * from renamed
