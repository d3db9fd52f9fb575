"""HTML of a tracklist page, as column expressions (markup: docs on providers, section 1).

What belongs here: the templates. Rows are ``div.tlpItem``; ``con`` marks a row played together with the one
before, ``tlpSubTog`` the elements of a mashup.
"""

import polars as pl

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"}


def escaped(text: pl.Expr) -> pl.Expr:
    """Text as it stands in HTML."""
    return text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))


def _clock(seconds: pl.Expr) -> pl.Expr:
    """``mm:ss``, from an hour on ``h:mm:ss``."""
    two = [(part.cast(pl.String).str.zfill(2)) for part in (seconds // 60 % 60, seconds % 60)]
    short = pl.concat_str(two, separator=":")
    return (
        pl.when(seconds >= 3600)
        .then(pl.concat_str((seconds // 3600).cast(pl.String), pl.lit(":"), short))
        .otherwise(short)
    )


def _meta(name: str, column: str) -> pl.Expr:
    content = pl.format('<meta itemprop="' + name + '" content="{}">', escaped(pl.col(column)))
    return content.fill_null("")


def _label() -> pl.Expr:
    """The label as the site writes it: HTML, escaped, in an attribute."""
    inner = pl.format('<span title="label" class="trackLabel noWrap">{}</span>', escaped(pl.col("label")))
    return pl.format('<meta itemprop="publisher" content="{}">', escaped(inner)).fill_null("")


def _content() -> pl.Expr:
    url = pl.format('<meta itemprop="url" content="/track/{}/index.html">', "track_id").fill_null("")
    shown = pl.format('<span class="trackValue notranslate blueTxt">{}</span>', escaped(pl.col("name")))
    details = [_meta("name", "name"), _meta("byArtist", "by"), _label(), _meta("duration", "length")]
    known = pl.concat_str([*details, _meta("genre", "genre"), url, shown])
    return pl.when(pl.col("name") == "ID - ID").then(shown).otherwise(known)


def row() -> pl.Expr:
    """A row of the tracklist, out of the columns of `tell_tracklists` plays."""
    number = pl.col("position") - 1
    mashup = pl.col("kind") == "mashup"
    named = ~pl.col("kind").is_in(["id", "artist_id"])
    shown = pl.when("overlay").then(pl.lit("w/")).otherwise(pl.col("number").cast(pl.String).str.zfill(2))
    cue = pl.when("has_cue").then(_clock(pl.col("cue_s"))).otherwise(pl.lit(""))
    classes = pl.concat_str(
        pl.when(mashup).then(pl.lit(" subPosTog")).otherwise(pl.lit("")),
        pl.when("overlay").then(pl.lit(" con")).otherwise(pl.lit("")),
    )
    marks = pl.concat_str(
        pl.when(named).then(pl.lit(' data-isided="true"')).otherwise(pl.lit(' data-isided="false"')),
        pl.format(' data-trackid="{}"', "track_id").fill_null(""),
        pl.when(mashup).then(pl.lit(' data-mashup="2" data-subpos="true"')).otherwise(pl.lit("")),
    )
    template = (
        '<div id="tlp_{}" class="tlpTog bItm tlpItem trRow{}{}" data-trno="{}" data-id="{}"{}>'
        '<div class="bPlay"><input id="tlp{}_cue_seconds" type="hidden" value="{}">'
        '<span id="tlp{}_tracknumber_value" class="fontXL">{}</span><div class="cue noWrap">{}</div></div>'
        '<div id="tlp{}_content" itemprop="tracks" itemscope>{}</div></div>'
    )
    seconds = pl.when("has_cue").then("cue_s").otherwise(0)
    row_id = pl.col("row_id")
    return pl.format(
        template, row_id, "number", classes, number, row_id, marks, row_id, seconds, number, shown, cue,
        number, _content()
    )  # fmt: skip


def element() -> pl.Expr:
    """A row for an element of the mashup above."""
    number = pl.col("position") - 1
    template = (
        '<div id="tlp_{}" class="tlpSubTog bItm tlpItem trRow{} con tgHid" data-trno="{}" data-id="{}" '
        'data-mashpos="true"><input id="tlp{}_cue_seconds" type="hidden" value="0">'
        '<div id="tlp{}_content" itemprop="tracks" itemscope>{}</div></div>'
    )
    return pl.format(template, number, "number", number, number, number, number, _content())


def page() -> pl.Expr:
    """A whole page, out of the columns of `tell_tracklists` sets."""
    link = '<a href="/dj/{}/index.html">{}</a>'
    first = pl.format(link, "slug_1", escaped(pl.col("name_1")))
    second = pl.format(" &amp; " + link, "slug_2", escaped(pl.col("name_2"))).fill_null("")
    djs = pl.concat_str(
        pl.format('<meta itemprop="author" content="{}">', escaped(pl.col("name_1"))),
        pl.format('<meta itemprop="author" content="{}">', escaped(pl.col("name_2"))).fill_null(""),
    )
    day = pl.col("date").dt.to_string("%Y-%m-%d")
    template = (
        '<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="author" content="1001Tracklists"><link rel="canonical" href="{}">'
        '<meta property="og:title" content="{}"></head><body>\n<div id="pageTitle"><h1>{}{} {}</h1></div>\n'
        '<div id="tlTab" itemscope itemtype="http://schema.org/MusicPlaylist" data-id="{}" data-count="{}">'
        '<meta itemprop="name" content="{}"><meta itemprop="datePublished" content="{}">'
        '<meta itemprop="numTracks" content="{}">{}\n{}\n</div></body></html>'
    )
    title = pl.col("escaped_title")
    scene = escaped(pl.col("scene"))
    return pl.format(
        template, title, "url", title, first, second, scene, "id", "count", title, day, "count", djs, "rows"
    )  # fmt: skip
