"""Artists: which of the names that are credited belong to the same artist.

The steps, each its own module: credits become *names* (`names`), names that might be the same meet in blocks
(`blocking`), are judged by their letters (`spelling`) and by what they are credited on (`judging`), and each
name goes to at most one artist (`grouping`). Stable ids and redirects: `state`. `identify` runs them for the
names one day touched.

A name is a folded spelling, with a disambiguator where its source gives one: "Sully (UK)" and "Sully (US)"
are two names that never join, and the bare "Sully" is a third. It joins the one of them with which it shares
tracks; with none, or with both about equally, it stays an artist of its own.
"""

from enrichment.matching.artists.state import Identified, identify

__all__ = ["Identified", "identify"]
