with

artists as (select * from {{ source('silver', 'enriched_artists') }}),

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

lists as (select * from {{ ref('int_set_lists') }}),

catalogue as (select * from {{ ref('int_artist_catalogue') }}),

plays as (select * from {{ ref('int_artist_plays') }}),

sets as (
    select
        playlists.artist_id,
        count(distinct coalesce(lists.set_id, playlists.playlist_id)) as sets_as_dj
    from playlists
    left join lists on playlists.playlist_id = lists.playlist_id
    where playlists.artist_id is not null and {{ is_dj_set('playlists.set_type') }}
    group by playlists.artist_id
),

ranked as (
    select
        artists.artist_id,
        {{ percentile_rank('coalesce(plays.distinct_djs, 0)') }} as support_rank,
        {{ percentile_rank('coalesce(plays.total_playlists, 0)') }} as playlist_rank,
        {{ percentile_rank('coalesce(catalogue.chart_weeks, 0)') }} as chart_rank,
        {{ percentile_rank('coalesce(catalogue.listen_count, 0)') }} as listen_rank
    from artists
    left join plays on artists.artist_id = plays.artist_id
    left join catalogue on artists.artist_id = catalogue.artist_id
),
{% set ranks = {
    'dj_support': 'support_rank', 'playlist_appearances': 'playlist_rank', 'chart_presence': 'chart_rank',
    'listens': 'listen_rank'
} %}
popularity as (
    select
        artist_id,
        {{ popularity_score(ranks) }} as popularity_score,
        {{ known_parts(ranks) }} as popularity_parts
    from ranked
),

described as (
    select
        artists.artist_id,
        artists.canonical_name as artist_name,
        artists.disambiguator,
        artists.aliases,
        coalesce(catalogue.total_tracks, 0) as total_tracks,
        coalesce(plays.total_playlists, 0) as total_playlists,
        coalesce(plays.dj_play_count, 0) as dj_play_count,
        coalesce(plays.distinct_djs, 0) as distinct_djs,
        coalesce(sets.sets_as_dj, 0) as sets_as_dj,
        plays.first_played,
        plays.last_played,
        catalogue.avg_bpm,
        catalogue.avg_energy,
        catalogue.most_common_key,
        coalesce(catalogue.genres, []) as genres,
        catalogue.most_common_genre,
        coalesce(catalogue.chart_weeks, 0) as chart_weeks,
        coalesce(catalogue.listen_count, 0) as listen_count,
        popularity.popularity_score,
        popularity.popularity_parts,
        plays.trending_score,
        coalesce(plays.recent_plays, 0) as recent_plays,
        coalesce(plays.prior_plays, 0) as prior_plays,
        plays.trending_reference_date,
        artists.quality_score,
        artists.enriched_at as last_analyzed
    from artists
    inner join popularity on artists.artist_id = popularity.artist_id
    left join catalogue on artists.artist_id = catalogue.artist_id
    left join plays on artists.artist_id = plays.artist_id
    left join sets on artists.artist_id = sets.artist_id
)

select * from described
