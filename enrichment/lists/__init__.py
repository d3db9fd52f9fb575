"""Lists of tracks that anyone brings: read, put into comparable columns, find duplicates, judge pairs.

A list is a CSV or Parquet file whose rows name tracks, from one or several sources with habits of their own.
The steps, each its own module: columns get their meaning (`reading`), values are taken out of fields that
hold several (`packed`, `moved`), lengths and years get units (`units`), all become comparable columns
(`records`), rows meet in blocks (`blocking`) and end in clusters or judged pairs (`dedupe`, `pairs`). The
judgement itself is the lake's own: `enrichment.matching.features` and `enrichment.matching.model`.
"""
