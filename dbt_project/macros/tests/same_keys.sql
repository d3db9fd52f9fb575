{#-
Keys that only one of two relations has: neither lost nor invented on the way from `to` (its rows that meet `to_where`)
to this model.
-#}
{% test same_keys(model, column_name, to, field, to_where='true') %}
select
    ours.{{ column_name }} as key_here,
    theirs.{{ field }} as key_there
from {{ model }} as ours
full outer join (select {{ field }} from {{ to }} where {{ to_where }}) as theirs on ours.{{ column_name }} = theirs.{{ field }}
where ours.{{ column_name }} is null or theirs.{{ field }} is null
{% endtest %}
