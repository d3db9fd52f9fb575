"""What analysts are given: which marts there are, the file they open, the pages about them.

Read from dbt's manifest, where each mart says what it answers; no second list is kept.
"""
