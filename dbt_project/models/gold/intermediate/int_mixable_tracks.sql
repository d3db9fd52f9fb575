{{ config(materialized='ephemeral') }}

with

tracks as (select * from {{ ref('track_analytics') }}),

-- whole numbers (hundredths of a BPM, millionths of energy) compare exactly; `place` is the order in which
-- equally good recommendations are listed, so that "the most popular n" is "the n lowest places"
mixable as (
    select
        track_id,
        row_number() over (
            order by popularity_score desc nulls last, full_track_name asc, track_id asc
        )::integer as place,
        -- mixed by tempo alone: such a track is given recommendations, but is none
        coalesce(key, 'unknown') as key,
        (bpm * 100)::integer as bpm_cents,
        floor(bpm)::integer as bpm_bucket,
        (energy * 1000000)::integer as energy_micros,
        {{ energy_band('(energy * 1000000)::integer') }} as energy_band,
        hash({{ work_name('artist') }}, {{ work_name('title') }}) as work
    from tracks
    where bpm is not null and (key is null or compatible_keys is not null)
)

select * from mixable
