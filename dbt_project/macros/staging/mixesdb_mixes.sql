{#- MixesDB titles: "<date> - <DJs> @ <venue> (<series>)" or "<date> - <DJs> - <show>". Tags mix year, DJs,
    show, venue and styles in one list: a DJ is a tag named before the "@" or dash, a style is a tag of style
    words only.

    CTEs that begin with `titled` (mix_id, title, tags: categories without "Category:") and end in `mixes`, which has
    date_raw, at_venue, scene, genres and dj_names as well. -#}
{% macro mixesdb_mixes() -%}
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
dated as (
    select
        *,
        regexp_extract(title, '^(\d{4}(?:-\d{2}){0,2})', 1) as date_raw,
        regexp_replace(title, '^[0-9X]{4}(-[0-9X]{2}){0,2}( -)? ', '') as named
    from titled
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
    from dated
),

djs as (
    select
        mix_id,
        list(dj order by segment_no, place) as dj_names
    from (
        select distinct on (mix_id, dj)
            mix_id,
            segment_no,
            dj,
            strpos(lower(segment), lower(dj)) as place
        from (
            select
                mix_id,
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
                        mix_id,
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
        order by mix_id, dj, segment_no
    )
    group by mix_id
),

mixes as (
    select
        p.*,
        coalesce(d.dj_names, []::varchar[]) as dj_names,
        case
            when p.at_venue then nullif(trim(regexp_replace(p.scene, '\s*\([^)]*\)\s*$', '')), '')
        end as venue,
        {{ set_type_of('p.title', 'p.scene') }} as set_type
    from parted as p
    left join djs as d on p.mix_id = d.mix_id
)
{%- endmacro %}
