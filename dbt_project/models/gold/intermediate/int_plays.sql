{{ config(materialized='ephemeral') }}

with

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

playlist_tracks as (select * from {{ source('silver', 'playlist_tracks') }}),

plays as (
    select
        playlist_tracks.playlist_id,
        playlist_tracks.position,
        playlist_tracks.track_id,
        playlists.dj_names,
        {{ is_dj_set('playlists.set_type') }} as is_dj_play,
        playlist_tracks.event_date,
        coalesce(playlists.event_date_precision, 'day') = 'day' as is_exact_date,
        (playlists.enriched_at at time zone 'UTC')::date as known_on
    from playlist_tracks
    left join playlists on playlist_tracks.playlist_id = playlists.playlist_id
    where playlist_tracks.track_id is not null and {{ is_track_row('playlist_tracks.kind') }}
)

select * from plays
