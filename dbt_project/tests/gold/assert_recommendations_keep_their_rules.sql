-- Recomputed from the tracks: both exist, keys fit, tempo in reach, another work, score the sum of its parts.
with

recommendations as (select * from {{ ref('harmonic_mixing_recommendations') }}),

tracks as (select * from {{ ref('track_analytics') }}),

broken as (
    select
        recommendations.track_id,
        recommendations.recommended_track_id
    from recommendations
    left join tracks as ours on recommendations.track_id = ours.track_id
    left join tracks as theirs on recommendations.recommended_track_id = theirs.track_id
    where
        ours.track_id is null
        or theirs.track_id is null
        or not list_contains(ours.compatible_keys, theirs.key)
        or abs(ours.bpm - theirs.bpm) > {{ gold_setting('mixing_bpm_tolerance') }}
        or (lower(ours.artist) = lower(theirs.artist) and lower(ours.title) = lower(theirs.title))
        or recommendations.score
        <> coalesce(recommendations.key_score, 0) + recommendations.bpm_score
        + coalesce(recommendations.energy_score, 0)
        or list_contains(recommendations.unknown_components, 'key') <> (ours.key is null)
        or list_contains(recommendations.unknown_components, 'energy')
        <> (ours.energy is null or theirs.energy is null)
)

select * from broken
