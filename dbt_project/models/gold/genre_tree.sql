with

genre_tracks as (select * from {{ ref('int_genre_tracks') }}),

counted as (
    select
        level,
        genre,
        parent,
        count(*) as track_count,
        any_value(spellings) as spellings,
        count(*) filter (where style = genre) as direct_track_count,
        count(distinct style) filter (where style <> genre) as subgenre_count,
        count(distinct label) as label_count,
        sum(play_count)::bigint as play_count,
        round_even(avg(bpm), 2)::decimal(6, 2) as avg_bpm,
        min(release_date) as first_release,
        max(release_date) as last_release
    from genre_tracks
    group by level, genre, parent
),

described as (
    select
        level,
        genre,
        parent,
        concat_ws(' / ', parent, genre) as path,
        spellings,
        track_count,
        direct_track_count,
        {{ share(
            'track_count',
            'sum(track_count) over (partition by level, parent)'
        ) }} as share_of_siblings,
        subgenre_count,
        label_count,
        play_count,
        avg_bpm,
        first_release,
        last_release
    from counted
)

select * from described
