with

plays as (
    select * from {{ ref('int_plays') }}
    where is_dj_play
),

tracks as (select * from {{ ref('track_analytics') }}),

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

sets as (select * from {{ source('silver', 'dj_sets') }}),

described as (
    select
        plays.track_id,
        tracks.full_track_name,
        coalesce(playlists.dj_names, []) as dj_names,
        coalesce(sets.event_name, sets.venue, sets.show_name, playlists.venue, playlists.title) as event,
        plays.event_date,
        plays.event_date_precision,
        plays.position,
        plays.cue_time_ms,
        coalesce(sets.set_type, playlists.set_type) as set_type,
        sets.stage,
        sets.venue,
        sets.country,
        plays.set_id,
        plays.playlist_id,
        playlists.title as set_title,
        playlists.provider,
        playlists.source_url
    from plays
    inner join tracks on plays.track_id = tracks.track_id
    left join playlists on plays.playlist_id = playlists.playlist_id
    left join sets on plays.set_id = sets.set_id
),

worded as (
    select
        * replace (if(event_date is null, null, event_date_precision) as event_date_precision),
        concat(
            coalesce(nullif(array_to_string(dj_names, ' & '), ''), 'Unknown DJ'),
            ' at ' || event,
            ' (' || {{ shown_date('event_date', 'event_date_precision') }} || ')'
        ) as support
    from described
)

select
    track_id,
    full_track_name,
    support,
    dj_names,
    event,
    event_date,
    event_date_precision,
    position,
    cue_time_ms,
    set_type,
    stage,
    venue,
    country,
    set_id,
    playlist_id,
    set_title,
    provider,
    source_url
from worded
