"""Tables the Python steps build (silver, ops, one of gold): one place, each column defined once.

``VOLATILE`` names the columns that say *when and by which run* something was written: two runs over the same
input agree on everything else.
"""

EXTERNAL_IDS = (
    "spotify_id",
    "beatport_id",
    "discogs_release_id",
    "musicbrainz_id",
    "track_1001_id",
    "youtube_id",
    "deezer_id",
    "apple_id",
)
AUDIO_FEATURES = (
    "energy",
    "danceability",
    "valence",
    "acousticness",
    "instrumentalness",
    "liveness",
    "speechiness",
    "loudness",
)
VOLATILE = (
    "run_id",
    "enriched_at",
    "started_at",
    "finished_at",
    "attempted_at",
    "fetched_at",
    "enrichment_metadata",
)

AS_WRITTEN = "concat_ws(' - ', r.artist_raw, r.title_raw) || coalesce(' (' || r.mix_name_raw || ')', '')"
"""SQL of a record's name as its provider writes it, over ``silver.track_records`` with alias ``r``."""

_IDS = ", ".join(f"{name} varchar" for name in EXTERNAL_IDS)
_FEATURES = ", ".join(f"{name} double" for name in AUDIO_FEATURES)

TABLES: dict[str, str] = {
    # one row per provider's view of a track: its latest answer, typed and normalised
    "silver.track_records": f"""
        record_id varchar, provider varchar, stream varchar, source_entity_id varchar, bronze_id varchar,
        ingest_date date, first_seen date, fetched_at timestamptz, source_url varchar,
        artist_raw varchar, title_raw varchar, mix_name_raw varchar, remixer_raw varchar,
        artist varchar, title varchar, version varchar, version_kind varchar, version_key varchar,
        artists varchar[], featured varchar[], remixers varchar[], artist_names varchar[],
        artist_key varchar, title_key varchar, usable boolean,
        album varchar, label varchar, catalog_number varchar, track_position varchar,
        isrc_raw varchar, isrc varchar, iswc_raw varchar, iswc varchar, formats_raw varchar,
        available_formats varchar[], {_IDS},
        bpm_raw varchar, bpm decimal(6,2), key_raw varchar, key_camelot varchar, key_standard varchar,
        genre varchar, subgenre varchar, release_date_raw varchar, release_date date,
        release_date_precision varchar, duration_ms bigint, {_FEATURES}, popularity integer,
        confidence json""",
    # one row per answer that described a record: the lineage behind a record's current state
    "silver.record_answers": "record_id varchar, bronze_id varchar, ingest_date date",
    # one row per distinct (artists, title, version) as normalised: what matching compares
    "silver.track_nodes": """
        node_id varchar, artist_names varchar[], artist_text varchar, title_text varchar, version_key varchar,
        version_kind varchar, title_words varchar, artist_words varchar, all_words varchar,
        version_stated boolean, ids varchar[], catalogues varchar[], first_seen date, first_record varchar""",
    # one row per block of nodes too large to compare each with each
    "silver.cut_blocks": "kind varchar, block varchar, nodes bigint, pairs bigint",
    # one row per judged pair of nodes
    "silver.track_matches": """
        node_a varchar, node_b varchar, record_a varchar, record_b varchar, match_confidence decimal(5,4),
        match_method varchar, matched_fields varchar[], evidence json, accepted boolean, verified boolean""",
    # one row per pair of records a person decided about, with the event it comes from
    "silver.match_decisions": """
        event_id varchar, kind varchar, record_a varchar, record_b varchar, actor varchar, reason varchar,
        occurred_at timestamptz, active boolean, changed_on date, bronze_id varchar""",
    # one row per pair of nodes too alike to dismiss and not alike enough to join: for a person to decide
    "silver.match_review": """
        node_a varchar, node_b varchar, record_a varchar, record_b varchar, match_confidence decimal(5,4),
        evidence json, plays bigint""",
    # one row per record: the track it belongs to and how sure that is
    "silver.track_members": """
        record_id varchar, node_id varchar, track_id uuid, match_confidence decimal(5,4),
        match_method varchar, is_anchor boolean, changed_on date""",
    # one row per track id that was merged away or split, pointing to where its records went
    "silver.track_redirects": "from_track_id uuid, to_track_id uuid, reason varchar, changed_on date",
    # one row per track
    "silver.enriched_tracks": f"""
        track_id uuid, artist varchar, title varchar, version varchar, version_kind varchar,
        artists varchar[], featured varchar[], remixer varchar, {_IDS}, isrc varchar, iswc varchar,
        bpm decimal(6,2), bpm_plausibility varchar,
        key_camelot varchar, key_standard varchar, key_raw varchar, {_FEATURES}, genre varchar,
        subgenre varchar, label varchar, catalog_number varchar, available_formats varchar[],
        release_date date, release_date_precision varchar, duration_ms bigint, popularity integer,
        providers varchar[], record_count integer, bronze_id varchar, field_confidence json,
        enrichment_metadata json, quality_terms json, completeness_terms json,
        quality_score decimal(5,4), completeness decimal(5,4),
        validation_status varchar, config_hash varchar, run_id varchar, enriched_at timestamptz""",
    # one row per field of a track that has a value: the winning attempt
    "silver.field_provenance": """
        track_id uuid, field varchar, value varchar, provider varchar, confidence decimal(5,4),
        threshold decimal(5,4), outcome varchar, attempt_id varchar, resolution_id uuid, record_id varchar,
        bronze_id varchar, config_hash varchar, run_id varchar""",
    # one row per field of a track about which providers disagree, with all they say
    "silver.field_conflicts": """
        track_id uuid, field varchar, kind varchar, severity decimal(5,4), answers json,
        chosen_provider varchar, chosen_value varchar""",
    # one row per value a field had and has no more; append-only
    "silver.former_values": """
        track_id uuid, field varchar, value varchar, provider varchar, confidence decimal(5,4),
        attempt_id varchar, config_hash varchar, run_id varchar, replaced_at timestamptz,
        replaced_by varchar""",
    # one row per pin of a person, with whether it stands
    "silver.field_pins": """
        event_id varchar, record_id varchar, field varchar, said varchar, value varchar, actor varchar,
        reason varchar, occurred_at timestamptz, active boolean, changed_on date, bronze_id varchar""",
    # one row per attempt to fill a field; append-only
    "ops.enrichment_transformations": """
        attempt_id varchar, resolution_id uuid, run_id varchar, transformation_type varchar, track_id uuid,
        field varchar, priority integer, provider varchar, record_id varchar, bronze_id varchar,
        input_value varchar, output_value varchar, provider_confidence decimal(5,4),
        match_confidence decimal(5,4), confidence decimal(5,4), threshold decimal(5,4), outcome varchar,
        success boolean, corroboration json, config_hash varchar, code_version varchar,
        attempted_at timestamptz""",
    # one row per enrichment run
    "ops.enrichment_pipeline_runs": """
        run_id varchar, ingest_date date, started_at timestamptz, finished_at timestamptz, status varchar,
        config_hash varchar, waterfall_config_snapshot json, code_version varchar, bronze_answers bigint,
        records_touched bigint, tracks_resolved bigint, tracks_changed bigint, attempts_new bigint,
        fields_accepted bigint""",
    # one row per field that a replay decided differently; what is the same for all rows of a plan stands last
    "ops.replay_diffs": """
        plan_id varchar, track_id uuid, field varchar,
        before_value varchar, before_provider varchar, before_confidence decimal(5,4),
        before_threshold decimal(5,4), before_attempt_id varchar, before_bronze_id varchar,
        before_run_id varchar, before_config_hash varchar, before_code_version varchar,
        after_value varchar, after_provider varchar, after_confidence decimal(5,4),
        after_threshold decimal(5,4), after_bronze_id varchar,
        verdict varchar, causes varchar[], finding varchar,
        choice json, fields varchar[], config_name varchar, config_hash varchar, config_snapshot json,
        code_version varchar, code_note varchar, reason varchar, planned_by varchar,
        planned_at timestamptz""",
    # one row per plan that was applied or undone, with the lake's snapshots before and after
    "ops.replay_corrections": """
        plan_id varchar, action varchar, run_id varchar, actor varchar, fields bigint, tracks bigint,
        left_alone bigint, snapshot_before bigint, snapshot_after bigint, corrected_at timestamptz""",
    # one row per replay that was asked for: queued, running, done or failed
    "ops.pipeline_replay_queue": """
        request_id varchar, track_ids varchar[], bronze_ids varchar[], ingest_date date, quarantined boolean,
        everything boolean, target_layer varchar, use_historical_config boolean,
        config_snapshot_run_id varchar, config_name varchar, config_snapshot json,
        fields_to_replay varchar[], code_note varchar, reason varchar, apply boolean, requested_by varchar,
        requested_at timestamptz, state varchar, state_reason varchar, run_id varchar, plan_id varchar,
        started_at timestamptz, finished_at timestamptz""",
    # one row per field, provider and version of the configuration
    "ops.metadata_enrichment_config": """
        config_hash varchar, field varchar, priority integer, provider varchar, min_confidence decimal(5,4),
        default_confidence decimal(5,4), genres varchar[], released_from date, released_until date,
        streams varchar[], origin varchar, corroborated boolean, recorded_at timestamptz,
        settle varchar""",
    # one row per provider and field: what it is worth
    "gold.provider_scorecard": """
        field varchar, provider varchar, priority integer, min_confidence decimal(5,4),
        default_confidence decimal(5,4), asked bigint, answered bigint, valid bigint, accepted bigint,
        hit_rate decimal(5,4), accepted_share decimal(5,4), asked_per_accepted decimal(18,2),
        compared bigint, agreement decimal(5,4), judged_by_people bigint, overturned decimal(5,4),
        suggested_threshold decimal(5,4), config_hash varchar""",
    # one row per artist who works with another: how central they are, and in which community
    "gold.artist_network": """
        artist_id uuid, artist_name varchar, collaborators bigint, strength decimal(12,2),
        degree_centrality decimal(9,8), pagerank decimal(13,12), pagerank_rank bigint, community_id uuid,
        community_name varchar, community_size bigint""",
    # one row per stream of bronze: how fresh it is
    "gold.data_freshness": """
        provider varchar, stream varchar, answers bigint, days bigint, first_day date, last_day date,
        last_answer_at timestamptz, days_behind integer, rows_refused bigint, provider_state varchar,
        provider_state_since timestamptz, provider_state_reason varchar, state varchar""",
    # one row per name that is credited (a folded spelling, with a disambiguator if any): its artist
    "silver.artist_names": """
        name_key varchar, base_key varchar, disambiguator varchar, name varchar, words varchar,
        sound varchar, core varchar, spellings varchar[], uses bigint, first_seen date, lead_key varchar,
        artist_id uuid, match_confidence decimal(5,4), match_method varchar""",
    # one row per judged pair of names worth keeping; accepted: the one is an alias of the other
    "silver.artist_matches": """
        name_key_a varchar, name_key_b varchar, confidence decimal(5,4), method varchar, evidence json,
        accepted boolean""",
    # one row per pair of names too alike to dismiss that is not one artist: for a person to decide
    "silver.artist_review": """
        name_key_a varchar, name_key_b varchar, confidence decimal(5,4), reason varchar, evidence json,
        uses bigint""",
    # one row per artist id that a name left, pointing to where it went
    "silver.artist_redirects": """
        from_artist_id uuid, to_artist_id uuid, reason varchar, changed_on date""",
    # one row per artist
    "silver.enriched_artists": """
        artist_id uuid, canonical_name varchar, disambiguator varchar, name_key varchar, aliases varchar[],
        bronze_ids varchar[], track_count integer, deduplication_strategy varchar, quality_score decimal(5,4),
        enriched_at timestamptz""",
    # one row per artist credited on a track
    "silver.track_artists": """
        track_id uuid, artist_id uuid, role varchar, position integer, is_primary boolean""",
    # one row per tracklist or playlist
    "silver.enriched_playlists": """
        playlist_id uuid, provider varchar, stream varchar, playlist_key varchar, title varchar,
        dj_names varchar[], artist_id uuid, event_date date, event_date_precision varchar, venue varchar,
        set_type varchar, genres varchar[], duration_ms bigint, track_count integer, identified_count integer,
        bronze_id varchar, ingest_date date, validation_status varchar, source_url varchar,
        enriched_at timestamptz""",
    # one row per position of a playlist
    "silver.playlist_tracks": """
        playlist_id uuid, position integer, kind varchar, with_previous boolean, cue_raw varchar,
        cue_time_ms bigint, raw_text varchar, record_id varchar, track_id uuid, provider varchar,
        bronze_id varchar, event_date date, group_no integer""",
    # one row per performance or broadcast, whoever listed it
    "silver.dj_sets": """
        set_id uuid, set_key varchar, provider varchar, title varchar, dj_names varchar[], event_name varchar,
        festival_id uuid, stage varchar, venue varchar, country varchar, places varchar[], named_stage
        varchar, show_name varchar, show_id uuid, episode_number integer, station varchar, event_date date,
        event_date_precision varchar, set_type varchar, genres varchar[], duration_ms bigint, recording_url
        varchar, recording_urls varchar[], tracklist_1001_id varchar, play_count integer, favorite_count
        integer, track_count integer, identified_count integer, playlist_id uuid, playlist_ids uuid[], sources
        json, providers varchar[], bronze_id varchar, bronze_ids varchar[], first_seen date""",
    # one row per show or podcast
    "silver.radio_shows": """
        show_id uuid, show_name varchar, host_dj varchar, station varchar, set_type varchar,
        episode_count integer, latest_episode integer, first_air_date date, last_air_date date,
        genre_focus varchar[], recurring boolean, show_1001_id varchar, bronze_id varchar""",
    # one row per festival and year
    "silver.festivals": """
        festival_id uuid, name varchar, edition integer, location varchar, venue varchar, country varchar,
        start_date date, end_date date, stages varchar[], capacity integer, genre_focus varchar[],
        set_count integer, festival_1001_id varchar, evidence varchar, bronze_id varchar""",
    # one row per DJ of a live set
    "silver.performances": """
        set_id uuid, position integer, dj_name varchar, artist_id uuid, event_name varchar, festival_id uuid,
        venue varchar, stage varchar, country varchar, event_date date, time_slot varchar,
        headline_status varchar, bronze_id varchar""",
    # one row per chart, and one per place of it on a day
    "silver.charts": """
        chart_id uuid, provider varchar, chart_key varchar, name varchar, chart_type varchar, genre varchar,
        dj_name varchar, first_date date, last_date date, editions integer, bronze_id varchar""",
    "silver.chart_entries": """
        chart_id uuid, chart_date date, position integer, previous_position integer, peak_position integer,
        weeks_on_chart integer, record_id varchar, track_id uuid, provider varchar, bronze_id varchar""",
    # one row per release as one provider knows it
    "silver.releases": """
        release_id uuid, provider varchar, provider_release_id varchar, title varchar, artists varchar[],
        label varchar, labels varchar[], catalog_number varchar, barcode varchar, formats varchar[],
        country varchar, released_raw varchar, release_date date, release_date_precision varchar,
        genres varchar[], styles varchar[], release_type varchar, track_count integer, master_id uuid,
        provider_master_id varchar, data_quality varchar, for_sale integer, lowest_price decimal(12,2),
        bronze_id varchar, source_url varchar, ingest_date date, fetched_at timestamptz""",
    # one row per master: what releases of the same recordings have in common
    "silver.masters": """
        master_id uuid, provider varchar, provider_master_id varchar, title varchar, artists varchar[],
        year integer, genres varchar[], styles varchar[], main_release_id uuid,
        provider_main_release_id varchar, versions_count integer, versions_seen integer,
        data_quality varchar, bronze_id varchar, source_url varchar, ingest_date date,
        fetched_at timestamptz""",
    # one row per label as one provider knows it
    "silver.labels": """
        label_id uuid, provider varchar, provider_label_id varchar, name varchar, slug varchar,
        profile varchar, parent_label varchar, parent_label_id uuid, sublabels varchar[],
        contact_info varchar, urls varchar[], established_year integer, data_quality varchar,
        bronze_id varchar, source_url varchar, ingest_date date, fetched_at timestamptz""",
    # one row per vinyl format of a release: the discs of one kind in it
    "silver.vinyl_records": """
        vinyl_id uuid, release_id uuid, format_number integer, format varchar, quantity integer, rpm integer,
        color varchar, weight_g integer, limited_edition boolean, edition_size integer,
        pressing_plant varchar, matrix_runout varchar, descriptions varchar[], bronze_id varchar""",
    # one row per copy in somebody's collection
    "silver.collection_items": """
        item_id uuid, user_name varchar, provider varchar, provider_release_id varchar, release_id uuid,
        artist_raw varchar, title_raw varchar, label_raw varchar, catalog_number varchar, format_raw varchar,
        released_raw varchar, folder varchar, rating integer, added_at timestamptz, media_condition varchar,
        sleeve_condition varchar, notes varchar, bronze_id varchar, ingest_date date,
        fetched_at timestamptz""",
    # one row per file in a DJ library
    "silver.owned_files": """
        record_id varchar, library varchar, program varchar, format varchar, bitrate_kbps integer,
        bronze_id varchar, ingest_date date, fetched_at timestamptz""",
    # one row per track that lies in some DJ library
    "silver.owned_tracks": """
        track_id uuid, owned_in_rekordbox boolean, owned_in_traktor boolean, owned_format varchar,
        formats varchar[], libraries varchar[], files integer""",
    # one row per listen of a user, as one service tells it
    "silver.listen_events": """
        listen_id uuid, user_name varchar, provider varchar, listened_at timestamptz, artist_raw varchar,
        title_raw varchar, album_raw varchar, ms_played bigint, isrc varchar, spotify_id varchar,
        musicbrainz_id varchar, node_id varchar, track_id uuid, matched_by varchar, counted boolean,
        bronze_id varchar, source_url varchar, ingest_date date""",
    # one row per thing a rule refused, with the reason
    "silver.quarantine": """
        quarantine_id varchar, provider varchar, stream varchar, bronze_id varchar, source_url varchar,
        source_row bigint, rule varchar, field varchar, value varchar, reason varchar, remedy varchar,
        action varchar, first_seen date, last_seen date, healed_at timestamptz, healed_by varchar""",
}
