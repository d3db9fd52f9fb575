{# A staging model is incremental by the day of ingestion: building a day replaces exactly that day's rows. #}
{% macro staging_config() -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
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
