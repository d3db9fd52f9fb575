"""Whole columns of compact JSON, made by the columnar engine.

What belongs here: encoding. Keys come in the order given, absent values as null, as most services do it.
"""

from collections.abc import Mapping

import polars as pl


def encode(frame: pl.DataFrame, fields: Mapping[str, pl.Expr]) -> pl.Series:
    """One JSON object for each row of `frame`."""
    members = [value.alias(name) for name, value in fields.items()]
    return frame.select(pl.struct(members).struct.json_encode().alias("payload"))["payload"]


def thing(**fields: pl.Expr) -> pl.Expr:
    """A JSON object; two underscores in a name stand for a hyphen."""
    return pl.struct([value.alias(name.replace("__", "-")) for name, value in fields.items()])


def things(*members: tuple[str, pl.Expr]) -> pl.Expr:
    """A JSON list of objects: of each (column, object) the object, where the column is not null."""
    present = [pl.when(pl.col(column).is_not_null()).then(member) for column, member in members]
    return pl.concat_list(present).list.drop_nulls()


def with_confidence(payload: pl.Series, confidences: Mapping[str, pl.Series]) -> pl.Series:
    """`payload` objects with a last member ``_confidence``: field -> share of 1; nulls are left out of it."""
    frame = pl.DataFrame({"payload": payload, **confidences})
    members = [pl.format('"{}":{}', pl.lit(field), pl.col(field)) for field in confidences]
    inner = pl.concat_str(members, separator=",", ignore_nulls=True)
    whole = pl.concat_str([pl.col("payload").str.head(-1), pl.lit(',"_confidence":{'), inner, pl.lit("}}")])
    return frame.select(whole.alias("payload"))["payload"]
