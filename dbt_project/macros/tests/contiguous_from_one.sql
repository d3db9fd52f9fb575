{#- Groups in which the column is not exactly 1, 2, ... n: positions of a set, ranks of a leaderboard. -#}
{% test contiguous_from_one(model, column_name, group_by) %}
select
    {{ group_by | join(', ') }},
    count(*) as row_count,
    count(distinct {{ column_name }}) as distinct_count,
    min({{ column_name }}) as lowest,
    max({{ column_name }}) as highest
from {{ model }}
group by {{ group_by | join(', ') }}
having
    min({{ column_name }}) <> 1
    or max({{ column_name }}) <> count(*)
    or count(distinct {{ column_name }}) <> count(*)
{% endtest %}
