"""Fields the waterfall fills: how each is read from a record, and how it is stored on a track.

A field has a *said* expression (what the provider answered, NULL where it said nothing) and a *value*
expression (the same normalised, NULL where it is no valid value), both over ``silver.track_records`` with
alias ``r``; values travel through the attempt log as text and are cast back by `Field.stored`.
"""

from dataclasses import dataclass, field

from enrichment import schema


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: as in the configuration.
        said: SQL of what the provider answered, as text.
        value: SQL of the normalised valid value, as text.
        stored: column of ``silver.enriched_tracks`` -> SQL over the accepted text ``{v}``.
    """

    name: str
    said: str
    value: str
    stored: dict[str, str] = field(default_factory=dict)


def _text(name: str, column: str | None = None) -> Field:
    expression = f"r.{column or name}"
    return Field(name, expression, expression, {name: "{v}"})


def _number(name: str, valid: str, cast: str) -> Field:
    return Field(
        name, f"r.{name}::varchar", f"case when {valid.format(x=f'r.{name}')} then r.{name}::varchar end",
        {name: f"{{v}}::{cast}"},
    )  # fmt: skip


_SHARE = "{x} between 0 and 1"

FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        Field(
            "title",
            "case when r.usable then r.title_raw end",
            "case when r.usable then r.title end",
            {"title": "{v}"},
        ),
        Field(
            "artist",
            "case when r.usable then coalesce(r.artist_raw, r.artist) end",
            "case when r.usable then r.artist end",
            {"artist": "{v}"},
        ),
        Field(
            "remixer",
            "coalesce(nullif(trim(r.remixer_raw), ''), nullif(array_to_string(r.remixers, ', '), ''))",
            "nullif(array_to_string(r.remixers, ', '), '')",
            {"remixer": "{v}"},
        ),
        *(_text(name) for name in schema.EXTERNAL_IDS),
        Field("isrc", "nullif(trim(r.isrc_raw), '')", "r.isrc", {"isrc": "{v}"}),
        Field("bpm", "nullif(trim(r.bpm_raw), '')", "r.bpm::varchar", {"bpm": "{v}::decimal(6,2)"}),
        Field(
            "key",
            "nullif(trim(r.key_raw), '')",
            "case when r.key_camelot is not null "
            "then concat_ws('|', r.key_camelot, r.key_standard, r.key_raw) end",
            {
                "key_camelot": "split_part({v}, '|', 1)",
                "key_standard": "split_part({v}, '|', 2)",
                "key_raw": "split_part({v}, '|', 3)",
            },
        ),
        _text("genre"),
        _text("subgenre"),
        _text("label"),
        _text("catalog_number"),
        Field(
            "release_date",
            "nullif(trim(r.release_date_raw), '')",
            "case when r.release_date is not null then r.release_date || '|' || r.release_date_precision end",
            {
                "release_date": "split_part({v}, '|', 1)::date",
                "release_date_precision": "split_part({v}, '|', 2)",
            },
        ),
        _number("duration_ms", "clean_duration({x}) is not null", "bigint"),
        *(
            _number(name, "{x} between -60 and 5" if name == "loudness" else _SHARE, "double")
            for name in schema.AUDIO_FEATURES
        ),
        _number("popularity", "{x} between 0 and 100", "integer"),
    )
}
