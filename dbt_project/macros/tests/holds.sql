{#-
Rows that break a rule of the model, each with the names of the rules it breaks. `required` columns are not NULL;
`conditions` are never false (NULL passes, so that an unknown value breaks no range), and each is its own name. One
query for all rules, because a test costs far more to start than to run.
-#}
{% test holds(model, required=[], conditions=[]) %}
{%- set rules = [] -%}
{%- for column in required -%}
    {%- do rules.append((column ~ ' is not null', column ~ ' is not null')) -%}
{%- endfor -%}
{%- for condition in conditions -%}
    {%- do rules.append((condition, 'coalesce(' ~ condition ~ ', true)')) -%}
{%- endfor %}
select
    list_filter(
        [
            {%- for name, rule in rules %}
            if({{ rule }}, null, '{{ name | replace("'", "''") }}'){{ ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda name: name is not null
    ) as broken_rules,
    *
from {{ model }}
where
    not (
        {%- for _, rule in rules %}
        {{ rule }}{{ ' and' if not loop.last }}
        {%- endfor %}
    )
{% endtest %}
