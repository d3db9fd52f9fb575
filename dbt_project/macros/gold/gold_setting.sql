{#-
A number of the gold formulas: the dbt variable of that name, else the default below. One place, so that the documents,
the tests and the models cannot disagree. A seed document states the mixing numbers; the others are this project's choice.
-#}
{% macro gold_setting(name) -%}
    {%- set defaults = {
        'popularity_weights': {
            'dj_support': 0.4, 'playlist_appearances': 0.3, 'chart_presence': 0.2, 'listens': 0.1
        },
        'most_djs_of_a_set': 4,
        'not_dj_set_types': ['playlist', 'dj_library'],
        'trending_reference_date': none,
        'trending_recent_days': 30,
        'trending_prior_days': 90,
        'trending_limit': 5,
        'flow_same_key': 1.0,
        'flow_compatible_key': 0.8,
        'leaderboard_sizes': {'all': 100, 'year': 100, 'quarter': 50, 'month': 25},
        'top_djs_listed': 10,
        'commonest_keys_listed': 3,
        'top_labels_listed': 5,
        'mixing_key_weight': 0.5,
        'mixing_bpm_weight': 0.3,
        'mixing_energy_close_weight': 0.2,
        'mixing_energy_near_weight': 0.1,
        'mixing_bpm_tolerance': 2,
        'mixing_energy_close': 0.10,
        'mixing_energy_near': 0.15,
        'mixing_list_size': 20,
        'mixing_pool_size': 40,
        'mixing_other_versions': false,
        'network_weights': {'co_credit': 1, 'remix': 1, 'back_to_back': 1, 'same_set': 0.1},
        'network_credits_per_track': 12,
        'network_djs_per_set': 12,
        'network_set_reach': 5,
        'network_min_sets': 2,
        'label_top_artists': 5,
        'release_price_currency': 'USD'
    } -%}
    {{ return(var(name, defaults[name])) }}
{%- endmacro %}
