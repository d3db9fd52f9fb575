with

labels as (select * from {{ source('silver', 'labels') }}),

releases as (select * from {{ source('silver', 'releases') }}),

track_artists as (select * from {{ source('silver', 'track_artists') }}),

artists as (select * from {{ source('silver', 'enriched_artists') }}),

tracks as (
    select
        *,
        {{ work_name('label') }} as label_key
    from {{ ref('track_analytics') }}
    where label is not null
),

track_totals as (
    select
        label_key,
        count(*) as tracks,
        round_even(avg(bpm), 2)::decimal(6, 2) as avg_bpm,
        sum(dj_play_count)::bigint as dj_plays,
        count(*) filter (dj_play_count > 0) as tracks_played,
        min(year(release_date)) as first_year,
        max(year(release_date)) as last_year
    from tracks
    group by label_key
),

genre_counts as (
    select
        label_key,
        genre_primary as genre,
        count(*) as tracks
    from tracks
    where genre_primary is not null
    group by label_key, genre_primary
),

genres as (
    select
        label_key,
        min_by(genre, (-tracks, genre)) as most_common_genre
    from genre_counts
    group by label_key
),

-- a release that several providers list is one: the same catalogue number, else the same title
release_totals as (
    select
        {{ work_name('label') }} as label_key,
        count(distinct coalesce({{ work_name('catalog_number') }}, {{ work_name('title') }})) as releases,
        min(year(release_date)) as first_year,
        max(year(release_date)) as last_year
    from releases
    where label is not null
    group by label_key
),

artist_counts as (
    select
        tracks.label_key,
        track_artists.artist_id,
        count(distinct tracks.track_id) as tracks,
        row_number() over (
            partition by tracks.label_key
            order by
                count(distinct tracks.track_id) desc,
                any_value(artists.canonical_name) asc,
                track_artists.artist_id asc
        ) as rank,
        any_value(artists.canonical_name) as artist
    from tracks
    inner join track_artists on tracks.track_id = track_artists.track_id
    inner join artists on track_artists.artist_id = artists.artist_id
    where track_artists.role <> 'remixer'
    group by tracks.label_key, track_artists.artist_id
),

artist_totals as (
    select
        label_key,
        count(*) as artists,
        list_sort(
            list({
                'rank': rank,
                'artist': artist,
                'tracks': tracks
            }) filter (where rank <= {{ gold_setting('label_top_artists') }})
        ) as top_artists
    from artist_counts
    group by label_key
),

spellings as (
    select
        {{ work_name('label') }} as label_key,
        label as name,
        count(*) as uses
    from (
        select label from tracks
        union all
        select label from releases
    )
    where label is not null
    group by label_key, name
),

named as (
    select
        label_key,
        min_by(name, (-uses, name)) as label
    from spellings
    group by label_key
),

-- of several labels of one name, what the one with the lower number says
described_labels as (
    select
        {{ work_name('name') }} as label_key,
        min_by(parent_label, provider_label_id) as parent_label,
        min(established_year) as established_year
    from labels
    where name is not null
    group by label_key
),

described as (
    select
        named.label_key,
        named.label,
        coalesce(release_totals.releases, 0) as releases,
        coalesce(track_totals.tracks, 0) as tracks,
        coalesce(artist_totals.artists, 0) as artists,
        least(track_totals.first_year, release_totals.first_year) as first_year,
        greatest(track_totals.last_year, release_totals.last_year) as last_year,
        greatest(track_totals.last_year, release_totals.last_year)
        - least(track_totals.first_year, release_totals.first_year) + 1 as years_active,
        coalesce(artist_totals.top_artists, []) as top_artists,
        track_totals.avg_bpm,
        genres.most_common_genre,
        coalesce(track_totals.dj_plays, 0) as dj_plays,
        coalesce(track_totals.tracks_played, 0) as tracks_played,
        {{ share('track_totals.dj_plays', 'sum(track_totals.dj_plays) over ()') }} as dj_support_share,
        described_labels.established_year,
        described_labels.parent_label
    from named
    left join track_totals on named.label_key = track_totals.label_key
    left join release_totals on named.label_key = release_totals.label_key
    left join artist_totals on named.label_key = artist_totals.label_key
    left join genres on named.label_key = genres.label_key
    left join described_labels on named.label_key = described_labels.label_key
)

select * from described
