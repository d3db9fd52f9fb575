{#- DJs named before the "@" or the first dash of a set's title. -#}
{% macro djs_named(title) -%}
list_filter(
            list_transform(
                regexp_split_to_array(
                    regexp_extract({{ title }}, '^(.*?)(?: @ | - )', 1), '(?i)\s+(?:&|vs\.?|b2b|x|and)\s+|,\s*'
                ),
                lambda name: trim(name)
            ),
            lambda name: name <> ''
        )
{%- endmacro %}
