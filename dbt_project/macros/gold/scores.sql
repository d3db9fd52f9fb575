{#-
Share (0..1) of the rows with some of this evidence that have no more of it than this row; 0 without any. Ranking among
rows that have evidence keeps the ranks as they are when a catalogue of never-played tracks is loaded.
-#}
{% macro percentile_rank(evidence) -%}
    case
        when {{ evidence }} > 0 then cume_dist() over (partition by {{ evidence }} > 0 order by {{ evidence }})
        else 0
    end
{%- endmacro %}

{#-
Weighted mean of percentile ranks on 0-100, DECIMAL(5,2). `ranks` maps a part of `popularity_weights` to the column with
its percentile rank. A part nobody in the lake has evidence for is left out and its weight spread over the others; NULL
when no part has any.
-#}
{% macro popularity_score(ranks) -%}
    {%- set weights = gold_setting('popularity_weights') -%}
    round_even(
        100 * (
            {%- for part, rank in ranks.items() %}
            {{ weights[part] }} * {{ rank }}{{ ' +' if not loop.last }}
            {%- endfor %}
        ) / nullif(
            {%- for part, rank in ranks.items() %}
            {{ weights[part] }} * (max({{ rank }}) over () > 0)::integer{{ ' +' if not loop.last }}
            {%- endfor %}, 0
        ), 2
    )::decimal(5, 2)
{%- endmacro %}

{#- Names of the parts that someone in the lake has evidence for, so that they carry the weights; `ranks` as above. -#}
{% macro known_parts(ranks) -%}
    list_filter(
        [
            {%- for part, rank in ranks.items() %}
            if(max({{ rank }}) over () > 0, '{{ part }}', null){{ ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda part: part is not null
    )
{%- endmacro %}

{#- Whether a day lies in the window of recent plays, or in the one before it; `days_ago` counts from the reference day. -#}
{% macro is_recent(days_ago) -%}
    {{ days_ago }} >= 0 and {{ days_ago }} < {{ gold_setting('trending_recent_days') }}
{%- endmacro %}

{% macro is_prior(days_ago) -%}
    {{ days_ago }} >= {{ gold_setting('trending_recent_days') }}
    and {{ days_ago }} < {{ gold_setting('trending_recent_days') + gold_setting('trending_prior_days') }}
{%- endmacro %}

{#-
log2 of (plays in the recent window + 1) over (plays expected there from the prior window's daily rate + 1), clipped to
+-`trending_limit`, DECIMAL(6,4): 0 is steady, 1 about twice as often as before.
-#}
{% macro trending_score(recent_plays, prior_plays) -%}
    {%- set days_ratio = gold_setting('trending_recent_days') ~ '.0 / ' ~ gold_setting('trending_prior_days') -%}
    {%- set limit = gold_setting('trending_limit') -%}
    round_even(
        greatest(-{{ limit }}, least({{ limit }}, log2(
            ({{ recent_plays }} + 1) / ({{ prior_plays }} * ({{ days_ratio }}) + 1)
        ))), 4
    )::decimal(6, 4)
{%- endmacro %}

{#- Part of a whole as DECIMAL(5,4), half-even; NULL when the whole is 0 or unknown. -#}
{% macro share(part, whole) -%}
    round_even({{ part }} / nullif({{ whole }}, 0), 4)::decimal(5, 4)
{%- endmacro %}

{#-
Least-squares slope of y over x in a group, DECIMAL(9,6); NULL for fewer than two points. Sums are exact (integers and
decimals), so the order in which threads add up cannot show in the result as it does with regr_slope.
-#}
{% macro least_squares_slope(x, y) -%}
    round_even(
        (count(*) * sum({{ x }} * {{ y }})::double - sum({{ x }})::double * sum({{ y }})::double)
        / nullif(count(*) * sum({{ x }} * {{ x }})::double - sum({{ x }})::double * sum({{ x }})::double, 0), 6
    )::decimal(9, 6)
{%- endmacro %}
