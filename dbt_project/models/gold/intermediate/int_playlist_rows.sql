{{ config(materialized='ephemeral') }}

with

playlist_tracks as (select * from {{ source('silver', 'playlist_tracks') }}),

tracks as (select * from {{ ref('track_analytics') }}),

-- an unidentified row stays: it was played, and it parts its neighbours
rows_played as (
    select
        playlist_tracks.playlist_id,
        playlist_tracks.position,
        playlist_tracks.track_id,
        tracks.genre_primary as genre,
        tracks.bpm,
        tracks.key,
        tracks.energy::decimal(5, 4) as energy
    from playlist_tracks
    left join tracks on playlist_tracks.track_id = tracks.track_id
    where {{ is_track_row('playlist_tracks.kind') }} or playlist_tracks.kind = 'unknown'
)

select * from rows_played
