"""The heart: normalise, match, waterfall, provenance. Pure functions and SQL: no network, no Dagster."""
