"""Mixes of a listening log in Markdown -> plain data (layout: `extractors.files.mix_listening_log`).

What belongs here: the notation of that log. Titles stand before artists, versions in emphasis, names in
links.
"""

import json
import re
from typing import Any

from extractors.pages.set_head import set_id_of

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_ADDRESS = re.compile(r"https?://[^\s)>\]]+")
_SCORE = re.compile(r"(\d{1,2}(?:\.\d)?)/10\b")
_LENGTH = re.compile(r"~?(?:(\d{1,2})h)?(?:(\d{1,2})m)?")
_TRACKS = re.compile(r"(\d{1,4}) tracks?\b")
_DATE = re.compile(r"\s*\b(\d{4}-\d{2}-\d{2})(?::|\s*$)\s*")
_TRACK_SCORE = re.compile(r"^<(?:(10|\d(?:\.\d)?)|\d+)>\s*")
_CUE = re.compile(r"\s*@((?:\d{1,2}:)?\d{1,2}:\d{2})\s*$")
_BEFORE_ARTIST = re.compile(r"\s+-\s+(?=\[)|\s+-\s+(?!.*\s-\s)")
"""The dash before a linked artist, else the last one."""


def _plain(text: str) -> str:
    """Markdown as a person reads it: no links, no emphasis marks."""
    words = _LINK.sub(r"\1", text).replace("\\", "")
    return " ".join(re.sub(r"(?<![^\W_])_|_(?![^\W_])|\*\*?", "", words).split())


def _liked(line: str) -> dict[str, str | float | None]:
    """A liked track: ``<10> Title _(Version)_ - Artist @48:22``, the score and the place in the mix rare."""
    score = _TRACK_SCORE.match(line)
    text = line[score.end() :] if score else line
    cue = _CUE.search(f" {text}")
    text = _CUE.sub("", f" {text}").strip()
    dash = _BEFORE_ARTIST.search(text)
    title, artist = (text[: dash.start()], text[dash.end() :]) if dash else (text, "")
    return {
        "raw": _plain(text) or None,
        "title": _plain(title) or None,
        "artist": _plain(artist) or None,
        "cue_raw": cue.group(1) if cue else None,
        "score": float(score.group(1)) if score and score.group(1) else None,
    }


def _length_ms(fact: str) -> int | None:
    found = _LENGTH.fullmatch(fact)
    if found is None:
        return None
    return (int(found.group(1) or 0) * 60 + int(found.group(2) or 0)) * 60_000 or None


def parse_logged_mix(text: str) -> dict[str, Any]:
    """The entry of one mix as data; never fails.

    Returns:
        ``title`` (without the date), ``date``, ``score`` (0 to 10), ``duration_ms``, ``stated_tracks``,
        ``artists`` (as linked), ``tracklist_1001_id``, ``links``, and ``liked``: of each track ``title``,
        ``artist``, ``cue_raw``, ``score`` (0 to 10, None for most) and ``raw``; a bare cue has neither title
        nor artist.
    """
    lines = text.splitlines()
    heading = _plain(lines[0].lstrip("# ")) if lines else ""
    date = _DATE.search(heading)
    quoted = [line[1:].strip() for line in lines if line.startswith(">")]
    facts = [fact.strip() for line in quoted for fact in line.split("|")]
    score = next((found for found in map(_SCORE.search, quoted) if found), None)
    stated = next((found for found in map(_TRACKS.search, quoted) if found), None)
    links = [link for line in quoted for link in _ADDRESS.findall(line) if "rateyourmusic.com" not in link]
    artists = [found.group(1) for line in quoted for found in _LINK.finditer(line)]
    return {
        "title": " ".join(_DATE.sub(" ", heading).split()) or None,
        "date": date.group(1) if date else None,
        "score": float(score.group(1)) if score else None,
        "duration_ms": next((length for length in map(_length_ms, facts) if length), None),
        "stated_tracks": int(stated.group(1)) if stated else None,
        "artists": list(dict.fromkeys(artists)),
        "tracklist_1001_id": next((found for found in map(set_id_of, links) if found), None),
        "links": list(dict.fromkeys(links)),
        "liked": [_liked(line[2:].strip()) for line in lines if line.startswith("- ")],
    }


def parse_logged_mix_json(text: str) -> str:
    """`parse_logged_mix` as JSON text, for SQL."""
    return json.dumps(parse_logged_mix(text), ensure_ascii=False)
