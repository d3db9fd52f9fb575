with

wheel as (select * from {{ ref('camelot_wheel') }}),

-- Many a store's list has no dates, and a reissue's date is not when the music came: what was played was out.
dated as (
    select
        *,
        least(release_date, first_played) as known_from,
        coalesce(release_date <= first_played, release_date is not null) as is_release_date
    from {{ ref('int_genre_tracks') }}
    where release_date is not null or first_played is not null
),

-- a subgenre that stands below two genres is one style here; a track dated only to its year has no quarter
periods as (
    select
        dated.level,
        dated.genre,
        kinds.period_kind,
        {{ period_label('kinds.period_kind', 'dated.known_from') }} as period,
        {{ period_start('kinds.period_kind', 'dated.known_from') }} as period_start,
        dated.bpm,
        dated.energy::decimal(5, 4) as energy,
        dated.key,
        dated.label,
        dated.play_count,
        dated.is_release_date
    from dated
    cross join unnest(['decade', 'year', 'quarter']) as kinds (period_kind)
    where
        kinds.period_kind <> 'quarter'
        or not (dated.is_release_date and coalesce(dated.release_date_precision, 'day') = 'year')
),

totals as (
    select
        level,
        genre,
        period_kind,
        period,
        period_start,
        count(*) as track_count,
        count(*) filter (where is_release_date) as dated_by_release,
        count(bpm) as bpm_known,
        round_even(avg(bpm), 2)::decimal(6, 2) as avg_bpm,
        round_even(median(bpm), 2)::decimal(6, 2) as median_bpm,
        round_even(avg(energy), 4)::decimal(5, 4) as avg_energy,
        count(key) as key_known,
        count(distinct label) as label_count,
        sum(play_count)::bigint as play_count
    from periods
    group by level, genre, period_kind, period, period_start
),

key_counts as (
    select
        periods.level,
        periods.genre,
        periods.period_kind,
        periods.period,
        periods.key,
        count(*) as track_count,
        row_number() over (
            partition by periods.level, periods.genre, periods.period_kind, periods.period
            order by count(*) desc, wheel.wheel_order asc
        ) as rank
    from periods
    inner join wheel on periods.key = wheel.camelot
    group by periods.level, periods.genre, periods.period_kind, periods.period, periods.key, wheel.wheel_order
    qualify rank <= {{ gold_setting('commonest_keys_listed') }}
),

keys as (
    select
        level,
        genre,
        period_kind,
        period,
        list_sort(list({
            'rank': rank,
            'key': key,
            'track_count': track_count
        })) as top_keys
    from key_counts
    group by level, genre, period_kind, period
),

label_counts as (
    select
        level,
        genre,
        period_kind,
        period,
        label,
        count(*) as track_count,
        row_number() over (
            partition by level, genre, period_kind, period
            order by count(*) desc, label asc
        ) as rank
    from periods
    where label is not null
    group by level, genre, period_kind, period, label
    qualify rank <= {{ gold_setting('top_labels_listed') }}
),

labels as (
    select
        level,
        genre,
        period_kind,
        period,
        list_sort(list({
            'rank': rank,
            'label': label,
            'track_count': track_count
        })) as top_labels
    from label_counts
    group by level, genre, period_kind, period
),

described as (
    select
        totals.level,
        totals.genre,
        totals.period_kind,
        totals.period,
        totals.period_start,
        totals.track_count,
        totals.dated_by_release,
        totals.play_count,
        totals.bpm_known,
        totals.avg_bpm,
        totals.median_bpm,
        totals.avg_bpm - lag(totals.avg_bpm) over (
            partition by totals.level, totals.genre, totals.period_kind
            order by totals.period_start
        ) as avg_bpm_change,
        totals.avg_energy,
        totals.key_known,
        coalesce(keys.top_keys, []) as top_keys,
        totals.label_count,
        coalesce(labels.top_labels, []) as top_labels
    from totals
    left join keys
        on
            totals.level = keys.level
            and totals.genre = keys.genre
            and totals.period_kind = keys.period_kind
            and totals.period = keys.period
    left join labels
        on
            totals.level = labels.level
            and totals.genre = labels.genre
            and totals.period_kind = labels.period_kind
            and totals.period = labels.period
)

select * from described
