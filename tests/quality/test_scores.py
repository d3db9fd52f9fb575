"""Scores: the worked example, the same figure from SQL and Python, half-even display."""

from decimal import Decimal

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from enrichment import sql_macros
from quality.scores import completeness, completeness_sql, quality_score, score_sql, shown

CRITICAL = ("spotify_id", "bpm", "key", "genre")
LISTED = ("artist", "title", "spotify_id", "isrc", "bpm", "key", "genre", "energy")
confidences = st.dictionaries(
    st.sampled_from(LISTED), st.integers(0, 10_000).map(lambda n: Decimal(n).scaleb(-4)), max_size=8
)


def test_the_worked_example_stores_09250_and_shows_092() -> None:
    said = {"spotify_id": "1.00", "bpm": "0.85", "key": "0.95", "genre": "0.90"}
    score = quality_score({name: Decimal(value) for name, value in said.items()}, CRITICAL)
    assert score == Decimal("0.9250")
    assert shown(score) == "0.92"


def test_seven_of_eight_shows_088() -> None:
    full = completeness([name for name in LISTED if name != "isrc"], LISTED)
    assert (full, shown(full)) == (Decimal("0.8750"), "0.88")


def test_a_missing_field_is_punished_once() -> None:
    assert quality_score({"bpm": Decimal("0.8"), "key": Decimal("0.8")}, CRITICAL) == Decimal("0.4000")
    assert quality_score({}, CRITICAL) == 0


@given(confidences)
def test_sql_and_python_agree(confidence: dict[str, Decimal]) -> None:
    with duckdb.connect() as connection:
        sql_macros.create(connection)
        connection.execute("create table fields (field varchar, confidence decimal(5,4))")
        for row in confidence.items():
            connection.execute("insert into fields values (?, ?)", row)
        found = connection.execute(
            f"select {score_sql(CRITICAL)}, {completeness_sql(LISTED)} from fields"
        ).fetchone()
    assert found == (quality_score(confidence, CRITICAL), completeness(list(confidence), LISTED))
