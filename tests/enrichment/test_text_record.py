"""Whole records: one by one and in batches."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.record import INPUT_COLUMNS, OUTPUT_SCHEMA, ParsedRecord, parse_record, parse_records

Row = tuple[str | None, str | None, str | None, str | None]

SAME_TRACK: list[list[Row]] = [
    [
        ("Above & Beyond Feat. Ada Quill", "Sunlit (Kestrel Remix)", None, None),
        ("Above&Beyond,AdaQuill", "Sunlit feat. Ada Quill(Kestrel Remix)", None, "Kestrel"),
        ("Above & Beyond, Ada Quill", "Sunlit", "Kestrel Remix", "Kestrel"),
        ("Above & Beyond", "Sunlit (feat. Ada Quill) - Kestrel Remix", None, None),
        (None, "Above and Beyond ft. Ada Quill - Sunlit (Kestrel Rmx)", None, None),
        ("Above & Beyond", "Above & Beyond - Sunlit (with Ada Quill) [Kestrel Remix]", None, None),
    ],
    [
        ("Oat", "Strobe", None, None),
        ("Oat", "Strobe (Original Mix)", None, None),
        ("Oat", "Strobe - Original Mix", None, None),
        ("OAT", "Strobe", "Original Mix", None),
        ("", "Oat - Strobe (Original Mix)", None, None),
    ],
    [
        ("Oat", "Strobe (VIP)", None, None),
        ("Oat", "Strobe (Oat VIP)", None, None),
        ("Oat", "Strobe VIP", None, None),
    ],
    [
        ("Oat", "Strobe, Pt. 2", None, None),
        ("Oat", "Strobe (Part II)", None, None),
        ("Oat", "Strobe Part Two", None, None),
    ],
    [("W&W", "Strobe", None, None), ("W & W", "Strobe", None, None)],
    [("Oat", "Strobe (Oat Club Mix)", None, None), ("Oat", "Strobe (Club Mix)", None, None)],
]


def identity(record: ParsedRecord) -> tuple[tuple[str, ...], str, str]:
    return record.artist_names, record.title_key, record.version_key


@pytest.mark.parametrize("rows", SAME_TRACK)
def test_records_of_one_track_have_one_identity(rows: list[Row]) -> None:
    assert len({identity(parse_record(*row)) for row in rows}) == 1


def test_a_remix_is_another_track() -> None:
    assert identity(parse_record("Oat", "Strobe")) != identity(
        parse_record("Oat", "Strobe (Dimension Remix)")
    )


def test_display_forms_are_clean() -> None:
    record = parse_record("Oat  feat. Ada Quill", " Strobe(Kestrel Remix) ")
    assert (record.artist, record.title, record.version) == ("Oat", "Strobe", "Kestrel Remix")
    assert (record.artists, record.featured, record.remixers) == (("Oat",), ("Ada Quill",), ("Kestrel",))
    assert record.version_kind == "remix"
    assert parse_record("Oat", "Strobe (Original Mix)").version is None


def test_the_artist_key_ignores_order_and_separators() -> None:
    keys = {parse_record(a, "Strobe").artist_key for a in ("Oat & Kestrel", "Kestrel, Oat", "kestrel x OAT")}
    assert keys == {"kestrel|oat"}


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        (None, "Oat - Strobe", ("Oat", "Strobe")),
        ("unknown", "Oat - Strobe", ("Oat", "Strobe")),
        (None, "Strobe - Radio Edit", (None, "Strobe")),
        (None, "Oat - Strobe (Original Mix)", ("Oat", "Strobe")),
        ("Oat", "Kestrel - Strobe", ("Oat", "Kestrel - Strobe")),
        ("Oat", "007-Strobe", ("Oat", "Strobe")),
        ("Oat", "01 Strobe", ("Oat", "Strobe")),
        ("Oat", "A1. Strobe", ("Oat", "Strobe")),
        (None, "PREMIERE: Oat - Strobe [Bedrock]", ("Oat", "Strobe")),
        ("Oat", "Part of Strobe", ("Oat", "Part of Strobe")),
        (None, "Oat_-_Strobe_Light", ("Oat", "Strobe Light")),
        ("Oat", "Strobe_Kestrel Rmx", ("Oat", "Strobe")),
    ],
)
def test_artist_and_title_packed_in_one_field(
    artist: str | None, title: str, expected: tuple[str | None, str]
) -> None:
    record = parse_record(artist, title)
    assert (record.artist, record.title) == expected


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("Oat", "ID"),
        ("Oat", "ID (Kestrel Remix)"),
        ("ID", "ID"),
        ("Oat", "?"),
        ("Unknown Artist", "Strobe"),
        ("?", "Strobe"),
        ("Oat", ""),
        (None, None),
        (None, "Intro"),
        ("Hosted by Ada Quill", "Night Radio"),
        ("Ada Quill", "An Interview with Oat"),
    ],
)
def test_what_names_no_track_is_not_usable(artist: str | None, title: str | None) -> None:
    assert not parse_record(artist, title).usable


@pytest.mark.parametrize(
    ("artist", "title"), [("Oat", "Intro"), (None, "Strobe"), ("James ID", "Strobe"), ("Oat", "Ida")]
)
def test_what_names_a_track_is_usable(artist: str | None, title: str) -> None:
    assert parse_record(artist, title).usable


ROWS = st.lists(
    st.tuples(
        *(st.none() | st.sampled_from(["Oat", "Oat - Strobe (Kestrel Remix)", "Ada & Oat", "", "ID"]),) * 4
    ),
    max_size=12,
)


@given(ROWS)
def test_a_batch_gives_what_the_records_give_one_by_one(rows: list[Row]) -> None:
    table = pa.table(
        [pa.array([row[i] for row in rows], pa.string()) for i in range(4)], names=list(INPUT_COLUMNS)
    )
    parsed = parse_records(table)
    assert parsed.schema == OUTPUT_SCHEMA
    expected = [
        {k: list(v) if isinstance(v, tuple) else v for k, v in parse_record(*r)._asdict().items()}
        for r in rows
    ]
    assert parsed.to_pylist() == expected


def test_a_batch_may_lack_columns_but_not_the_title() -> None:
    assert parse_records(pa.table({"title_raw": ["Oat - Strobe"]})).column("artist").to_pylist() == ["Oat"]
    with pytest.raises(KeyError, match="title_raw"):
        parse_records(pa.table({"artist_raw": ["Oat"]}))


@given(st.none() | st.text(), st.none() | st.text(), st.none() | st.text(), st.none() | st.text())
def test_no_text_raises(
    artist: str | None, title: str | None, mix_name: str | None, remixer: str | None
) -> None:
    record = parse_record(artist, title, mix_name, remixer)
    assert record.artist_names == tuple(sorted(set(record.artist_names)))
