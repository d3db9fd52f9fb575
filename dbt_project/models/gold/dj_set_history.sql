with

sets as (select * from {{ source('silver', 'dj_sets') }}),

djs as (select * from {{ ref('int_djs') }}),

playlists as (select * from {{ ref('playlist_analytics') }}),

-- a DJ named twice in one set played it once
billed as (
    select distinct
        sets.set_id,
        {{ dj_key('named.dj_name') }} as dj_key
    from sets
    cross join unnest(sets.dj_names) as named (dj_name)
    where {{ dj_key('named.dj_name') }} is not null
),

numbered as (
    select
        billed.dj_key,
        billed.set_id,
        row_number() over (
            partition by billed.dj_key
            order by sets.event_date asc nulls last, sets.set_id asc
        ) as set_number,
        sets.event_date - lag(sets.event_date) over (
            partition by billed.dj_key, sets.event_date_precision = 'day'
            order by sets.event_date asc nulls last, sets.set_id asc
        ) as days_since_previous
    from billed
    inner join sets on billed.set_id = sets.set_id
),

described as (
    select
        djs.dj_name as dj,
        djs.artist_id,
        numbered.set_number,
        sets.set_id,
        sets.title,
        list_filter(
            sets.dj_names, lambda name: {{ dj_key('name') }} is distinct from djs.dj_key
        ) as played_with,
        sets.event_date,
        case
            when sets.event_date is not null then coalesce(sets.event_date_precision, 'day')
        end as event_date_precision,
        case
            when sets.event_date_precision = 'day' then numbered.days_since_previous::integer
        end as days_since_previous,
        sets.set_type,
        sets.event_name,
        sets.stage,
        sets.venue,
        sets.country,
        sets.show_name,
        sets.episode_number,
        coalesce(playlists.duration_ms, sets.duration_ms) as duration_ms,
        coalesce(playlists.track_count, sets.track_count) as track_count,
        coalesce(playlists.identified_count, sets.identified_count) as identified_count,
        playlists.avg_bpm,
        playlists.genre_distribution[1].genre as most_common_genre,
        playlists.harmonic_flow_score,
        playlists.energy_slope,
        sets.recording_url,
        sets.playlist_id,
        sets.providers
    from numbered
    inner join sets on numbered.set_id = sets.set_id
    inner join djs on numbered.dj_key = djs.dj_key
    left join playlists on sets.playlist_id = playlists.playlist_id
)

select * from described
