"""Judging names alone: two parsed records without identifiers or facts, as the matcher would judge them.

Belongs here: the way from parsed records to the features that `scoring` judges, for tests, for measuring and
for questions about one pair. No rule of its own: features and factors are those of the nightly match.
"""

import duckdb
import pyarrow as pa

from enrichment.matching.nodes import WORDS
from enrichment.matching.scoring import NAME_FEATURES, score

_NO_FACTS = "false as rivals, false as other_isrc, false as other_bpm, false as other_length"
_COLUMNS = f"row, artist_names, version_key, true as version_stated, {WORDS}"
_PAIRS = f"""
    with a as (select {_COLUMNS} from left_names), b as (select {_COLUMNS} from right_names)
    select
        a.row as node_a, b.row as node_b, []::varchar[] as ids, a.row as record_a, b.row as record_b,
        {NAME_FEATURES},
        {_NO_FACTS}
    from a join b using (row)
    order by row
"""
RESULT = pa.schema(
    [
        pa.field("match_confidence", pa.decimal128(5, 4)),
        pa.field("accepted", pa.bool_()),
        pa.field("veto", pa.string()),
        pa.field("evidence", pa.string()),
    ]
)
"""Columns of `judge_names`."""


def judge_names(left: pa.Table, right: pa.Table) -> pa.Table:
    """Judge the i-th row of one table against the i-th of the other; one result per row, in order.

    Both sides count as catalogue entries, which mean the version they name. A record that names no track
    ("ID - ID") is never the same as anything.

    Args:
        left: output of `enrichment.text.record.parse_records`.
        right: the same, of as many rows.

    Returns:
        Columns of `RESULT`; ``veto`` says what forbids the pair ("version", "unusable"), null if
        nothing does.

    Raises:
        ValueError: the tables differ in length.
    """
    if left.num_rows != right.num_rows:
        raise ValueError(f"judge_names needs pairs; got {left.num_rows} and {right.num_rows} rows")
    numbers = pa.array(range(left.num_rows), pa.int64())
    with duckdb.connect() as connection:
        connection.register("left_names", left.append_column("row", numbers))
        connection.register("right_names", right.append_column("row", numbers))
        pairs = connection.execute(_PAIRS).to_arrow_table()
        connection.register("judged", score(pairs, keep=0.0))
        return (
            connection.execute(
                """
                select
                    if(usable, match_confidence, 0)::decimal(5,4) as match_confidence,
                    accepted and usable as accepted,
                    if(usable, evidence ->> 'veto', 'unusable') as veto,
                    evidence
                from (
                    select j.*, l.usable and r.usable as usable, l.row
                    from judged j join left_names l on j.node_a = l.row join right_names r on j.node_b = r.row
                )
                order by row
                """
            )
            .to_arrow_table()
            .cast(RESULT)
        )
