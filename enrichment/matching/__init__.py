"""Matching: which records are the same track.

The steps, each its own module: records with the same normalised artists, title and version share a *node*
(`nodes`); nodes that might be the same meet in blocks (`blocking`), are judged with named evidence
(`scoring`), grouped under constraints (`clustering`) and become tracks with stable ids (`state`). `match_day`
runs them for the records one day touched; only nodes connected to those are looked at again.
"""

from enrichment.matching.state import Matched, match_day

__all__ = ["Matched", "match_day"]
