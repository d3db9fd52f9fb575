with

tracks as (
    select * from {{ source('silver', 'enriched_tracks') }}
    where {{ is_valid('validation_status') }}
),

plays as (select * from {{ ref('int_track_plays') }}),

chart_places as (select * from {{ ref('int_chart_places') }}),

listens as (select * from {{ source('silver', 'listen_events') }}),

wheel as (select * from {{ ref('camelot_wheel') }}),

charted as (
    select
        track_id,
        count(distinct [chart_id::varchar, date_trunc('week', chart_date)::varchar]) as chart_weeks,
        min(position) as chart_peak
    from chart_places
    group by track_id
),

heard as (
    select
        track_id,
        count(*) as listen_count
    from listens
    where counted and track_id is not null
    group by track_id
),

counted as (
    select
        tracks.track_id,
        coalesce(plays.playlist_appearances, 0) as playlist_appearances,
        coalesce(plays.dj_play_count, 0) as dj_play_count,
        coalesce(plays.distinct_djs, 0) as distinct_djs,
        plays.first_played,
        plays.last_played,
        coalesce(plays.recent_plays, 0) as recent_plays,
        coalesce(plays.prior_plays, 0) as prior_plays,
        plays.trending_score,
        plays.trending_reference_date,
        coalesce(charted.chart_weeks, 0) as chart_weeks,
        charted.chart_peak,
        coalesce(heard.listen_count, 0) as listen_count
    from tracks
    left join plays on tracks.track_id = plays.track_id
    left join charted on tracks.track_id = charted.track_id
    left join heard on tracks.track_id = heard.track_id
),

ranked as (
    select
        track_id,
        {{ percentile_rank('distinct_djs') }} as support_rank,
        {{ percentile_rank('playlist_appearances') }} as playlist_rank,
        {{ percentile_rank('chart_weeks') }} as chart_rank,
        {{ percentile_rank('listen_count') }} as listen_rank
    from counted
),
{% set ranks = {
    'dj_support': 'support_rank', 'playlist_appearances': 'playlist_rank', 'chart_presence': 'chart_rank',
    'listens': 'listen_rank'
} %}
popularity as (
    select
        track_id,
        {{ popularity_score(ranks) }} as popularity_score,
        {{ known_parts(ranks) }} as popularity_parts
    from ranked
),

described as (
    select
        tracks.track_id,
        concat(
            concat_ws(' - ', tracks.artist, tracks.title),
            case
                when tracks.version <> '' and tracks.version_kind is distinct from 'original'
                    then concat(' (', tracks.version, ')')
            end
        ) as full_track_name,
        tracks.artist,
        tracks.title,
        tracks.version,
        tracks.bpm,
        tracks.key_camelot as key,
        coalesce(tracks.key_standard, wheel.standard_key) as key_standard,
        case
            when wheel.camelot is not null
                then [wheel.camelot, wheel.relative, wheel.minus_one, wheel.plus_one]
        end as compatible_keys,
        tracks.energy,
        tracks.danceability,
        tracks.valence,
        tracks.genre as genre_root,
        coalesce(tracks.subgenre, tracks.genre) as genre_primary,
        tracks.label,
        tracks.catalog_number,
        tracks.available_formats,
        tracks.release_date,
        tracks.release_date_precision,
        tracks.duration_ms,
        tracks.isrc,
        tracks.iswc,
        tracks.spotify_id,
        tracks.beatport_id,
        tracks.discogs_release_id,
        tracks.musicbrainz_id,
        tracks.track_1001_id,
        tracks.youtube_id,
        tracks.deezer_id,
        tracks.apple_id,
        counted.playlist_appearances,
        counted.dj_play_count,
        counted.dj_play_count as play_count,
        counted.distinct_djs,
        counted.first_played,
        counted.last_played,
        counted.chart_weeks,
        counted.chart_peak,
        counted.listen_count,
        popularity.popularity_score,
        popularity.popularity_parts,
        counted.trending_score,
        counted.recent_plays,
        counted.prior_plays,
        counted.trending_reference_date,
        tracks.popularity as provider_popularity,
        tracks.completeness as enrichment_completeness,
        tracks.quality_score,
        round_even(tracks.quality_score, 2)::decimal(3, 2)::varchar as quality_score_display,
        tracks.validation_status,
        tracks.providers,
        coalesce(len(tracks.providers), 0) as provider_count,
        tracks.bronze_id,
        tracks.enriched_at as last_analyzed
    from tracks
    inner join counted on tracks.track_id = counted.track_id
    inner join popularity on tracks.track_id = popularity.track_id
    left join wheel on tracks.key_camelot = wheel.camelot
)

select * from described
