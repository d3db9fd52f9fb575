"""Dagster and the command line: assets, checks, partitions, jobs, resources. Thin: work is done below."""
