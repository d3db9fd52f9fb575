{# Value rules live once, in enrichment/sql_macros.py; these give them the look of dbt macros. #}
{% macro clock_ms(col) -%} clock_ms({{ col }}) {%- endmacro %}
{% macro partial_date(col) -%} partial_date({{ col }}) {%- endmacro %}
{% macro clean_isrc(col) -%} clean_isrc({{ col }}) {%- endmacro %}
