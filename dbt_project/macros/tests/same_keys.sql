{#-
Keys that do not stand exactly once here and once in `to` (its rows that meet `to_where`): none lost, invented,
doubled or NULL on the way from there to this model.
-#}
{% test same_keys(model, column_name, to, field, to_where='true') %}
with

keys as (
    select
        {{ column_name }} as key,
        1 as here,
        0 as there
    from {{ model }}
    union all
    select
        {{ field }} as key,
        0 as here,
        1 as there
    from {{ to }}
    where {{ to_where }}
)

select
    key,
    sum(here) as rows_here,
    sum(there) as rows_there
from keys
group by key
having sum(here) <> 1 or sum(there) <> 1
{% endtest %}
