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
