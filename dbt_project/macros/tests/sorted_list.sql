{#- Rows whose list is not in ascending order, has a value twice, or holds a NULL. -#}
{% test sorted_list(model, column_name) %}
select {{ column_name }} as unsorted
from {{ model }}
where {{ column_name }} is distinct from list_sort(list_distinct({{ column_name }}))
{% endtest %}
