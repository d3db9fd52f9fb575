{#- Id of a node of the graph: its kind and what identifies it there. -#}
{% macro graph_id(kind, identity) -%}
    '{{ kind }}:' || {{ identity }}
{%- endmacro %}

{#- Collectors are known by a pseudonym alone: who they are is nobody's business in gold. -#}
{% macro pseudonym(user_name) -%}
    left(md5('collector ' || {{ user_name }}), 16)
{%- endmacro %}

{#- A record of a catalogue that has its own entry for a track; rows of tracklists and libraries are none. -#}
{% macro is_platform_entry(provider, source_entity_id) -%}
    {{ source_entity_id }} is not null and {{ provider }} <> 'dj_library'
{%- endmacro %}
