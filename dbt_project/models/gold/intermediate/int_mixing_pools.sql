{{ config(materialized='ephemeral') }}

-- For every cell (key, BPM bucket, energy band) that holds a track: the most popular tracks that go with it.
-- The n best of a union are the n best of the n best of its parts, so the reach in key, BPM and energy is
-- added one dimension at a time, each step keeping n: work grows with the tracks, never with pairs of them.
{%- set pool_size = gold_setting('mixing_pool_size') %}
{%- set bpm_reach = 'ceil(' ~ gold_setting('mixing_bpm_tolerance') ~ ')::bigint' %}
{%- set energy_near = energy_bands('mixing_energy_near') %}
{%- set is_close = 'abs(steps.step) <= ' ~ energy_bands('mixing_energy_close') %}

with

mixable as (select * from {{ ref('int_mixable_tracks') }}),

wheel as (select * from {{ ref('camelot_wheel') }}),

compatible as (
    select
        camelot as target_key,
        unnest([camelot, relative, minus_one, plus_one]) as key
    from wheel
    union all
    select
        'unknown' as target_key,
        camelot as key
    from wheel
),

by_key as (
    select
        compatible.target_key as key,
        mixable.bpm_bucket,
        mixable.energy_band,
        unnest(min(mixable.place, {{ pool_size }})) as place
    from mixable
    inner join compatible on mixable.key = compatible.key
    group by compatible.target_key, mixable.bpm_bucket, mixable.energy_band
),

by_bpm as (
    select
        by_key.key,
        by_key.bpm_bucket + steps.step as bpm_bucket,
        by_key.energy_band,
        unnest(min(by_key.place, {{ pool_size }})) as place
    from by_key
    cross join range(-{{ bpm_reach }}, {{ bpm_reach }} + 1) as steps (step)
    group by by_key.key, by_key.bpm_bucket + steps.step, by_key.energy_band
),

-- three pools, so that popular tracks of another energy cannot crowd out those that fit better
by_energy as (
    select
        by_bpm.key,
        by_bpm.bpm_bucket,
        by_bpm.energy_band + steps.step as energy_band,
        {{ is_close }} as is_close,
        unnest(min(by_bpm.place, {{ pool_size }})) as place
    from by_bpm
    cross join range(-{{ energy_near }}, {{ energy_near }} + 1) as steps (step)
    where by_bpm.energy_band is not null
    group by
        by_bpm.key,
        by_bpm.bpm_bucket,
        by_bpm.energy_band + steps.step,
        {{ is_close }}
),

any_energy as (
    select
        key,
        bpm_bucket,
        unnest(min(place, {{ pool_size }})) as place
    from by_bpm
    group by key, bpm_bucket
),

cells as (
    select distinct
        key,
        bpm_bucket,
        energy_band
    from mixable
),

pools as (
    select
        cells.key,
        cells.bpm_bucket,
        cells.energy_band,
        by_energy.place
    from cells
    inner join by_energy
        on
            cells.key = by_energy.key
            and cells.bpm_bucket = by_energy.bpm_bucket
            and cells.energy_band = by_energy.energy_band
    union
    select
        cells.key,
        cells.bpm_bucket,
        cells.energy_band,
        any_energy.place
    from cells
    inner join any_energy on cells.key = any_energy.key and cells.bpm_bucket = any_energy.bpm_bucket
)

select * from pools
