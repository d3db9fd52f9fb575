with

genre_tracks as (select * from {{ ref('int_genre_tracks') }}),

plays as (
    select * from {{ ref('int_plays') }}
    where is_dj_play and track_id in (select genre_tracks.track_id from genre_tracks)
),

-- a play dated only to the year belongs to the year and to all time, not to one of its months
periods as (
    select
        kinds.period_kind,
        {{ period_start('kinds.period_kind', 'plays.event_date') }} as period_start,
        coalesce(plays.set_id, plays.playlist_id) as set_id,
        plays.dj_keys,
        plays.track_id
    from plays
    cross join unnest(['all', 'year', 'quarter', 'month']) as kinds (period_kind)
    where
        kinds.period_kind = 'all'
        or (plays.event_date is not null and plays.event_date_precision <> 'year')
        or (plays.event_date is not null and kinds.period_kind = 'year')
),

played as (
    select
        period_kind,
        period_start,
        track_id,
        count(*) as play_count,
        count(distinct set_id) as set_count,
        len(list_distinct(flatten(list(dj_keys)))) as distinct_djs
    from periods
    group by period_kind, period_start, track_id
),

ranked as (
    select
        genre_tracks.level,
        genre_tracks.genre,
        played.period_kind,
        {{ period_label('played.period_kind', 'played.period_start') }} as period,
        played.period_start,
        row_number() over (
            partition by genre_tracks.level, genre_tracks.genre, played.period_kind, played.period_start
            order by
                played.play_count desc,
                played.distinct_djs desc,
                genre_tracks.popularity_score desc nulls last,
                genre_tracks.full_track_name asc,
                genre_tracks.track_id asc
        ) as rank,
        genre_tracks.track_id,
        genre_tracks.full_track_name,
        genre_tracks.artist,
        genre_tracks.title,
        genre_tracks.version,
        genre_tracks.label,
        genre_tracks.release_date,
        genre_tracks.bpm,
        genre_tracks.key,
        genre_tracks.energy,
        played.play_count,
        played.set_count,
        played.distinct_djs,
        genre_tracks.popularity_score
    from genre_tracks
    inner join played on genre_tracks.track_id = played.track_id
    qualify rank <= {{ leaderboard_size('played.period_kind') }}
)

select * from ranked
