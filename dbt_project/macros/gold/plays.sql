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
