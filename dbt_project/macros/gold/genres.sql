{#-
A genre's name for "is it the same one": case, accents, punctuation and the word "and" do not count, so that "Hip-Hop"
is "hip hop" and "Drum & Bass" is "Drum and Bass". A name of punctuation only stays as it is.
-#}
{% macro genre_key(name) -%}
    coalesce(
        nullif(
            regexp_replace(
                regexp_replace(strip_accents(lower({{ name }})), '\b(and|n)\b', '', 'g'), '[^\pL\pN]+', '', 'g'
            ), ''
        ), lower({{ name }})
    )
{%- endmacro %}
