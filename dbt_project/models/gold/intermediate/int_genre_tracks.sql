{{ config(materialized='ephemeral') }}

with

tracks as (select * from {{ ref('track_analytics') }}),

spelt as (
    select genre_root as spelling from tracks
    union all
    select genre_primary as spelling from tracks
),

counted as (
    select
        {{ genre_key('spelling') }} as genre_key,
        spelling,
        count(*) as uses
    from spelt
    where spelling is not null
    group by spelling
),

-- "Hip-Hop" and "hip hop" are one genre, called as most call it
named as (
    select
        genre_key,
        min_by(spelling, (-uses, spelling)) as genre,
        list_sort(list(spelling)) as spellings
    from counted
    group by genre_key
),

genres as (
    select
        counted.spelling,
        named.genre,
        named.spellings
    from counted
    inner join named on counted.genre_key = named.genre_key
),

unified as (
    select
        tracks.track_id,
        tracks.full_track_name,
        tracks.artist,
        tracks.title,
        tracks.version,
        tracks.label,
        tracks.release_date,
        tracks.release_date_precision,
        tracks.first_played,
        tracks.bpm,
        tracks.key,
        tracks.energy,
        tracks.play_count,
        tracks.popularity_score,
        roots.genre as root,
        roots.spellings as root_spellings,
        styles.genre as style,
        styles.spellings as style_spellings
    from tracks
    left join genres as roots on tracks.genre_root = roots.spelling
    left join genres as styles on tracks.genre_primary = styles.spelling
),

placed as (
    select
        'root' as level,
        root as genre,
        null::varchar as parent,
        root_spellings as spellings,
        * exclude (root, root_spellings, style_spellings)
    from unified
    where root is not null
    union all
    select
        'subgenre' as level,
        style as genre,
        root as parent,
        style_spellings as spellings,
        * exclude (root, root_spellings, style_spellings)
    from unified
    where style is not null and style is distinct from root
)

select
    level,
    genre,
    parent,
    spellings,
    style,
    track_id,
    full_track_name,
    artist,
    title,
    version,
    label,
    release_date,
    release_date_precision,
    first_played,
    bpm,
    key,
    energy,
    play_count,
    popularity_score
from placed
