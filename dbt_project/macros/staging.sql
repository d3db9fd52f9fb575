{# A staging model is incremental by the day of ingestion: building a day replaces exactly that day's rows. #}
{% macro staging_config() -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        pre_hook="{% if is_incremental() %}delete from {{ this }} where ingest_date = getvariable('day'){% endif %}"
    ) }}
{%- endmacro %}

{# Bronze answers of one stream: the day being built, or on a full build all days. #}
{% macro bronze_answers(provider, stream) -%}
    select
        bronze_id,
        provider,
        stream,
        request_key,
        source_entity_id,
        source_url,
        source_row,
        http_status,
        fetched_at,
        extractor_version,
        content_type,
        payload,
        payload_sha256,
        run_id,
        ingest_date
    from {{ source('bronze', provider ~ '__' ~ stream) }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
{%- endmacro %}

{# Answers given over HTTP. Of one night's answers to a request the last counts, and an answer that came back
   after another one counts again on the night it came back (bronze holds it once: the notes in `fetches` tell).
   All of a night count as equally recent, so that the order in which they happened to arrive decides nothing. #}
{% macro http_answers(provider, stream) -%}
    select * replace (max(fetched_at) over (partition by ingest_date) as fetched_at)
    from (
        select *
        from (
            {{ bronze_answers(provider, stream) }}
            union all by name
            select
                answers.* replace (
                    to_timestamp((notes.payload ->> '$.asked_at')::double) as fetched_at,
                    notes.ingest_date as ingest_date
                )
            from {{ source('bronze', provider ~ '__' ~ stream) }} as answers
            inner join {{ source('bronze', provider ~ '__fetches') }} as notes
                on answers.bronze_id = (notes.payload ->> '$.answer.bronze_id')
            where
                (notes.payload ->> '$.returned') = 'true'
                and (notes.payload ->> '$.stream') = '{{ stream }}'
                {% if is_incremental() %}and notes.ingest_date = getvariable('day'){% endif %}
        )
        qualify row_number() over (
            partition by ingest_date, request_key order by fetched_at desc, bronze_id
        ) = 1
    )
{%- endmacro %}

{# What answers list at a JSON path, one row each as `hit`; the same hit of several answers of a day once. #}
{% macro hits_of(provider, stream, path) -%}
    select
        ingest_date,
        min(bronze_id) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        arg_min(source_url, bronze_id) as source_url,
        hit
    from (
        select
            * exclude (payload),
            unnest(json_extract(payload, '{{ path }}'))::varchar as hit
        from ({{ http_answers(provider, stream) }})
    )
    where hit <> 'null'
    group by ingest_date, hit
{%- endmacro %}
