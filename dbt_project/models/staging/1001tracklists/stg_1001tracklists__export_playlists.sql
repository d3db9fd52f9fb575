{{ staging_config() }}
{{ page_playlist_columns(ref('base_1001tracklists__text_exports')) }}
