"""Single values: identifiers, tempi, dates, durations, decimals."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import sql_macros
from enrichment.tempo import GENRE_BPM, bpm_plausibility
from enrichment.values import (
    clean_iswc,
    clock_ms,
    duration_ms,
    half_even,
    iso8601_duration_ms,
)

macros = duckdb.connect()
sql_macros.create(macros)


def asked(expression: str, text: object) -> Any:
    """What SQL over our macros makes of ``$text``."""
    (value,) = macros.execute(f"select {expression}", {"text": text}).fetchone() or (None,)
    return value


@pytest.mark.parametrize(
    ("text", "isrc"),
    [
        ("GBAYE0601498", "GBAYE0601498"),
        ("gb-aye-06-01498", "GBAYE0601498"),
        (" GB AYE 06 01498 ", "GBAYE0601498"),
        ("ISRC: GBAYE0601498", "GBAYE0601498"),
        ("ISRC17400001", "ISRC17400001"),
        ("GBAYE060149", None),
        ("12AYE0601498", None),
        ("", None),
        (None, None),
    ],
)
def test_isrc(text: str | None, isrc: str | None) -> None:
    assert asked("clean_isrc($text::varchar)", text) == isrc


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("128", "128.00"), ("127.996", "128.00"), (" 128,5 BPM", "128.50"), ("40", "40.00"),
        ("260.0", "260.00"),
        ("0", None), ("39.99", None), ("260.01", None), ("fast", None), ("nan", None), ("", None),
        (None, None), ("1e9", None),
    ],
)  # fmt: skip
def test_bpm(text: str | None, bpm: str | None) -> None:
    assert asked("clean_bpm($text::varchar)", text) == (None if bpm is None else Decimal(bpm))


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ('Vinyl 12" 33 ⅓ RPM', ["Vinyl"]),
        ("File MP3 320 kbps Single; File FLAC", ["FLAC", "MP3 320"]),
        ("mp3 192 kbps", ["MP3"]),
        ("CD Mixed; CDr Promo; vinyl LP", ["CD", "Vinyl"]),
        ("flac, wav", ["FLAC", "WAV"]),
        ("M4A File 256 kbps", ["M4A"]),
        ("File Single", ["File"]),
        ("Box Set", None),
        ("", None),
        (None, None),
    ],
)
def test_formats(text: str | None, formats: list[str] | None) -> None:
    assert asked("clean_formats($text::varchar)", text) == formats


def test_half_and_double_time() -> None:
    assert asked("half_or_double($text::decimal(6,2), 174)", "87")
    assert asked("half_or_double(174.2, $text::decimal(6,2))", "87")
    assert not asked("half_or_double($text::decimal(6,2), 128)", "120")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-05-17", (date(2019, 5, 17), "day")),
        ("2019-05-17T10:00:00Z", (date(2019, 5, 17), "day")),
        ("20190517", (date(2019, 5, 17), "day")),
        ("2019/5/7", (date(2019, 5, 7), "day")),
        ("1999", (date(1999, 1, 1), "year")),
        ("1999-03", (date(1999, 3, 1), "month")),
        ("1999-03-00", (date(1999, 3, 1), "month")),
        ("1999-00-00", (date(1999, 1, 1), "year")),
        ("1999-03-XX", (date(1999, 3, 1), "month")),
        ("199903", (date(1999, 3, 1), "month")),
        ("1999-3", (date(1999, 3, 1), "month")),
        ("2008-0X", (date(2008, 1, 1), "year")),
        ("2008-??-??", (date(2008, 1, 1), "year")),
        (" 1999 ", (date(1999, 1, 1), "year")),
        ("199X", None),
        ("2019-13-01", None),
        ("2019-02-30", None),
        ("0000", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_partial_dates(text: str | None, expected: tuple[date, str] | None) -> None:
    found = asked("partial_date($text::varchar)", text)
    assert found == (expected and {"value": expected[0], "precision": expected[1]})


@given(st.dates(min_value=date(1860, 1, 1), max_value=date(2100, 12, 31)))
def test_a_full_date_reads_back(day: date) -> None:
    for written in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}", f"{day}T10:00"):
        assert asked("partial_date($text)", written) == {"value": day, "precision": "day"}


@given(st.from_regex(r"[0-9]{1,4}(:[0-9]{1,3}){1,2}", fullmatch=True))
def test_a_clock_is_the_same_from_sql(text: str) -> None:
    assert asked("clock_ms($text)", text) == clock_ms(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("3:45", 225_000), ("75:30", 4_530_000), ("1:15:30", 4_530_000), ("0:03.5", 3_500), ("", None),
        ("3:60", None), ("1:60:00", None), ("225", None), (None, None),
    ],
)  # fmt: skip
def test_clock(text: str | None, milliseconds: int | None) -> None:
    assert clock_ms(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("PT4M32S", 272_000), ("PT1H2M3.25S", 3_723_250), ("PT45S", 45_000), ("P1DT1H", 90_000_000),
        ("PT90M", 5_400_000),
        ("P", None), ("PT", None), ("4M32S", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_iso_durations(text: str | None, milliseconds: int | None) -> None:
    assert iso8601_duration_ms(text) == milliseconds


def test_half_even_gives_the_worked_examples() -> None:
    assert half_even("0.925", 2) == Decimal("0.92")
    assert half_even(Decimal(7) / 8, 2) == Decimal("0.88")
    assert half_even(
        (Decimal("1.00") + Decimal("0.85") + Decimal("0.95") + Decimal("0.90")) / 4, 4
    ) == Decimal("0.9250")


def test_half_even_refuses_what_is_not_exact() -> None:
    with pytest.raises(TypeError, match="float"):
        half_even(0.925, 2)  # type: ignore[arg-type]
    for bad in ("x", "NaN", "Infinity"):
        with pytest.raises(ValueError, match="number"):
            half_even(bad, 2)
    with pytest.raises(ValueError, match="places"):
        half_even("1", -1)


@given(st.decimals(min_value=-1000, max_value=1000, places=6), st.integers(min_value=0, max_value=4))
def test_half_even_is_never_further_than_half_a_step(value: Decimal, places: int) -> None:
    assert abs(half_even(value, places) - value) <= Decimal(1).scaleb(-places) / 2


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_no_text_raises(text: str) -> None:
    for macro in ("clean_isrc", "clean_bpm", "partial_date", "clock_ms"):
        asked(f"{macro}($text)", text)
    clock_ms(text)
    iso8601_duration_ms(text)


@pytest.mark.parametrize(
    ("text", "iswc"),
    [
        ("T-034.524.680-1", "T-034524680-1"), ("T0345246801", "T-034524680-1"),
        ("iswc: t0345246801", "T-034524680-1"),
        ("T-034.524.680-2", None), ("T-34.524.680-1", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_iswc(text: str | None, iswc: str | None) -> None:
    assert clean_iswc(text) == iswc


@given(st.integers(0, 999_999_999))
def test_exactly_one_check_digit_fits_an_iswc(work: int) -> None:
    fitting = [digit for digit in range(10) if clean_iswc(f"T{work:09}{digit}")]
    assert len(fitting) == 1


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("6:33", 393_000), ("PT6M33S", 393_000), ("393 s", 393_000), ("393sec", 393_000),
        ("6.5 min", 390_000),
        ("393000", 393_000), ("393000 ms", 393_000), ("1,5 h", 5_400_000), ("194", None), ("fast", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_durations_in_any_unit(text: str | None, milliseconds: int | None) -> None:
    assert duration_ms(text) == milliseconds


@given(st.integers(10_000, 43_200_000))
def test_a_duration_is_the_same_in_every_unit(milliseconds: int) -> None:
    seconds = f"{milliseconds // 1000}.{milliseconds % 1000:03}"
    minutes, rest = divmod(milliseconds // 1000, 60)
    written = (
        str(milliseconds),
        f"{seconds} s",
        f"PT{seconds}S",
        f"{minutes}:{rest:02}.{milliseconds % 1000:03}",
    )
    assert {duration_ms(text) for text in written} == {milliseconds}


@pytest.mark.parametrize(
    ("bpm", "genre", "said"),
    [
        ("174", "Drum & Bass", "plausible"), ("87", "drum and bass", "half"), ("256", "House", "double"),
        ("64", "Techno", "half"), ("100", "Trance", "implausible"), ("128", "Speeches", None),
    ],
)  # fmt: skip
def test_a_tempo_is_held_against_its_genre(bpm: str, genre: str, said: str | None) -> None:
    assert bpm_plausibility(Decimal(bpm), genre) == said


@pytest.mark.slow
@given(st.decimals(40, 260, places=2), st.sampled_from([*GENRE_BPM, "Speeches"]))
def test_plausibility_is_the_same_from_sql(bpm: Decimal, genre: str) -> None:
    with duckdb.connect() as connection:
        sql_macros.create(connection)
        found = connection.execute(
            "select bpm_plausibility($bpm::decimal(6,2), $genre)", {"bpm": bpm, "genre": genre}
        )
        assert found.fetchone() == (bpm_plausibility(bpm, genre),)
