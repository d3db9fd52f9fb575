"""Who made it, what it is called, which version it is: the names of a record as a provider writes them.

What belongs here: the pieces of the wording. Putting them into a title or a list is each provider's own way.
"""

import polars as pl

from extractors.sandbox import faults
from extractors.sandbox.views import Lens

ARTISTS = ("artist_1", "artist_2", "artist_3", "featured", "remixer")


def _merged(names: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """`names`, where the mask is true with all main artists in the first name."""
    together = pl.concat_str(["artist_1", "artist_2", "artist_3"], separator=" & ", ignore_nulls=True)
    return names.with_columns(
        artist_1=pl.when(mask).then(together).otherwise("artist_1"),
        artist_2=pl.when(~mask).then("artist_2"),
        artist_3=pl.when(~mask).then("artist_3"),
    )


def wording(lens: Lens) -> pl.DataFrame:
    """The names of each record as this provider writes them.

    Columns: ``artist_1`` to ``artist_3``, ``featured`` (among the artists), ``voice`` (featured, but in the
    title; at most one of the two is given), ``remixer``, ``title``, ``version`` (null: none given).
    """
    told, rates, ids, dice = lens.told, lens.rates, lens.ids, lens.dice
    names = told.select(*(pl.col(f"{name}_name").alias(name) for name in ARTISTS), "title", "version")
    plain = lens.hit("accents.dropped", rates.accents_dropped)
    names = names.with_columns(
        faults.where(plain, faults.plain_letters(names[c]), names[c]) for c in names.columns
    )
    names = names.with_columns(
        artist_1=faults.misspelt(names["artist_1"], dice, "artist.misspelt", ids, rates.artist_misspelt),
        title=faults.misspelt(names["title"], dice, "title.misspelt", ids, rates.title_misspelt),
    )
    names = _merged(names, pl.Series(lens.hit("artists.merged", rates.artists_merged)))
    version = faults.reworded(names["version"], lens.hit("version.reworded", rates.version_reworded))
    original = told["version"].is_null().to_numpy() & lens.hit("original.named", rates.original_named)
    version = faults.replaced(version, original, "Original Mix")
    version = faults.blanked(version, lens.hit("version.missing", rates.version_missing))
    place = dice.uniform("featured.place", ids)
    in_title = place < rates.featured_in_title
    missing = place >= 1 - rates.featured_missing
    return names.with_columns(
        featured=faults.blanked(names["featured"], in_title | missing),
        voice=faults.blanked(names["featured"], ~in_title),
        version=version,
    )


def title_with(pieces: pl.DataFrame, feature: str) -> pl.Series:
    """Titles, the featured voice behind them if it belongs there; `feature` is a format with one ``{}``."""
    sung = pl.when(pl.col("voice").is_not_null()).then(pl.format(feature, "voice")).otherwise(pl.lit(""))
    return pieces.select((pl.col("title") + sung).alias("title"))["title"]


def with_version(titles: pl.Series, versions: pl.Series, form: str = " ({})") -> pl.Series:
    """Titles with their versions behind them, written as `form` has it; without a version, as they are."""
    frame = pl.DataFrame({"title": titles, "version": versions})
    behind = pl.format(form, "version").fill_null("")
    return frame.select((pl.col("title") + behind).alias("title"))["title"]


def credit(pieces: pl.DataFrame) -> pl.Series:
    """All artists in one text: ``A, B & C feat. D``."""
    mains = pl.concat_str(
        pl.concat_str(["artist_1", "artist_2"], separator=", ", ignore_nulls=True),
        "artist_3",
        separator=" & ",
    )
    two = pl.concat_str(["artist_1", "artist_2"], separator=" & ", ignore_nulls=True)
    sung = pl.format(" feat. {}", "featured").fill_null("")
    return pieces.select((mains.fill_null(two) + sung).alias("credit"))["credit"]
