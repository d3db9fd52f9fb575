"""Quality: scores, quarantine rules and the logic of every check. Knows tables, not Dagster."""
