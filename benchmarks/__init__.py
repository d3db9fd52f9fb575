"""Benchmarks: speed and memory as reports, never as tests. Ratios within one run mean more than seconds."""
