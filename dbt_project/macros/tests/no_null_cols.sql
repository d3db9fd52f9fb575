{#- Rows in which any of the named columns is NULL: one test instead of a `not_null` for each column. -#}
{% test no_null_cols(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column in columns %}{{ column }} is null{% if not loop.last %} or {% endif %}{% endfor %}
{% endtest %}
