"""Letters: which slips of the hand or the ear make a misspelling, and which make another word.

Belongs here: judgements on two folded texts that need no knowledge of what they name.
"""

_ALIKE_LETTERS = tuple(map(frozenset, ("aeiouy", "ckqxgsz", "dt", "bp", "fvw", "mn", "gj", "lr")))
"""Letters written for each other by ear."""


def another_word(a: str, b: str) -> bool:
    """Whether two texts differ in one letter that nobody confuses ("Light" and "Night", "Dark" and "Park").

    People leave letters out, double and swap them, or write by ear; one letter for an unlike one makes
    another word.
    """
    other = _one_other_letter(a, b)
    return bool(other) and not any(other <= letters for letters in _ALIKE_LETTERS)


def by_ear(a: str, b: str) -> bool:
    """Whether two texts differ in one letter that is written for the other by ear ("Sasha", "Sacha")."""
    other = _one_other_letter(a, b)
    return bool(other) and any(other <= letters for letters in _ALIKE_LETTERS)


def _one_other_letter(a: str, b: str) -> set[str]:
    """The two letters in which texts of one length differ, if it is one pair of letters; else nothing."""
    if len(a) != len(b):
        return set()
    other = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
    return set(other[0]) if len(other) == 1 and " " not in other[0] else set()
