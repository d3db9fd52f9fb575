{#- A platform's id out of a list of links: the pattern's first group in the first link that has it. -#}
{% macro id_in_links(links, pattern) -%}
list_filter(
            list_transform({{ links }}, lambda link: regexp_extract(link, '{{ pattern }}', 1)),
            lambda id: id <> ''
        )[1]
{%- endmacro %}
