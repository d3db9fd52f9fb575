with

tracks as (
    select * from {{ source('silver', 'enriched_tracks') }}
    where {{ is_valid('validation_status') }}
),

plays as (select * from {{ ref('int_plays') }}),

wheel as (select * from {{ ref('camelot_wheel') }}),

play_counts as (
    select
        track_id,
        count(distinct playlist_id) as playlist_appearances,
        count(*) filter (where is_dj_play) as dj_play_count,
        min(event_date) filter (where is_dj_play) as first_played,
        max(event_date) filter (where is_dj_play) as last_played
    from plays
    group by track_id
),

support as (
    select
        plays.track_id,
        count(distinct lower(trim(djs.dj_name))) as distinct_djs
    from plays
    cross join unnest(plays.dj_names) as djs (dj_name)
    where plays.is_dj_play and trim(djs.dj_name) <> ''
    group by plays.track_id
),

ranked as (
    select
        tracks.track_id,
        coalesce(play_counts.playlist_appearances, 0) as playlist_appearances,
        coalesce(play_counts.dj_play_count, 0) as dj_play_count,
        coalesce(support.distinct_djs, 0) as distinct_djs,
        play_counts.first_played,
        play_counts.last_played,
        {{ percentile_rank('coalesce(support.distinct_djs, 0)') }} as support_rank,
        {{ percentile_rank('coalesce(play_counts.playlist_appearances, 0)') }} as playlist_rank
    from tracks
    left join play_counts on tracks.track_id = play_counts.track_id
    left join support on tracks.track_id = support.track_id
),

popularity as (
    select
        track_id,
        {{ popularity_score({'dj_support': 'support_rank', 'playlist_appearances': 'playlist_rank'}) }}
            as popularity_score
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
        ranked.playlist_appearances,
        ranked.dj_play_count,
        ranked.dj_play_count as play_count,
        ranked.distinct_djs,
        ranked.first_played,
        ranked.last_played,
        popularity.popularity_score,
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
    inner join ranked on tracks.track_id = ranked.track_id
    inner join popularity on tracks.track_id = popularity.track_id
    left join wheel on tracks.key_camelot = wheel.camelot
)

select * from described
