{{ staging_config() }}
with source as (
    {{ http_answers('beatport', 'charts_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{{ beatport_chart_shape() }}') as chart
    from source
),

renamed as (
    {{ beatport_chart_view('parsed') }}
)

select * from renamed
