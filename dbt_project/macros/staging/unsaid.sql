{#- Columns of the common shape about which a source says nothing. -#}
{% macro unsaid(columns, type='varchar') -%}
{%- for column in columns %}
null::{{ type }} as {{ column }}{{ "," if not loop.last }}
{%- endfor %}
{%- endmacro %}
