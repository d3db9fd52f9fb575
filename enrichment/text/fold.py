"""The comparison form of a name or a title: what two spellings of one thing have in common.

Belongs here: everything that acts on letters and punctuation alone. What words *mean* (a remix, a featured
singer) is decided in the other modules of this package.
"""

import html
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = "'’‘`´ʼʹ′‛"
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789 "
_ASCII_TABLE = {i: (None if chr(i) in _APOSTROPHES else " ") for i in range(128) if chr(i) not in _KEPT}
_DROPPED_MARKS = re.compile("[™®©℗´ʹ′\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_SPECIAL = re.compile(r"[&+$!*]")
_LETTER_DOLLAR = re.compile(r"(?<=[a-z])\$|\$(?=[a-z])")
_INNER_EXCLAMATION = re.compile(r"(?<=[a-z])!(?=[a-z])")
_INNER_STAR = re.compile(r"(?<=[a-z*])\*+|\*+(?=[a-z])")
_GLUED_ARTICLE = re.compile(r"The(?=[A-Z][a-z])")
_MOJIBAKE = re.compile("[ÂÃÅÄâÐÑ][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_MISREADINGS = 3
"""Times that a text was misread, one program after the other, which are undone."""
_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 (``Sven VÃ¤th`` -> ``Sven Väth``), where that is certain.

    Certain means: the whole text encodes to Windows-1252 (or Latin-1), those bytes are valid UTF-8, and what
    comes out has no such pairs of letters left, at once or after having been misread up to three times. Text
    that merely contains an ``Ã``, or was mended in part, comes back unchanged: never half a repair.
    """
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    mended = text
    for _ in range(_MISREADINGS):
        again = _read_again(mended)
        if again is None:
            return text
        if not _MOJIBAKE.search(again):
            return again
        mended = again
    return text


def _read_again(text: str) -> str | None:
    """The text, its bytes read as the UTF-8 they are; None if they are none."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def tidy(text: str | None) -> str:
    """Display form of a raw field: entities decoded, odd spaces and invisible marks gone, mojibake undone.

    Letters, case and punctuation stay; None becomes the empty string.
    """
    if not text:
        return ""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if not text.isascii():
        text = repair_mojibake(_INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text).strip()


def _to_ascii(text: str) -> str:
    """Lower-case ASCII of any text: compatibility forms, accents, and transliteration of other scripts."""
    text = unicodedata.normalize("NFKC", _DROPPED_MARKS.sub("", repair_mojibake(text))).casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text if text.isascii() else anyascii(text).lower()


@lru_cache(maxsize=131_072)
def fold(text: str) -> str:
    """Comparison form: lower-case ASCII letters and digits with single spaces; stable and idempotent.

    ``&``, ``+`` and ``and`` become ``and``; apostrophes vanish; ``$``, ``!`` and ``*`` inside a word stand
    for ``s``, ``i`` and nothing (``A$AP``, ``P!nk``, censoring); all other punctuation is a space. A text of
    punctuation only keeps it (the band ``!!!``), so that it is not taken for a missing name.
    """
    plain = text.lower() if text.isascii() else _to_ascii(text)
    folded = plain
    if _SPECIAL.search(folded):
        folded = folded.replace("&", " and ").replace("+", " and ")
        if "$" in folded:
            folded = _LETTER_DOLLAR.sub("s", folded)
        if "!" in folded:
            folded = _INNER_EXCLAMATION.sub("i", folded)
        if "*" in folded:
            folded = _INNER_STAR.sub("", folded)
    folded = " ".join(folded.translate(_ASCII_TABLE).split())
    return folded or "".join(plain.split())


@lru_cache(maxsize=131_072)
def fold_key(text: str) -> str:
    """`fold` without spaces and without a leading ``the``: ``The Hunter/Game`` and ``HunterGame`` agree."""
    folded = fold(text)
    if folded.startswith("the "):
        folded = folded[4:]
    elif _GLUED_ARTICLE.match(text):  # "TheField": a source that loses its spaces
        folded = folded[3:]
    return folded.replace(" ", "")
