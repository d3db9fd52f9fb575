{%- set recent_days = gold_setting('trending_recent_days') -%}
{%- set window_days = recent_days + gold_setting('trending_prior_days') -%}
with

events as (select * from {{ ref('int_track_events') }}),

reference as (select * from {{ ref('int_trending_reference') }}),

tracks as (select * from {{ ref('track_analytics') }}),

-- An event counts from the day after it. It is seen from the firsts of months whose window it lies in: these
-- are the rows there are, so that no row exists because of something that was still to come.
seen as (
    select
        events.track_id,
        firsts.as_of::date as as_of,
        firsts.as_of::date - events.event_date as days_ago,
        events.exact_plays
    from events
    cross join
        unnest(generate_series(
            date_trunc('month', events.event_date) + interval 1 month,
            (events.event_date + {{ window_days }})::timestamp,
            interval 1 month
        )) as firsts (as_of)
),

windows as (
    select
        seen.track_id,
        seen.as_of,
        sum(if(seen.days_ago <= {{ recent_days }}, seen.exact_plays, 0))::integer as recent_plays,
        sum(if(seen.days_ago > {{ recent_days }}, seen.exact_plays, 0))::integer as prior_plays
    from seen
    cross join reference
    where seen.as_of <= reference.day + 1
    group by seen.track_id, seen.as_of
),

-- all that had happened by the end of each day on which something did
so_far as (
    select
        track_id,
        event_date,
        sum(plays) over upto as plays_before,
        sum(new_djs) over upto as djs_before,
        sum(chart_places) over upto as chart_places_before,
        min(best_position) over upto as best_position_before,
        sum(listens) over upto as listens_before,
        max(if(plays > 0, event_date, null)) over upto as last_played,
        min(if(plays > 0, event_date, null)) over upto as first_played
    from events
    window upto as (partition by track_id order by event_date rows unbounded preceding)
),

-- what the month that begins there brought: the answer a model is to guess, unknown until it is over
following as (
    select
        track_id,
        date_trunc('month', event_date)::date as as_of,
        sum(exact_plays)::integer as plays
    from events
    group by track_id, date_trunc('month', event_date)
),

features as (
    select
        windows.track_id,
        windows.as_of,
        so_far.plays_before::integer as plays_before,
        windows.recent_plays as plays_30d,
        windows.prior_plays as plays_prior_90d,
        {{ trending_score('windows.recent_plays', 'windows.prior_plays') }} as trending_score,
        so_far.djs_before::integer as djs_before,
        windows.as_of - so_far.first_played as days_since_first_play,
        windows.as_of - so_far.last_played as days_since_last_play,
        so_far.chart_places_before::integer as chart_places_before,
        so_far.best_position_before,
        so_far.listens_before::integer as listens_before,
        case
            when tracks.release_date < windows.as_of then windows.as_of - tracks.release_date
        end as days_since_release,
        tracks.bpm,
        tracks.key,
        tracks.energy,
        tracks.danceability,
        tracks.valence,
        tracks.duration_ms,
        tracks.genre_root,
        tracks.genre_primary,
        if(
            windows.as_of + interval 1 month <= reference.day + 1, coalesce(following.plays, 0), null
        ) as target_plays_in_month
    from windows
    cross join reference
    inner join tracks on windows.track_id = tracks.track_id
    asof inner join so_far
        on windows.track_id = so_far.track_id and windows.as_of > so_far.event_date
    left join following on windows.track_id = following.track_id and windows.as_of = following.as_of
)

select * from features
