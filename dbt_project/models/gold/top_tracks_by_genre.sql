with

tracks as (select * from {{ ref('track_analytics') }}),

-- a track whose genre is known no closer than its root stands under that name on both levels
placed as (
    select
        'root' as level,
        genre_root as genre,
        track_id
    from tracks
    where genre_root is not null and play_count > 0
    union all
    select
        'primary' as level,
        genre_primary as genre,
        track_id
    from tracks
    where genre_primary is not null and play_count > 0
),

ranked as (
    select
        placed.level,
        placed.genre,
        row_number() over (
            partition by placed.level, placed.genre
            order by
                tracks.play_count desc,
                tracks.popularity_score desc nulls last,
                tracks.full_track_name asc,
                tracks.track_id asc
        ) as rank,
        tracks.track_id,
        tracks.full_track_name,
        tracks.artist,
        tracks.title,
        tracks.version,
        tracks.label,
        tracks.release_date,
        tracks.bpm,
        tracks.key,
        tracks.energy,
        tracks.play_count,
        tracks.playlist_appearances,
        tracks.distinct_djs,
        tracks.popularity_score
    from placed
    inner join tracks on placed.track_id = tracks.track_id
    qualify rank <= {{ gold_setting('leaderboard_size') }}
)

select * from ranked
