{#- What one track or set counts in the network of artists, by kind of edge. -#}
{% macro network_weight(kind) -%}
    {%- set weights = gold_setting('network_weights') -%}
    case {{ kind }}
        {%- for name in ('co_credit', 'remix', 'back_to_back', 'same_set') %}
        when '{{ name }}' then {{ weights[name] }}
        {%- endfor %}
    end::decimal(4, 2)
{%- endmacro %}
