-- A key's relative has it as relative; the step up from the step down leads back; neighbours keep the mode.
with

wheel as (select * from {{ ref('camelot_wheel') }}),

broken as (
    select wheel.camelot
    from wheel
    left join wheel as relatives on wheel.relative = relatives.camelot
    left join wheel as lower_keys on wheel.minus_one = lower_keys.camelot
    left join wheel as upper_keys on wheel.plus_one = upper_keys.camelot
    where
        relatives.relative is distinct from wheel.camelot
        or relatives.mode is not distinct from wheel.mode
        or lower_keys.plus_one is distinct from wheel.camelot
        or upper_keys.minus_one is distinct from wheel.camelot
        or lower_keys.mode is distinct from wheel.mode
        or upper_keys.mode is distinct from wheel.mode
)

select * from broken
