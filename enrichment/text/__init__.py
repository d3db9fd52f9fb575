"""Reading what people type: names, titles, versions, credits and tracklist lines.

Pure functions over text. `record` joins the others into one parsed record per track; `tracklist` reads whole
lines.
"""
