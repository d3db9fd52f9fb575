{{ staging_config() }}
{#- The export lost all spaces in artists, remixers and genre. A name gets back the spelling that most rows of
    the day give evidence for (their Album or Name shows it with spaces), and only without any evidence a
    guess. The label stands at the beginning of the request key; Bpm 0 and the like stay as they are. -#}
with source as (
    {{ bronze_answers('beatport', 'label_catalogue') }}
),

respaced as (
    select
        bronze_id,
        respace_label_row(payload)::json as found
    from source
),

credits as (
    select
        bronze_id,
        credit ->> '$.field' as field,
        (credit ->> '$.position')::integer as position,
        credit ->> '$.name' as name,
        credit ->> '$.spaced' as spaced,
        credit ->> '$.guess' as guess
    from (
        select
            bronze_id,
            unnest((found -> '$.credits')::json[]) as credit
        from respaced
    )
),

spellings as (
    select
        name,
        arg_max(spaced, (seen, spaced)) as spelling
    from (
        select
            name,
            spaced,
            count(*) as seen
        from credits
        where spaced is not null
        group by name, spaced
    )
    group by name
),

spelled as (
    select
        c.bronze_id,
        string_agg(coalesce(s.spelling, c.guess), ', ' order by c.position)
        filter (where c.field = 'Artists') as artists,
        string_agg(coalesce(s.spelling, c.guess), ', ' order by c.position)
        filter (where c.field = 'Remixers') as remixers
    from credits as c
    left join spellings as s on c.name = s.name
    group by c.bronze_id
),

renamed as (
    select
        r.ingest_date,
        r.bronze_id,
        r.provider,
        r.stream,
        r.fetched_at,
        r.source_url,

        null::varchar as source_entity_id,
        d.artists as artist_raw,
        -- "Title(Mix)": the last bracket, with at most one pair of brackets inside, now and then closed twice
        regexp_replace(r.payload ->> '$.Name', '\s*\((?:[^()]|\([^()]*\))*\)+\s*$', '') as title_raw,
        nullif(
            regexp_extract(r.payload ->> '$.Name', '\(((?:[^()]|\([^()]*\))*)\)+\s*$', 1), ''
        ) as mix_name_raw,
        d.remixers as remixer_raw,

        case
            when contains(r.payload ->> '$.Album', ' - ')
                then trim(substr(r.payload ->> '$.Album', strpos(r.payload ->> '$.Album', ' - ') + 3))
            else nullif(trim(r.payload ->> '$.Album'), '')
        end as album_raw,
        split_part(r.request_key, '/', 1) as label_raw,
        nullif(r.payload ->> '$.Catalog', '') as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        nullif(r.payload ->> '$.Bpm', '') as bpm_raw,
        nullif(nullif(r.payload ->> '$.Key', ''), 'None') as key_raw,
        f.found ->> '$.genre' as genre_raw,
        null::varchar as subgenre_raw,
        null::varchar as release_date_raw,
        {{ clock_ms("(r.payload ->> '$.Length')") }}::bigint as duration_ms,

        null::double as energy,
        null::double as danceability,
        null::double as valence,
        null::double as acousticness,
        null::double as instrumentalness,
        null::double as liveness,
        null::double as speechiness,
        null::double as loudness,
        null::integer as popularity,
        null::json as confidence
    from source as r
    inner join respaced as f on r.bronze_id = f.bronze_id
    left join spelled as d on r.bronze_id = d.bronze_id
)

select * from renamed
