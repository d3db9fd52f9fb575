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
    if len(a) != len(b):
        return False
    other = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
    if len(other) != 1 or " " in other[0]:
        return False
    return not any(set(other[0]) <= letters for letters in _ALIKE_LETTERS)
