{#- Energies are compared in whole millionths: as binary fractions, 0.4 and 0.3 are more than 0.1 apart. -#}
{% macro energy_micros(setting) -%}
    ({{ gold_setting(setting) }} * 1000000)::integer
{%- endmacro %}

{#- A difference of tempo in hundredths of a BPM. -#}
{% macro bpm_cents(setting) -%}
    ({{ gold_setting(setting) }} * 100)::integer
{%- endmacro %}

{#- The band of 0.05 that an energy (in millionths) lies in. -#}
{% macro energy_band(micros) -%}
    {{ micros }} // 50000
{%- endmacro %}

{#- How many bands away a track may lie whose energy differs by at most this setting. -#}
{% macro energy_bands(setting) -%}
    ceil({{ energy_micros(setting) }} / 50000)::bigint
{%- endmacro %}

{#-
Name of an artist or title for "is it the same work": case, accents, blanks and punctuation do not count. A name of
punctuation only ("!!!") stays as it is.
-#}
{% macro work_name(name) -%}
    coalesce(
        nullif(regexp_replace(strip_accents(lower({{ name }})), '[^\pL\pN]+', '', 'g'), ''), lower({{ name }})
    )
{%- endmacro %}

{#- A number as it is written in a reason, with its sign: +0.5. -#}
{% macro points(score) -%}
    ' (+' || {{ score }}::decimal(2, 1)::varchar || ')'
{%- endmacro %}

{#- How a key stands to a track's, in words; the list is [own key, relative, one down, one up]. -#}
{% macro key_relation(compatible_keys, key) -%}
    ['same key', 'relative key', 'one step down', 'one step up'][list_position({{ compatible_keys }}, {{ key }})]
{%- endmacro %}
