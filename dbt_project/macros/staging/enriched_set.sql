{#- Values of an export's numbered columns (`genre0`, `genre1`, ...), in their order, blanks left out. -#}
{% macro numbered_columns(name) -%}
list_filter(
            list_transform(range(6), lambda n: json_extract_string(payload, '$."{{ name }}' || n || '"')),
            lambda value: coalesce(value, '') <> ''
        )
{%- endmacro %}

{#- What the export calls the set: it has a column named for the sort of each source. -#}
{% macro numbered_kind() -%}
case
            when coalesce(payload ->> '$."Radio Show0"', '') <> '' then 'radio show'
            when coalesce(payload ->> '$."Podcast0"', '') <> '' then 'podcast'
        end
{%- endmacro %}
