{#- Whether silver's verdict lets a row into gold: what has no name or was set aside stays in silver. -#}
{% macro is_valid(validation_status) -%}
    coalesce({{ validation_status }} not in ('invalid', 'quarantined'), true)
{%- endmacro %}
