{{ staging_config() }}
with hits as (
    {{ hits_of('beatport', 'charts_list_api', '$.results[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{{ beatport_chart_shape() }}') as chart
    from hits
),

renamed as (
    {{ beatport_chart_view('parsed') }}
)

select * from renamed
