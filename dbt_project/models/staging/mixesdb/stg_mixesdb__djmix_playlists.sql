{{ staging_config() }}
{#- MixesDB titles: "<date> - <DJs> @ <venue> (<series>)" or "<date> - <DJs> - <show>". Tags mix year, DJs,
    show, venue and styles in one list: a DJ is a tag named before the "@" or dash, a style is a tag of style
    words only. -#}
{%- set style_word =
    'house|techno|trance|drum & bass|disco|minimal|electro|electronica|psytrance|dubstep|hardcore|acid|'
    ~ 'idm|bassline|hop|rave|jungle|funk|funky|breakbeat|breaks|ambient|hardstyle|soul|jazz|pop|'
    ~ 'downtempo|garage|industrial|chill out|experimental|rare groove|ebm|grime|latin|psychedelic|'
    ~ 'big beat|r&b|juke|footwork|classical|world music|club music|breakcore|glitch|dancehall|reggae|'
    ~ 'ghetto|booty|gqom|progressive|dub|gabber|neurofunk'
%}
{%- set style_before =
    'uk|detroit|chicago|hard|deep|tech|acid|vocal|progressive|dub|happy|breakbeat|synth|trip|hip|future|'
    ~ 'italo|melodic|afro|latin|minimal|psychedelic|dark|liquid|nu|soulful|funky|electro|industrial|'
    ~ 'ambient|goa'
%}
with source as (
    {{ bronze_answers('mixesdb', 'djmix_mixes') }}
),

titled as (
    select
        *,
        payload ->> '$.title' as title,
        list_transform(
            json_extract_string(payload, '$.tags[*].key'),
            lambda tag: trim(regexp_replace(tag, '^Category:|\s*\([^)]*\)$', '', 'g'))
        ) as tags,
        regexp_extract(payload ->> '$.title', '^(\d{4}(?:-\d{2}){0,2})', 1) as date_raw,
        regexp_replace(payload ->> '$.title', '^[0-9X]{4}(-[0-9X]{2}){0,2}( -)? ', '') as named
    from source
),

parted as (
    select
        *,
        contains(named, ' @ ') as at_venue,
        case
            when contains(named, ' @ ') then split_part(named, ' @ ', 1)
            else split_part(named, ' - ', 1)
        end as who,
        case
            when contains(named, ' @ ') then substr(named, strpos(named, ' @ ') + 3)
            when contains(named, ' - ') then substr(named, strpos(named, ' - ') + 3)
        end as scene,
        list_filter(
            tags,
            lambda tag: regexp_full_match(lower(tag), '(({{ style_before }})[ -])*({{ style_word }})')
        ) as genres
    from titled
),

djs as (
    select
        bronze_id,
        list(dj order by segment_no, place) as dj_names
    from (
        select distinct on (bronze_id, dj)
            bronze_id,
            segment_no,
            dj,
            strpos(lower(segment), lower(dj)) as place
        from (
            select
                bronze_id,
                segment,
                segment_no,
                unnest(case when len(tagged) > 0 then tagged else [trim(segment)] end) as dj
            from (
                select
                    s.*,
                    list_filter(
                        tags, lambda tag: tag <> '' and contains(lower(s.segment), lower(tag))
                    ) as tagged
                from (
                    select
                        bronze_id,
                        list_filter(tags, lambda tag: not list_contains(genres, tag)) as tags,
                        unnest(segments) as segment,
                        generate_subscripts(segments, 1) as segment_no
                    from (
                        select
                            *,
                            regexp_split_to_array(
                                regexp_replace(who, '\s*\([^)]*\)', '', 'g'), ', | b2b | vs\.? '
                            ) as segments
                        from parted
                    )
                ) as s
            )
        )
        where lower(dj) not in ('', 'va', 'various', 'various artists')
        order by bronze_id, dj, segment_no
    )
    group by bronze_id
),

renamed as (
    select
        p.ingest_date,
        p.bronze_id,
        p.provider,
        p.stream,
        p.fetched_at,
        coalesce(p.payload ->> '$.url', p.source_url) as source_url,

        p.source_entity_id as playlist_key,
        p.title,
        coalesce(d.dj_names, []::varchar[]) as dj_names,
        {{ partial_date('p.date_raw') }}['value']::date as event_date,
        {{ partial_date('p.date_raw') }}['precision']::varchar as event_date_precision,
        case
            when p.at_venue then nullif(trim(regexp_replace(p.scene, '\s*\([^)]*\)\s*$', '')), '')
        end as venue,
        case
            when p.at_venue then 'live'
            when regexp_matches(p.scene, '(?i)podcast|podcats|cast\b|mixtape|resident advisor') then 'podcast'
            when regexp_matches(p.scene, '(?i)radio|\bfm\b|\bbbc\b|broadcast|essential mix|a state of trance')
                then 'radio'
        end as set_type,
        p.genres,
        null::bigint as duration_ms,
        nullif(p.payload ->> '$.audio_url', '') as source_url_external
    from parted as p
    left join djs as d on p.bronze_id = d.bronze_id
)

select * from renamed
