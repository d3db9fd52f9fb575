"""The label bracket of a tracklist line: ``[Label - Catalogue number]``.

Belongs here: finding that bracket, balanced or not, and reading label and catalogue number out of it.
"""

import re

from enrichment.text.phrases import read_phrase

_LAST = re.compile(r"\s*[\[{]([^\[\]{}]*)[\])}]?\s*$|\s+[(]([^()\[\]{}]*)\]\s*$")
_INNER = re.compile(r"\s\[([^\[\]{}]+)\](?=\s*[^\[\]]*$)")
_AFTER = re.compile(
    r"(\])\s+(?:\((?:19|20)\d\d\)|promo|exclusive|unreleased|vinyl|free(?: download)?)\s*$", re.IGNORECASE
)
_TAG = re.compile(
    r"^(?:previously |currently |still )?(?:unreleased|cdr|cd-r|white(?: label)?|promo(?:tional)?"
    r"|dub ?plate(?: special)?|free(?: (?:download|track|release|dl|self release))?|forthcoming|bootleg"
    r"|mash-?up|test(?: pressing)?|(?:world )?exclusive|acetate|dub|vip|unsigned|self[ -]released?"
    r"|not on label|no label|label unknown"
    r"|vinyl(?: only)?|download|id|\?+|tba|n/?a|unknown|demo|live|edit|remix|private"
    r"|soon|upcoming|premiere)\s*$",
    re.IGNORECASE,
)
_TAG_BESIDE = re.compile(
    r"^white label\s*/\s*|[\s/]+(?:white la(?:be|bl)[el]?\d?|test[ -]pressing|unreleased|forthcoming)$",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"^(?:feat|ft|with)\b"
    r"|^[^-–—]*\S\s+(?:(?:re-?)?(?:mix|edit)|re-?(?:work|fix|make)|bootleg|mash ?up|rmx|vip"
    r"|version)(?: #?\d)?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^((?:19|20)\d\d),\s*|,\s*((?:19|20)\d\d)$")
_NOTE = re.compile(r",?\s*\(([^()]*)\)$")
_DASH = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+")
_LABEL_AND_NUMBER = re.compile(r"^(\S.*?\S)\s+(0\d{1,4}[A-Z]?)$")
_NUMBER_ONLY = re.compile(r"^[A-Z]{2,8}\d{3,5}[A-Z]{0,3}$|^(?:19[5-9]|20[0-3])\d$")


def take_label(text: str) -> tuple[str, str | None, str | None]:
    """(text without its label bracket, label, catalogue number).

    Square brackets around a version ("[Somebody Remix]") stay in the text, unless the title already has one.
    Marks such as ``[Unreleased]`` or ``[Promo]`` are dropped: they name no label.
    """
    text = _AFTER.sub(r"\1", text).rstrip()
    match = _LAST.search(text) or _inner(text)
    if not match or match.start() == 0 or (match[0][-1] == ")" and match[0].lstrip()[0] != "["):
        return text, None, None
    content = next((g for g in match.groups() if g is not None), "").strip()
    rest = text[: match.start()].rstrip()
    if _VERSION.search(content) and not rest.endswith(")") and not _TAG.match(content):
        return text, None, None
    if match.re is _INNER:
        tail = text[match.end() :].strip()
        rest = f"{rest} {tail}" if read_phrase(tail.strip("()")).versions else rest
    return rest, *split_label(content)


def _inner(text: str) -> re.Match[str] | None:
    """A label bracket with something behind it ("A - B [Label] 2010"), itself behind the dividing dash."""
    match = _INNER.search(text)
    return match if match and " - " in text[: match.start()] else None


def split_label(content: str) -> tuple[str | None, str | None]:
    """(label, catalogue number) of a label bracket's content; a mark such as "Promo" is neither."""
    label = _YEAR.sub("", content).strip()
    number = ""
    note = _NOTE.search(label)
    if note:  # the parent label, a remark, or the catalogue number
        label = label[: note.start()].strip(" ,")
        number = note[1] if re.fullmatch(r"[\w-]+ ?\d+\w?", note[1]) else ""
    label = _YEAR.sub("", label).strip(" ,")
    dashes = list(_DASH.finditer(label))
    if dashes:
        left, right = label[: dashes[-1].start()].strip(), label[dashes[-1].end() :].strip()
        if _TAG.match(right):
            label, number = left, ""
        elif any(c.isdigit() for c in right) or (" " not in right and (right.isupper() or "-" in right)):
            label, number = left, right
    elif _NUMBER_ONLY.match(label):
        label, number = "", "" if label.isdigit() else label
    else:
        match = _LABEL_AND_NUMBER.match(label)
        if match:
            label, number = match[1], label
    label = _TAG_BESIDE.sub("", label)
    if _TAG.match(label):
        label = ""
    return label or None, number or None
