with

tracks as (select * from {{ ref('track_analytics') }}),

picks as (select * from {{ ref('int_mixing_picks') }}),

compared as (
    select
        picks.track_id,
        picks.rank,
        picks.recommended_track_id,
        ours.full_track_name,
        theirs.full_track_name as recommended_full_track_name,
        ours.key,
        theirs.key as recommended_key,
        {{ key_relation('ours.compatible_keys', 'theirs.key') }} as key_relation,
        ours.bpm,
        theirs.bpm as recommended_bpm,
        (theirs.bpm - ours.bpm)::decimal(6, 2) as bpm_difference,
        ours.energy,
        theirs.energy as recommended_energy,
        abs(theirs.energy::decimal(9, 6) - ours.energy::decimal(9, 6))::decimal(9, 6) as energy_difference,
        theirs.popularity_score as recommended_popularity_score,
        if(ours.key is not null, {{ gold_setting('mixing_key_weight') }}, null)::decimal(3, 2) as key_score,
        {{ gold_setting('mixing_bpm_weight') }}::decimal(3, 2) as bpm_score,
        case
            when energy_difference <= {{ gold_setting('mixing_energy_close') }}
                then {{ gold_setting('mixing_energy_close_weight') }}
            when energy_difference <= {{ gold_setting('mixing_energy_near') }}
                then {{ gold_setting('mixing_energy_near_weight') }}
            when energy_difference is not null then 0
        end::decimal(3, 2) as energy_score
    from picks
    inner join tracks as ours on picks.track_id = ours.track_id
    inner join tracks as theirs on picks.recommended_track_id = theirs.track_id
),

described as (
    select
        track_id,
        rank,
        recommended_track_id,
        full_track_name,
        recommended_full_track_name,
        (coalesce(key_score, 0) + bpm_score + coalesce(energy_score, 0))::decimal(3, 2) as score,
        key_score,
        bpm_score,
        energy_score,
        list_concat(
            if(key_score is null, ['key'], []), if(energy_score is null, ['energy'], [])
        )::varchar[] as unknown_components,
        key,
        recommended_key,
        key_relation,
        bpm,
        recommended_bpm,
        bpm_difference,
        energy,
        recommended_energy,
        energy_difference,
        recommended_popularity_score,
        concat(
            coalesce(
                key || ' to ' || recommended_key || ', ' || key_relation || {{ points('key_score') }},
                'key unknown'
            ), '; ',
            bpm, ' to ', recommended_bpm, ' BPM', {{ points('bpm_score') }}, '; ',
            coalesce(
                'energy ' || energy || ' to ' || recommended_energy || {{ points('energy_score') }},
                'energy unknown'
            )
        ) as reason
    from compared
)

select * from described
