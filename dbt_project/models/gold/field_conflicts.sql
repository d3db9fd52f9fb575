with

conflicts as (select * from {{ source('silver', 'field_conflicts') }}),

tracks as (select * from {{ ref('track_analytics') }}),

ranked as (
    select
        row_number() over (
            order by
                conflicts.severity * (1 + tracks.play_count) desc,
                tracks.full_track_name asc,
                conflicts.track_id asc,
                conflicts.field asc
        ) as rank,
        conflicts.track_id,
        tracks.full_track_name,
        conflicts.field,
        conflicts.kind,
        conflicts.severity,
        tracks.play_count,
        conflicts.chosen_provider,
        conflicts.chosen_value,
        conflicts.answers
    from conflicts
    inner join tracks on conflicts.track_id = tracks.track_id
    -- what a person decided is no question any more
    where conflicts.chosen_provider is distinct from 'person'
)

select * from ranked
