"""Storage: bronze files, the DuckLake catalogue, Postgres and publishing.

What belongs here: where bytes live and how they are written safely. What must not: anything that knows music.
"""
