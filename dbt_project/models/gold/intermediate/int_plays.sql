{{ config(materialized='ephemeral') }}

with

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

lists as (select * from {{ ref('int_set_lists') }}),

identified as (
    select * from {{ source('silver', 'playlist_tracks') }}
    where track_id is not null and {{ is_track_row('kind') }}
),

-- what an earlier list of the same set has told already was not played a second time
retold as (
    select distinct
        identified.playlist_id,
        identified.track_id
    from identified
    inner join lists on identified.playlist_id = lists.playlist_id
    where lists.list_count > 1
    qualify
        lists.list_no > min(lists.list_no) over (partition by lists.set_id, identified.track_id)
),

plays as (
    select
        identified.playlist_id,
        lists.set_id,
        identified.position,
        identified.track_id,
        identified.cue_time_ms,
        playlists.dj_names,
        coalesce({{ dj_keys('playlists.dj_names') }}, []) as dj_keys,
        {{ is_dj_set('playlists.set_type') }} and retold.track_id is null as is_dj_play,
        identified.event_date,
        coalesce(playlists.event_date_precision, 'day') as event_date_precision,
        coalesce(playlists.event_date_precision, 'day') = 'day' as is_exact_date,
        (playlists.enriched_at at time zone 'UTC')::date as known_on
    from identified
    left join playlists on identified.playlist_id = playlists.playlist_id
    left join lists on identified.playlist_id = lists.playlist_id
    left join retold
        on identified.playlist_id = retold.playlist_id and identified.track_id = retold.track_id
)

select * from plays
