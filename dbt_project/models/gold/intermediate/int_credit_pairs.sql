{{ config(materialized='ephemeral') }}

-- Of a track with very many credits (compilations filed as one track) the first ones count, so that the pairs
-- of a track are bounded.

with

credits as (select * from {{ source('silver', 'track_artists') }}),

tracks as (select * from {{ ref('track_analytics') }}),

-- whoever remixed a track of their own made it
credited as (
    select
        track_id,
        artist_id,
        bool_and(role = 'remixer') as is_remixer,
        min(position) as position
    from credits
    group by track_id, artist_id
),

foremost as (
    select *
    from credited
    qualify
        row_number() over (
            partition by track_id order by is_remixer, position, artist_id
        ) <= {{ gold_setting('network_credits_per_track') }}
),

pairs as (
    select
        ours.artist_id as artist_a_id,
        theirs.artist_id as artist_b_id,
        if(ours.is_remixer = theirs.is_remixer, 'co_credit', 'remix') as kind,
        ours.is_remixer and not theirs.is_remixer as is_remix_by_a,
        theirs.is_remixer and not ours.is_remixer as is_remix_by_b,
        tracks.track_id,
        tracks.release_date
    from foremost as ours
    inner join foremost as theirs on ours.track_id = theirs.track_id
    inner join tracks on ours.track_id = tracks.track_id
    where ours.artist_id < theirs.artist_id
)

select * from pairs
