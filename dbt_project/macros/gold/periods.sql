{#-
The name of the period a day lies in: all, 2010s, 2019, 2019-Q3, 2019-07, by the kind of period (an expression). Names of
one kind sort as their periods do.
-#}
{% macro period_label(kind, day) -%}
    case {{ kind }}
        when 'all' then 'all'
        when 'decade' then (year({{ day }}) // 10 * 10)::varchar || 's'
        when 'year' then strftime({{ day }}, '%Y')
        when 'quarter' then strftime({{ day }}, '%Y-Q') || quarter({{ day }})
        when 'month' then strftime({{ day }}, '%Y-%m')
    end
{%- endmacro %}

{#- Its first day; NULL for all time. -#}
{% macro period_start(kind, day) -%}
    if({{ kind }} = 'all', null, date_trunc(nullif({{ kind }}, 'all'), {{ day }})::date)
{%- endmacro %}

{#- How many places the leaderboard of a period has. -#}
{% macro leaderboard_size(kind) -%}
    {%- set sizes = gold_setting('leaderboard_sizes') -%}
    case {{ kind }}
        {%- for name in ['all', 'year', 'quarter', 'month'] %}
        when '{{ name }}' then {{ sizes[name] or 0 }}
        {%- endfor %}
    end
{%- endmacro %}
