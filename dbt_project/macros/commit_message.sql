{#- What the lake's snapshot of a model says of itself; other databases, as in unit tests, have no snapshots. -#}
{% macro commit_message() -%}
    {%- if execute and this.database == 'lake' -%}
        call lake.set_commit_message('cratelake', 'dbt model {{ this.schema }}.{{ this.name }}')
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
