{{ staging_config() }}
{#- Every hit is a row; which of them is the track that was asked for is matching's business. -#}
with hits as (
    {{ hits_of('beatport', 'tracks_list_api', '$.results[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{{ beatport_track_shape() }}') as track
    from hits
),

renamed as (
    {{ beatport_track_view('parsed') }}
)

select * from renamed
