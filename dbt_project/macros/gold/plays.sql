{#-
Whether a playlist is a DJ's performance, so that its rows count as plays. A listener's playlist and a DJ's own library
hold tracks but play none; a playlist of unknown type is taken as a set, because tracklist sites state no type.
-#}
{% macro is_dj_set(set_type) -%}
    coalesce({{ set_type }} not in ('{{ gold_setting('not_dj_set_types') | join("', '") }}'), true)
{%- endmacro %}

{#- Rows of a playlist that are a track: unknown rows, jingles, notes and the parts of a mashup are none. -#}
{% macro is_track_row(kind) -%}
    {{ kind }} in ('track', 'mashup')
{%- endmacro %}

{#-
Keys of the DJs who can have played what a set lists. A set that names more than `most_djs_of_a_set` is an evening or a
show with guests: who of them played a track it does not say, so nobody is counted as its supporter.
-#}
{% macro dj_keys(names) -%}
    list_distinct(list_filter(
        list_transform(
            if(len({{ names }}) <= {{ gold_setting('most_djs_of_a_set') }}, {{ names }}, []),
            lambda name: {{ dj_key('name') }}
        ),
        lambda key: key is not null
    ))
{%- endmacro %}

{#- A DJ's name for "is it the same one": case, accents and outer blanks do not count; NULL for no name. -#}
{% macro dj_key(name) -%}
    nullif(strip_accents(lower(trim({{ name }}))), '')
{%- endmacro %}

{#- A day as far as it is known: 2019-07-20, 2019-07 or 2019. -#}
{% macro shown_date(day, precision) -%}
    case {{ precision }}
        when 'year' then strftime({{ day }}, '%Y')
        when 'month' then strftime({{ day }}, '%Y-%m')
        else strftime({{ day }}, '%Y-%m-%d')
    end
{%- endmacro %}

{#-
Columns of a play for counting it: where it was, whether a DJ played it, when, and how many days before the reference day.
A play dated only to the month or year belongs to no window: its days are NULL.
-#}
{% macro dated_play(plays, reference_day) -%}
    coalesce({{ plays }}.set_id, {{ plays }}.playlist_id) as appearance_id,
        {{ plays }}.is_dj_play,
        {{ plays }}.event_date,
        case
            when {{ plays }}.is_dj_play and {{ plays }}.is_exact_date
                then {{ reference_day }} - {{ plays }}.event_date
        end as days_ago
{%- endmacro %}

{#- Counts over plays with the columns of `dated_play`: of whatever they are grouped by. -#}
{% macro counted_plays() -%}
    count(*) filter (where is_dj_play) as dj_play_count,
        min(event_date) filter (where is_dj_play) as first_played,
        max(event_date) filter (where is_dj_play) as last_played,
        count(*) filter (where {{ is_recent('days_ago') }}) as recent_plays,
        count(*) filter (where {{ is_prior('days_ago') }}) as prior_plays,
        count(days_ago) as dated_plays
{%- endmacro %}
