{#- Rows whose value lies outside [min_value, max_value): the upper bound itself fails. NULL passes. -#}
{% test half_open(model, column_name, min_value, max_value) %}
select {{ column_name }} as value_out_of_range
from {{ model }}
where {{ column_name }} < {{ min_value }} or {{ column_name }} >= {{ max_value }}
{% endtest %}
