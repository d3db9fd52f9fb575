{{ config(materialized='ephemeral') }}

-- Who was played near whom in a DJ set, and who played one together. A row meets only the rows within reach
-- before and after it, so that the pairs grow with the rows of a set and not with their square.

with

credits as (select * from {{ source('silver', 'track_artists') }}),

performances as (select * from {{ source('silver', 'performances') }}),

plays as (select * from {{ ref('int_plays') }}),

played as (
    select
        playlist_id,
        event_date,
        track_id,
        row_number() over (partition by playlist_id order by position) as place
    from plays
    where is_dj_play
),

heard as (
    select distinct
        track_id,
        artist_id
    from credits
    where position <= {{ gold_setting('network_credits_per_track') }}
),

placed as (
    select
        played.playlist_id,
        played.event_date,
        played.place,
        heard.artist_id
    from played
    inner join heard on played.track_id = heard.track_id
),

within_reach as (
    select
        placed.playlist_id,
        placed.artist_id,
        placed.place + steps.step as place
    from placed
    cross join range(1, {{ gold_setting('network_set_reach') }} + 1) as steps (step)
),

near as (
    select distinct
        placed.playlist_id,
        placed.event_date,
        least(placed.artist_id, within_reach.artist_id) as artist_a_id,
        greatest(placed.artist_id, within_reach.artist_id) as artist_b_id
    from placed
    inner join within_reach
        on placed.playlist_id = within_reach.playlist_id and placed.place = within_reach.place
    where placed.artist_id <> within_reach.artist_id
),

performed as (
    select distinct
        set_id,
        event_date,
        artist_id
    from performances
    where artist_id is not null and position <= {{ gold_setting('network_djs_per_set') }}
),

pairs as (
    select
        artist_a_id,
        artist_b_id,
        'same_set' as kind,
        event_date
    from near
    union all
    select
        ours.artist_id as artist_a_id,
        theirs.artist_id as artist_b_id,
        'back_to_back' as kind,
        ours.event_date
    from performed as ours
    inner join performed as theirs on ours.set_id = theirs.set_id
    where ours.artist_id < theirs.artist_id
)

select * from pairs
