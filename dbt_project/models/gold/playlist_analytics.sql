with

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

track_artists as (select * from {{ source('silver', 'track_artists') }}),

rows_played as (select * from {{ ref('int_playlist_rows') }}),

flows as (select * from {{ ref('int_playlist_flow') }}),

energies as (select * from {{ ref('int_playlist_energy') }}),

totals as (
    select
        playlist_id,
        count(*) as track_count,
        count(track_id) as identified_count,
        round_even(avg(bpm), 2)::decimal(6, 2) as avg_bpm,
        min(bpm) as bpm_min,
        max(bpm) as bpm_max
    from rows_played
    group by playlist_id
),

credits as (
    select
        rows_played.playlist_id,
        count(distinct track_artists.artist_id) as unique_artists
    from rows_played
    inner join track_artists on rows_played.track_id = track_artists.track_id
    group by rows_played.playlist_id
),

genre_counts as (
    select
        playlist_id,
        genre,
        count(*) as track_count,
        row_number() over (partition by playlist_id order by count(*) desc, genre) as rank,
        sum(count(*)) over (partition by playlist_id) as known_count
    from rows_played
    where genre is not null
    group by playlist_id, genre
),

-- sorted after gathering: an aggregate that orders its own input takes 20 times the memory
genres as (
    select
        playlist_id,
        list_sort(list({
            'rank': rank,
            'genre': genre,
            'track_count': track_count,
            'share': {{ share('track_count', 'known_count') }}
        })) as genre_distribution
    from genre_counts
    group by playlist_id
),

described as (
    select
        playlists.playlist_id,
        playlists.provider,
        playlists.title,
        playlists.dj_names,
        playlists.artist_id,
        playlists.event_date,
        playlists.event_date_precision,
        playlists.venue,
        playlists.set_type,
        playlists.source_url,
        playlists.duration_ms,
        coalesce(totals.track_count, 0) as track_count,
        coalesce(totals.identified_count, 0) as identified_count,
        {{ share('totals.identified_count', 'totals.track_count') }} as identified_share,
        coalesce(credits.unique_artists, 0) as unique_artists,
        coalesce(genres.genre_distribution, []) as genre_distribution,
        totals.avg_bpm,
        totals.bpm_min,
        totals.bpm_max,
        flows.harmonic_flow_score,
        flows.harmonic_flow_coverage,
        coalesce(energies.energy_curve, []) as energy_curve,
        energies.energy_slope,
        energies.energy_peak_position,
        playlists.validation_status,
        playlists.enriched_at as last_analyzed
    from playlists
    left join totals on playlists.playlist_id = totals.playlist_id
    left join flows on playlists.playlist_id = flows.playlist_id
    left join credits on playlists.playlist_id = credits.playlist_id
    left join genres on playlists.playlist_id = genres.playlist_id
    left join energies on playlists.playlist_id = energies.playlist_id
)

select * from described
