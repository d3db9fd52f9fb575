with

plays as (select * from {{ ref('dj_support_detail') }}),

tracks as (select * from {{ ref('track_analytics') }}),

djs as (select * from {{ ref('int_djs') }}),

dj_plays as (
    select
        plays.track_id,
        keyed.dj_key,
        coalesce(plays.set_id, plays.playlist_id) as set_id,
        plays.event_date
    from plays
    cross join unnest({{ dj_keys('plays.dj_names') }}) as keyed (dj_key)
),

supporters as (
    select
        track_id,
        dj_key,
        count(*) as plays,
        count(distinct set_id) as sets,
        min(event_date) as first_played,
        max(event_date) as last_played
    from dj_plays
    group by track_id, dj_key
),

ranked as (
    select
        supporters.*,
        djs.dj_name as dj,
        row_number() over (
            partition by supporters.track_id
            order by supporters.plays desc, supporters.first_played asc nulls last, supporters.dj_key asc
        ) as rank
    from supporters
    inner join djs on supporters.dj_key = djs.dj_key
),

listed as (
    select
        track_id,
        count(*) as supporters,
        -- sorted after gathering: an aggregate that orders its own input takes 20 times the memory
        list_sort(list({
            'rank': rank,
            'dj': dj,
            'plays': plays,
            'sets': sets,
            'first_played': first_played,
            'last_played': last_played
        }) filter (where rank <= {{ gold_setting('top_djs_listed') }})) as top_djs,
        min_by(dj, (first_played, dj_key)) filter (where first_played is not null) as first_supporter
    from ranked
    group by track_id
),

totals as (
    select
        plays.track_id,
        count(*) as plays,
        count(distinct coalesce(plays.set_id, plays.playlist_id)) as sets,
        min(plays.event_date) as first_played,
        max(plays.event_date) as last_played,
        count(*) filter (
            where plays.event_date < tracks.release_date
            and plays.event_date_precision = 'day' and tracks.release_date_precision = 'day'
        ) as plays_before_release,
        any_value(tracks.full_track_name) as full_track_name,
        any_value(tracks.artist) as artist,
        any_value(tracks.title) as title,
        any_value(tracks.genre_primary) as genre
    from plays
    inner join tracks on plays.track_id = tracks.track_id
    group by plays.track_id
),

described as (
    select
        totals.track_id,
        totals.full_track_name,
        totals.artist,
        totals.title,
        totals.genre,
        coalesce(listed.supporters, 0) as supporters,
        totals.plays,
        totals.sets,
        totals.first_played,
        totals.last_played,
        listed.first_supporter,
        totals.plays_before_release,
        totals.sets > 1 and coalesce(listed.supporters, 0) = 1 as is_exclusive,
        coalesce(listed.top_djs, []) as top_djs
    from totals
    left join listed on totals.track_id = listed.track_id
)

select * from described
