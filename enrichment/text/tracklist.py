"""Lines of tracklists as people write them: cue, overlay mark, artist, title, label and catalogue number.

Format: ``[cue] Artist - Title (Version) [Label - Catno]``, every part optional (MixesDB wiki; 1001Tracklists
without cue and label). Belongs here: one line at a time. Which version a title names is read later, by
`versions`.
"""

import re
from functools import lru_cache

from enrichment.text.fold import tidy
from enrichment.text.labels import take_label
from enrichment.text.packed import (
    is_jingle,
    is_unknown_artist,
    is_unknown_title,
    split_packed,
    without_underscores,
)
from enrichment.text.versions import parse_title

_WIKI = re.compile(r"'''?|^#\s+|^#(?=\[)")
_LINK = re.compile(r"\[https?://\S+ ([^\[\]]*)\]|\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_OVERLAY = re.compile(r"^\+\s*|^w/\s+", re.IGNORECASE)
_CUE = re.compile(r"^[\[(]\s*([\d?][\d?:.]*)\s*[\])]\s*|^((?:\d{1,2}:)?\d{1,3}:\d{2})(?=\s)\s*([-–|]?)\s*")
_NUMBERING = re.compile(r"^(?:\d{1,3}[.)]\s+|0\d\s+(?=[A-Z])|#\d{1,3}[.:)]?\s+)(?=\S)")
_MINUTES = re.compile(r"^\d{1,3}$")
_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$")
_SEGMENT = re.compile(r"^(#?[^\W_][^:\-–—\[\]]{1,48}?|#\d{1,2}):\s+(?=\S)")
_NOT_SEGMENT = re.compile(r"\b(?:feat|ft|featuring|vs|pres|presents|aka|dj|mc)\b|&|,", re.IGNORECASE)
_SEGMENT_WORD = re.compile(
    r"\b(?:week|month|year|night|nite|day|classic|exclusive|premiere|track|tune|record|demo|remix|flashback|throwback"
    r"|pick|choice|spotlight|favou?rite|request|anthem|release|download|selection|playlist|cut|classics|bonus|winner"
    r"|intro|outro|interlude|opener|opening|closing|encore|id|top|chart|mashup|part|set|guest|request|button)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:field recordings?|(?:film|movie|vocal|speech)? ?samples?|excerpts? from\b.*|sounds? of\b.*|applause"
    r"|crowd noise|silence|.* on the phone|.* review|continued|tracklist\b.*|\.{2,}|part \w{1,4}"
    r"|missing tracks?|mix(?:ed)? by .*)$|^album of the (?:week|month)\b",
)
_MASHUP_TITLE = re.compile(r"\s+(?:vs\.?|x|w/)\s+", re.IGNORECASE)
_VERSUS = re.compile(r"\s+vs\.?\s+", re.IGNORECASE)
_INNER_DASH = re.compile(r"^(.*?\S\s+vs\.?\s+)(.+?)\s+[-–—]\s+(.+)$", re.IGNORECASE)


def cue_ms(cue: str | None) -> int | None:
    """Milliseconds of a cue (``07`` and ``007`` are minutes, else mm:ss or h:mm:ss); None if not known.

    ``75:30`` and ``1:15:30`` are both 4,530,000. A cue with a ``?`` has no time ("[0??]"). A cue "h:mm",
    which a few sets use, cannot be told from "m:ss" in one line: it is read as m:ss.
    """
    if not cue:
        return None
    text = cue.strip()
    if not text.isascii():
        return None
    if _MINUTES.match(text):
        return int(text) * 60_000
    match = _CLOCK.match(text)
    if not match:
        return None
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    if seconds > 59 or (match[1] and minutes > 59):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


@lru_cache(maxsize=16_384)
def _parse_line(line: str) -> tuple[object, ...]:
    text = tidy(line)
    if "[http" in text or "[[" in text:
        text = _LINK.sub(lambda m: m[1] or m[2], text)
    text = _WIKI.sub("", text).strip()
    if text.startswith(";"):  # a heading
        return None, None, "note", False, None, text.strip("; ") or None, None, None
    overlay = bool(_OVERLAY.match(text))
    text = _OVERLAY.sub("", text)
    text = _NUMBERING.sub("", text)
    cue = None
    match = _CUE.match(text)
    if match and (match[1] or not match[3] or " - " in text[match.end() :]):  # "11:11 - Title" is an artist
        cue = match[1] or match[2]
        text = text[match.end() :]
        if not overlay:
            overlay = bool(_OVERLAY.match(text))
            text = _OVERLAY.sub("", text)
        text = _NUMBERING.sub("", text)
    text, label, catalog_number = take_label(text)
    artist, title, kind = _artist_title(text)
    return cue, cue_ms(cue), kind, overlay, artist, title, label, catalog_number


def parse_tracklist_line(line: str | None) -> dict[str, object]:
    """One free-text line as a dict. Never raises.

    Keys: ``cue_raw`` (as written, without brackets), ``cue_ms`` (integer or None), ``kind`` (track, unknown,
    jingle, mashup, note), ``with_previous`` (a leading ``+``: played over the track before), ``artist``,
    ``title`` (as written, version included), ``label``, ``catalog_number``; None where the line has none.
    Marks such as ``[Unreleased]`` or ``[Promo]`` are not labels and are left out.
    """
    keys = ("cue_raw", "cue_ms", "kind", "with_previous", "artist", "title", "label", "catalog_number")
    return dict(zip(keys, _parse_line(line or ""), strict=True))


def split_artist_title(text: str | None) -> dict[str, str | None]:
    """``Artist - Title`` as a dict: ``artist``, ``title``, ``kind``; for sources without cue and label."""
    artist, title, kind = _artist_title(tidy(text))
    return {"artist": artist, "title": title, "kind": kind}


def _artist_title(text: str) -> tuple[str | None, str | None, str]:
    """(artist, title, kind) of a line without cue and label."""
    whole = without_underscores(text.strip())
    text = whole.strip(" -–—")
    if not text or is_unknown_title(text):
        return None, None, "unknown"
    halves = split_packed(text, line=True)
    if halves is None:
        return (text, None, "unknown") if whole.endswith(" -") else _undivided(text)
    artist, title = _without_segment(_without_segment(halves[0])), halves[1]
    if is_jingle(artist, title):
        return artist, title, "jingle"
    if is_unknown_title(title) or is_unknown_title(parse_title(title).title):
        return None if is_unknown_artist(artist) else artist, None, "unknown"
    if is_unknown_artist(artist):
        return None, title, "unknown"
    return _mashup(artist, title)


def _undivided(text: str) -> tuple[str | None, str | None, str]:
    """A line without a dividing dash: talk, a note, or a title whose artist cannot be told."""
    bare = text.strip("[]()*' ")
    if is_unknown_title(bare) or text.startswith("? "):
        return None, None, "unknown"
    if is_jingle("", bare, line=True):
        return None, bare, "jingle"
    if _NOTE.search(bare.lower()):
        return None, bare, "note"
    kind = "mashup" if "mashup" in {v.kind for v in parse_title(text).versions} else "track"
    return None, text, kind


def _without_segment(artist: str) -> str:
    """The artist without a show segment before it ("Record Of The Week: Somebody").

    A segment is a capitalised prefix that ends in a colon and a space; one word counts only if it is a plain
    word of four or more letters ("Flashback"), so that names such as "S:VT", "M.F.S: Observatory" and "Ø: X"
    stay.
    """
    match = _SEGMENT.match(artist)
    if not match:
        return artist
    prefix = match[1].strip()
    if prefix != match[1] or _NOT_SEGMENT.search(prefix):
        return artist
    if prefix[0] == "#" and prefix[1:].isdigit():
        return artist[match.end() :].strip()
    words = prefix.lstrip("#").split()
    known = bool(_SEGMENT_WORD.search(prefix))
    if not (prefix.lstrip("#")[:1].isupper() or prefix[:1].isdigit() or known):
        return artist
    if len(words) == 1 and not known and (len(words[0]) < 3 or not words[0].isalpha() or words[0].isupper()):
        return artist
    return artist[match.end() :].strip() or artist


def _mashup(artist: str, title: str) -> tuple[str, str, str]:
    """(artist, title, kind): a mashup is one play; "A - X vs B - Y (Mashup)" is put in order."""
    versus = bool(_VERSUS.search(title))
    if (
        not versus
        and "mash" not in title.lower()
        and not (" x " in title.lower() and " x " in artist.lower())
    ):
        return artist, title, "track"
    parts = parse_title(title)
    named = any(v.kind == "mashup" for v in parts.versions)
    inner = _INNER_DASH.match(title) if versus else None
    if inner:
        return f"{artist} vs {inner[2]}", f"{inner[1]}{inner[3]}", "mashup"
    if named or (versus and _VERSUS.search(artist) and _VERSUS.search(parts.title)):
        return artist, title, "mashup"
    both_x = _MASHUP_TITLE.search(parts.title) and " x " in artist.lower() and " x " in parts.title.lower()
    return artist, title, "mashup" if both_x else "track"
