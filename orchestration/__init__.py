"""Dagster and the command line: assets, checks, partitions, jobs, schedules, resources. Thin: work is done below."""
