"""Fields the waterfall fills: how each is read from a record or a person, and how it is stored on a track.

A field has a *said* expression (what the provider answered, NULL where it said nothing) and a *value*
expression (the same normalised, NULL where it is no valid value), both over ``silver.track_records`` with
alias ``r``; *parsed* makes the same value of a text that a person gives. Values travel through the attempt
log as text and are cast back by `Field.stored`.
"""

import re
from dataclasses import dataclass, field

from enrichment import schema


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: as in the configuration.
        said: SQL of what the provider answered, as text.
        value: SQL of the normalised valid value, as text.
        parsed: SQL of the same over any text ``{x}``.
        form: what a valid text looks like, in words.
        stored: column of ``silver.enriched_tracks`` -> SQL over the accepted text ``{v}``.
        agrees: SQL of whether two values ``a`` and ``b`` say the same, within the field's tolerance; empty
            where nobody compares them.
        related: how two values that disagree may be related -> SQL over ``a`` and ``b``; the first that holds
            counts.
    """

    name: str
    said: str
    value: str
    parsed: str
    form: str
    stored: dict[str, str] = field(default_factory=dict)
    agrees: str = ""
    related: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """Columns of ``silver.track_records`` it is read from."""
        return frozenset(re.findall(r"\br\.(\w+)", f"{self.said} {self.value}"))

    def parse(self, text: str) -> str:
        """SQL of the value of a text, which is given as SQL."""
        return self.parsed.replace("{x}", text)


_ANY_TEXT = "nullif(trim({x}), '')"


def _text(name: str) -> Field:
    return Field(name, f"r.{name}", f"r.{name}", _ANY_TEXT, "any text", {name: "{v}"})


def _id(name: str, pattern: str, form: str) -> Field:
    parsed = f"case when regexp_full_match(trim({{x}}), '{pattern}') then trim({{x}}) end"
    return Field(name, f"r.{name}", f"r.{name}", parsed, form, {name: "{v}"})


def _number(name: str, valid: str, cast: str, form: str) -> Field:
    read = f"try_cast({{x}} as {cast})"
    return Field(
        name,
        f"r.{name}::varchar",
        f"case when {valid.format(x=f'r.{name}')} then r.{name}::varchar end",
        f"case when {valid.format(x=read)} then {read}::varchar end",
        form,
        {name: f"{{v}}::{cast}"},
    )


_DIGITS = ("[0-9]+", "a number")
_IDS = {
    "spotify_id": ("[A-Za-z0-9]{22}", "22 letters and digits, like 3n3Ppam7vgaVa1iaRUc9Lp"),
    "beatport_id": _DIGITS,
    "discogs_release_id": _DIGITS,
    "musicbrainz_id": ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID in lower case"),
    "track_1001_id": ("[A-Za-z0-9]+", "letters and digits"),
    "youtube_id": ("[A-Za-z0-9_-]{11}", "11 characters"),
    "deezer_id": _DIGITS,
    "apple_id": _DIGITS,
}

FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        Field(
            "title",
            "case when r.usable then r.title_raw end",
            "case when r.usable then r.title end",
            _ANY_TEXT,
            "any text",
            {"title": "{v}"},
        ),
        Field(
            "artist",
            "case when r.usable then coalesce(r.artist_raw, r.artist) end",
            "case when r.usable then credit_without(r.artist, r.artists, r.remixers) end",
            _ANY_TEXT,
            "any text",
            {"artist": "{v}"},
            agrees="same_credit(a, b)",
            related={
                "more_or_fewer": "list_has_all(credited_words(a), credited_words(b)) "
                "or list_has_all(credited_words(b), credited_words(a))",
                "spelling": "jaro_winkler_similarity(lower(a), lower(b)) >= 0.9",
            },
        ),
        Field(
            "remixer",
            "coalesce(nullif(trim(r.remixer_raw), ''), nullif(array_to_string(r.remixers, ', '), ''))",
            "nullif(array_to_string(r.remixers, ', '), '')",
            _ANY_TEXT,
            "any text",
            {"remixer": "{v}"},
        ),
        *(_id(name, *_IDS[name]) for name in schema.EXTERNAL_IDS),
        Field(
            "isrc",
            "nullif(trim(r.isrc_raw), '')",
            "r.isrc",
            "clean_isrc({x})",
            "two letters, three letters or digits, seven digits, like USRC11900595",
            {"isrc": "{v}"},
            agrees="a = b",
        ),
        Field(
            "iswc",
            "nullif(trim(r.iswc_raw), '')",
            "r.iswc",
            "clean_iswc({x})",
            "T, nine digits and a check digit that fits, like T-034.524.680-1",
            {"iswc": "{v}"},
            agrees="a = b",
        ),
        Field(
            "bpm",
            "nullif(trim(r.bpm_raw), '')",
            "r.bpm::varchar",
            "clean_bpm(trim({x}))::varchar",
            "a number from 40 to 260, like 128 or 127.5",
            {"bpm": "{v}::decimal(6,2)"},
            agrees="abs(a::decimal(9,2) - b::decimal(9,2)) <= 0.5",
            related={
                "half_or_double": "half_or_double(a::decimal(9,2), b::decimal(9,2))",
                "close": "abs(a::decimal(9,2) - b::decimal(9,2)) <= 3",
                "three_quarters": "three_quarters(a::decimal(9,2), b::decimal(9,2))",
            },
        ),
        Field(
            "key",
            "nullif(trim(r.key_raw), '')",
            "case when r.key_camelot is not null "
            "then concat_ws('|', r.key_camelot, r.key_standard, r.key_raw) end",
            "case when camelot({x}) is not null "
            "then concat_ws('|', camelot({x}), standard_key({x}), trim({x})) end",
            "a key in any notation, like 6A, G minor or Gm",
            {
                "key_camelot": "split_part({v}, '|', 1)",
                "key_standard": "split_part({v}, '|', 2)",
                "key_raw": "split_part({v}, '|', 3)",
            },
            agrees="camelot_hour(a) = camelot_hour(b) and camelot_letter(a) = camelot_letter(b)",
            related={
                "relative": "camelot_hour(a) = camelot_hour(b)",
                "fifth": "abs(camelot_hour(a) - camelot_hour(b)) in (1, 11) "
                "and camelot_letter(a) = camelot_letter(b)",
                "parallel": "key_tonic(a) = key_tonic(b)",
            },
        ),
        _text("genre"),
        _text("subgenre"),
        Field(
            "label",
            "r.label",
            "r.label",
            _ANY_TEXT,
            "any text",
            {"label": "{v}"},
            agrees="same_label(a, b)",
            related={"spelling": "jaro_winkler_similarity(lower(a), lower(b)) >= 0.9"},
        ),
        _text("catalog_number"),
        Field(
            "formats",
            "nullif(trim(r.formats_raw), '')",
            "array_to_string(r.available_formats, ', ')",
            "array_to_string(clean_formats({x}), ', ')",
            "formats with commas, like FLAC, MP3 320, Vinyl",
            {"available_formats": "string_split({v}, ', ')"},
        ),
        Field(
            "release_date",
            "nullif(trim(r.release_date_raw), '')",
            "case when r.release_date is not null then r.release_date || '|' || r.release_date_precision end",
            "partial_date(trim({x}))['value'] || '|' || partial_date(trim({x}))['precision']",
            "a day, a month or a year, like 2009-09-22, 2009-09 or 2009",
            {
                "release_date": "split_part({v}, '|', 1)::date",
                "release_date_precision": "split_part({v}, '|', 2)",
            },
            # to the coarser precision, and a week's leave between store and catalogue
            agrees="left(a, date_digits(a, b)) = left(b, date_digits(a, b)) or date_digits(a, b) = 10 "
            "and abs(left(a, 10)::date - left(b, 10)::date) <= 7",
            related={"same_year": "left(a, 4) = left(b, 4)"},
        ),
        Field(
            "duration_ms",
            "r.duration_ms::varchar",
            "clean_duration(r.duration_ms)::varchar",
            "clean_duration(duration_in_ms({x})::bigint)::varchar",
            "a duration up to twelve hours, like 6:33, 393 s, PT6M33S or, in milliseconds, 393000",
            {"duration_ms": "{v}::bigint"},
            agrees="abs(a::bigint - b::bigint) <= 3000",
            related={"close": "abs(a::bigint - b::bigint) <= 15000"},
        ),
        *(
            _number(name, "{x} between -60 and 5", "double", "decibels from -60 to 5")
            if name == "loudness"
            else _number(name, "{x} between 0 and 1", "double", "a number from 0 to 1")
            for name in schema.AUDIO_FEATURES
        ),
        _number("popularity", "{x} between 0 and 100", "integer", "a whole number from 0 to 100"),
    )
}

COLUMNS = {column: one.name for one in FIELDS.values() for column in one.stored}
"""Column of ``silver.enriched_tracks`` -> the field that fills it."""
