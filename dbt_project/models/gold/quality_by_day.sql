with

tracks as (select * from {{ source('silver', 'enriched_tracks') }}),

records as (select * from {{ source('silver', 'track_records') }}),

members as (select * from {{ source('silver', 'track_members') }}),

refused as (select * from {{ source('silver', 'quarantine') }}),

arrivals as (
    select
        members.track_id,
        min(records.first_seen) as day
    from members
    inner join records on members.record_id = records.record_id
    group by members.track_id
),

arrived as (
    select
        arrivals.day,
        count(*) as tracks_new,
        count(*) filter (tracks.validation_status = 'valid') as tracks_valid,
        count(*) filter (tracks.validation_status = 'warning') as tracks_warning,
        count(*) filter (tracks.validation_status = 'invalid') as tracks_invalid,
        count(*) filter (tracks.validation_status = 'quarantined') as tracks_quarantined,
        sum(tracks.quality_score) as quality_sum,
        count(tracks.quality_score) as quality_count,
        median(tracks.quality_score) as median_quality,
        sum(tracks.completeness) as completeness_sum,
        count(tracks.completeness) as completeness_count
    from arrivals
    inner join tracks on arrivals.track_id = tracks.track_id
    group by arrivals.day
),

refused_by_day as (
    select
        first_seen as day,
        count(*) as rows_refused,
        count(*) filter (healed_at is null) as rows_still_refused
    from refused
    group by first_seen
),

days as (
    select day from arrived
    union
    select day from refused_by_day
),

described as (
    select
        days.day,
        coalesce(arrived.tracks_new, 0) as tracks_new,
        coalesce(arrived.tracks_valid, 0) as tracks_valid,
        coalesce(arrived.tracks_warning, 0) as tracks_warning,
        coalesce(arrived.tracks_invalid, 0) as tracks_invalid,
        coalesce(arrived.tracks_quarantined, 0) as tracks_quarantined,
        {{ share('arrived.quality_sum', 'arrived.quality_count') }} as avg_quality_score,
        round_even(arrived.median_quality, 4)::decimal(5, 4) as median_quality_score,
        {{ share('arrived.completeness_sum', 'arrived.completeness_count') }} as avg_completeness,
        coalesce(refused_by_day.rows_refused, 0) as rows_refused,
        coalesce(refused_by_day.rows_still_refused, 0) as rows_still_refused,
        (sum(coalesce(arrived.tracks_new, 0)) over so_far)::bigint as tracks_so_far,
        {{ share('sum(arrived.quality_sum) over so_far', 'sum(arrived.quality_count) over so_far') }}
            as avg_quality_score_so_far
    from days
    left join arrived on days.day = arrived.day
    left join refused_by_day on days.day = refused_by_day.day
    window so_far as (order by days.day rows unbounded preceding)
)

select * from described
