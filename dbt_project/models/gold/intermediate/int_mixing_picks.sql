{{ config(materialized='ephemeral') }}
{%- set told_apart_by = 'track_id' if gold_setting('mixing_other_versions') else 'work' %}

with

mixable as (select * from {{ ref('int_mixable_tracks') }}),

pools as (select * from {{ ref('int_mixing_pools') }}),

candidates as (
    select
        pools.key,
        pools.bpm_bucket,
        pools.energy_band,
        mixable.place,
        mixable.bpm_cents,
        mixable.energy_micros,
        mixable.track_id,
        mixable.work
    from pools
    inner join mixable on pools.place = mixable.place
),

pairs as (
    select
        mixable.track_id,
        candidates.place,
        abs(candidates.energy_micros - mixable.energy_micros) as energy_gap
    from mixable
    inner join candidates
        on
            mixable.key = candidates.key
            and mixable.bpm_bucket = candidates.bpm_bucket
            and mixable.energy_band is not distinct from candidates.energy_band
            and abs(mixable.bpm_cents - candidates.bpm_cents) <= {{ bpm_cents('mixing_bpm_tolerance') }}
            and mixable.{{ told_apart_by }} <> candidates.{{ told_apart_by }}
),

-- key (where it is known) and tempo fit every pair, so only energy sets scores apart: the order is
-- (energy tier, place), packed into one number so that the best n are kept while the pairs stream by
best as (
    select
        track_id,
        min(
            case
                when energy_gap <= {{ energy_micros('mixing_energy_close') }} then 0
                when energy_gap <= {{ energy_micros('mixing_energy_near') }} then 1
                else 2
            end * 4294967296 + place, {{ gold_setting('mixing_list_size') }}
        ) as packed
    from pairs
    group by track_id
),

ranked as (
    select
        track_id,
        generate_subscripts(packed, 1)::integer as rank,
        unnest(packed) % 4294967296 as place
    from best
),

picks as (
    select
        ranked.track_id,
        ranked.rank,
        mixable.track_id as recommended_track_id
    from ranked
    inner join mixable on ranked.place = mixable.place
)

select * from picks
