"""Judging given pairs: rows of a list, or names alone.

Belongs here: the order of the steps (cheap features first, the rules about names only where they can still
matter), and records whose names say nothing. The features: `features`; the weighing: `model`; the lake's own
pairs: `scoring`.
"""

from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa

from enrichment.matching.comparable import Comparable, Floats, Indices
from enrichment.matching.features import numbers, spelling, texts, titles
from enrichment.matching.model import SAME_LENGTH, VETO, Judged, Model, placed
from enrichment.matching.names import NAME_COLUMNS, WORD_COLUMNS, settled
from enrichment.matching.nodes import WORDS
from enrichment.matching.scoring import NUMBERS, score
from enrichment.text.fold import fold

_HOPELESS = -4.6
"""Log odds (confidence 0.01) that a pair must be able to exceed to be looked at more closely."""
_OTHER_TITLE = 0.6
"""Titles less alike than this are no spellings of one title."""


def judge_pairs(
    model: Model, records: Comparable, left: Indices, right: Indices
) -> tuple[dict[str, Floats], Judged]:
    """Features and judgement of the pairs (left[k], right[k]).

    A record that names no track ("ID", "Untitled") is the same as another only where its id, its length or
    its place on a release say so.
    """
    found = numbers(records, left, right)
    rest = np.arange(len(left))
    for step in (titles, texts, spelling):
        values = step(records, left[rest], right[rest])
        for name, some in values.items():
            found[name] = np.full(len(left), np.nan)
            found[name][rest] = some
        rest = rest[model.ceiling(_so_far(found, records, left, right, rest)) > _HOPELESS]
    found = settled(found)
    judged = model.judge(found)
    usable = np.array(records.usable)
    known = placed(found) | (found["length"] <= SAME_LENGTH) | (found["isrc"] > 0)
    nameless = ~(usable[left] & usable[right]) & ~known
    vetoes = np.where(nameless & (judged.vetoes == ""), "names no track", judged.vetoes)
    confidence = np.where(nameless, np.minimum(judged.confidence, VETO), judged.confidence)
    return found, replace(judged, confidence=confidence, vetoes=vetoes)


def _so_far(
    found: dict[str, Floats], records: Comparable, left: Indices, right: Indices, rest: Indices
) -> dict[str, Floats]:
    """What is known of some pairs, the best assumed of what is not: `Model.ceiling` reads it."""
    known = {name: values[rest] for name, values in found.items()}
    if "version" not in known:
        known["same_title"] = np.where(known["title"] < _OTHER_TITLE, 0.0, 1.0)
        stated = records.texts["version"] != ""
        known["version"] = np.where(stated[left[rest]] | stated[right[rest]], 1.0, np.nan)
    return known


_NOTHING = ", ".join(f"null::double as {name}" for name in NUMBERS if name != "one_catalogue")
_COLUMNS = (
    f"row, artist_names, version_key, true as version_stated, title_words, artist_words, all_words, {WORDS}"
)
_PAIRS = f"""
    with a as (select {_COLUMNS} from left_names), b as (select {_COLUMNS} from right_names)
    select
        a.row as node_a, b.row as node_b, []::varchar[] as ids, a.row as record_a, b.row as record_b,
        false as wordless, false as one_release, false as subtitle_left_out,
        {NAME_COLUMNS},
        {WORD_COLUMNS},
        {_NOTHING}, 0 as one_catalogue
    from a join b using (row)
    order by row
"""
NAMES_JUDGED = pa.schema(
    [
        pa.field("match_confidence", pa.decimal128(5, 4)),
        pa.field("accepted", pa.bool_()),
        pa.field("veto", pa.string()),
        pa.field("evidence", pa.string()),
    ]
)
"""Columns of `judge_names`."""


def judge_names(left: pa.Table, right: pa.Table) -> pa.Table:
    """Judge names alone as the lake would: the i-th row of one table against the i-th of the other.

    Both sides count as catalogue entries, which mean the version they name. A record that names no track
    ("ID - ID") is never the same as anything.

    Args:
        left: output of `enrichment.text.record.parse_records`.
        right: the same, of as many rows.

    Returns:
        Columns of `NAMES_JUDGED`, in order; ``veto`` says what forbids the pair ("version", "unusable"),
        null if nothing does.

    Raises:
        ValueError: the tables differ in length.
    """
    if left.num_rows != right.num_rows:
        raise ValueError(f"judge_names needs pairs; got {left.num_rows} and {right.num_rows} rows")
    with duckdb.connect() as connection:
        connection.register("left_names", _with_words(left))
        connection.register("right_names", _with_words(right))
        connection.register("judged", score(connection.execute(_PAIRS).to_arrow_table(), keep=0.0))
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
            .cast(NAMES_JUDGED)
        )


def _with_words(parsed: pa.Table) -> pa.Table:
    """Parsed records with the columns nodes have besides: words of the artists and of everything."""
    rows = zip(
        *(parsed[name].to_pylist() for name in ("artists", "featured", "title", "version")), strict=True
    )
    titles_said, artists, everything = [], [], []
    for main, featured, title, version in rows:
        credit = " ".join([*main, *featured])
        titles_said.append(fold(title or ""))
        artists.append(fold(credit))
        everything.append(fold(" ".join(one for one in (title, version, credit) if one)))
    return (
        parsed.append_column("row", pa.array(range(parsed.num_rows), pa.int64()))
        .append_column("title_words", pa.array(titles_said, pa.string()))
        .append_column("artist_words", pa.array(artists, pa.string()))
        .append_column("all_words", pa.array(everything, pa.string()))
    )
