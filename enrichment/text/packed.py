"""Artist and title in one text: "Artist - Title".

Belongs here: finding the dash that divides them, and what a text without artist or title is.
"""

import re

from enrichment.text.fold import fold
from enrichment.text.phrases import read_phrase
from enrichment.text.vocabulary import UNKNOWN_ARTISTS, UNKNOWN_TITLES

_DASH = re.compile(r"\s+[-–—−‒―]+\s+")
_GLUED = re.compile(r"(?<=\S)[-–—](?=\s)|(?<=\s)[-–—](?=\S)")
_BRACKET = re.compile(r"[(\[{]")
_PLAIN = frozenset({"original", "radio", "extended", "club", "remix", "remaster"})
_UNDERSCORED = re.compile(r"_[-–—]_|^\S*_\S*_\S*$")
_UNKNOWN = re.compile(r"^(?:new |unreleased |unknown )?ids?(?: ?\d{1,3}| [a-z])?$")
_QUESTION = re.compile(r"^[?¿][?\s¿_.…/-]*$|^[\s_.…-]+$|^unk\.$")
_TALK = (
    r"intro|outro|introduction|interview|jingle|station id|commercials?|ad break|adverts?|shout ?outs?"
    r"|radio id|sweeper|ident|show ident|announcement|applause"
)
_JINGLE = re.compile(
    rf"^(?:{_TALK}|news|weather|talk|talking|speech|voice ?over|interlude|radio show|message)\s*\d{{0,2}}$"
)
_JINGLE_LINE = re.compile(
    rf"{_JINGLE.pattern}|^.{{0,40}}\b(?:{_TALK})\s*\d{{0,2}}$|^(?:intro|outro|interview|jingle|introduction)\b"
    r"|\bhosted by \S|^(?:an? )?interview with\b",
)
_HOSTED = re.compile(r"\bhosted by\b")
_HOST_NAMED = re.compile(r"\S.*\bhosted by\s", re.IGNORECASE)
_MAYBE_TALK = re.compile(r"hosted|interview", re.IGNORECASE)
_INTERVIEW = re.compile(r"^an? interview with\b")


def without_underscores(text: str) -> str:
    """File-name style ("Artist_-_Title_Name") with spaces; other text unchanged."""
    return " ".join(text.replace("_", " ").split()) if "_" in text and _UNDERSCORED.search(text) else text


def split_packed(text: str, *, line: bool = False) -> tuple[str, str] | None:
    """(artist, title) divided at the first dash outside brackets; None if there is none.

    In a title field a dash before a version divides nothing ("Title - Radio Edit"). In a tracklist `line`
    every dash divides, also one with a space on one side only ("Artist- Title"), where no other stands.
    """
    for pattern in (_DASH, _GLUED) if line else (_DASH,):
        for match in pattern.finditer(text):
            left, right = text[: match.start()].strip(), text[match.end() :].strip()
            if not left or not right or _open_brackets(left):
                continue
            if pattern is _GLUED and (left[-1:].isdigit() or right[:1].isdigit()):
                continue
            return None if not line and _is_plain_version(right) else (left, right)
    return None


def _is_plain_version(text: str) -> bool:
    """Whether a text is a version that names nobody ("Radio Edit", "2013 Remaster (Explicit)")."""
    versions = read_phrase(_BRACKET.split(text, maxsplit=1)[0]).versions
    return bool(versions) and all(v.kind in _PLAIN and not v.name for v in versions)


def _open_brackets(text: str) -> bool:
    """Whether a bracket is still open at the end of the text."""
    return (
        any(text.count(o) > text.count(c) for o, c in (("(", ")"), ("[", "]")))
        if "(" in text or "[" in text
        else False
    )


def is_unknown_title(title: str) -> bool:
    """Whether a base title stands for an unidentified track: "ID", "?", "ID #2", "N/A", "Unknown"."""
    if len(title) > 24:
        return False
    if title.strip().upper() == "N/A":  # "N.A." may be one
        return True
    folded = fold(title)
    if folded in UNKNOWN_TITLES:
        return True
    return len(folded) < 14 and bool(_UNKNOWN.match(folded) or _QUESTION.match(title))


def is_unknown_artist(artist: str) -> bool:
    """Whether an artist stands for nobody: "ID", "?", "Unknown Artist", "VA", or names the host instead."""
    return bool(_QUESTION.match(artist) or _HOST_NAMED.search(artist)) or fold(artist) in UNKNOWN_ARTISTS


def is_jingle(artist: str, title: str, *, line: bool = False) -> bool:
    """Whether this is no music but talk around it: an ident, an interview, "Hosted by ...".

    With an artist, only talk that names itself counts: "The xx - Intro" is a track. Without one, a tracklist
    `line` that ends in such a word counts ("The Evening Show Intro"); in a title field it must be the whole
    title.
    """
    if not artist:
        return bool((_JINGLE_LINE if line else _JINGLE).search(fold(title)))
    if not _MAYBE_TALK.search(artist) and not _MAYBE_TALK.search(title):
        return False
    return bool(_HOSTED.match(fold(artist)) or _HOSTED.search(fold(title)) or _INTERVIEW.search(fold(title)))
