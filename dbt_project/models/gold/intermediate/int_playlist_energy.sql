{{ config(materialized='ephemeral') }}

with

rows_played as (select * from {{ ref('int_playlist_rows') }}),

points as (
    select
        playlist_id,
        position,
        energy,
        round_even(avg(energy) over last_three, 4)::decimal(5, 4) as rolling_mean
    from rows_played
    where energy is not null
    window last_three as (partition by playlist_id order by position rows between 2 preceding and current row)
),

curves as (
    select
        playlist_id,
        -- by its first field; sorted after gathering, which takes far less memory than an ordered aggregate
        list_sort(list({
            'position': position,
            'energy': energy,
            'rolling_mean': rolling_mean
        })) as energy_curve,
        {{ least_squares_slope('position', 'energy') }} as energy_slope,
        min_by(position, (-energy, position)) as energy_peak_position
    from points
    group by playlist_id
)

select * from curves
