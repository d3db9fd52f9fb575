with

artists as (select * from {{ source('silver', 'enriched_artists') }}),

credit_pairs as (select * from {{ ref('int_credit_pairs') }}),

set_pairs as (select * from {{ ref('int_set_pairs') }}),

evidence as (
    select
        artist_a_id,
        artist_b_id,
        kind,
        count(*) as tracks,
        null::bigint as sets,
        count(*) filter (is_remix_by_a) as remixes_by_a,
        count(*) filter (is_remix_by_b) as remixes_by_b,
        min(release_date) as first_date,
        max(release_date) as last_date
    from credit_pairs
    group by artist_a_id, artist_b_id, kind
    union all
    select
        artist_a_id,
        artist_b_id,
        kind,
        null::bigint as tracks,
        count(*) as sets,
        null::bigint as remixes_by_a,
        null::bigint as remixes_by_b,
        min(event_date) as first_date,
        max(event_date) as last_date
    from set_pairs
    group by artist_a_id, artist_b_id, kind
    having kind <> 'same_set' or count(*) >= {{ gold_setting('network_min_sets') }}
),

edges as (
    select
        evidence.artist_a_id,
        evidence.artist_b_id,
        artists_a.canonical_name as artist_a,
        artists_b.canonical_name as artist_b,
        evidence.kind,
        (
            coalesce(evidence.tracks, evidence.sets) * {{ network_weight('evidence.kind') }}
        )::decimal(12, 2) as weight,
        evidence.tracks,
        evidence.sets,
        if(evidence.kind = 'remix', evidence.remixes_by_a, null) as remixes_by_a,
        if(evidence.kind = 'remix', evidence.remixes_by_b, null) as remixes_by_b,
        evidence.first_date,
        evidence.last_date
    from evidence
    inner join artists as artists_a on evidence.artist_a_id = artists_a.artist_id
    inner join artists as artists_b on evidence.artist_b_id = artists_b.artist_id
)

select * from edges
