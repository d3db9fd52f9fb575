"""The comparison form of names and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.fold import fold, fold_key, repair_mojibake, tidy


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ångström & Söhne", "angstrom and sohne"),
        ("Angstrom and Sohne", "angstrom and sohne"),
        ("Rock + Roll", "rock and roll"),
        ("Don't  Stop", "dont stop"),
        ("Don’t Stop!", "dont stop"),
        ("A$AP $500", "asap 500"),
        ("P!nk", "pink"),
        ("F**kin", "fkin"),
        ("Straße", "strasse"),
        ("Ø [Phase]", "o phase"),
        ("Atom™", "atom"),
        ("𝓢𝓽𝔂𝓵𝓮𝓭 𝕃𝕖𝕥𝕥𝕖𝕣𝕤", "styled letters"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("Поток", "potok"),
        ("  non\u00a0breaking ", "non breaking"),
        ("!!!", "!!!"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("Hunter/Game", "Hunter Game", "HunterGame", "hunter-game"),
        ("Oliver Smithson", "OliverSmithson"),
        ("The Quiet Field", "Quiet Field", "TheQuietField"),
        ("Dune & Ash", "Dune and Ash", "Dune + Ash", "Dune&Ash"),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({fold_key(s) for s in spellings}) == 1


def test_a_name_that_merely_begins_with_the_letters_keeps_them() -> None:
    assert fold_key("Theo Plank") == "theoplank"
    assert fold_key("The The") == "the"


def test_mojibake_is_repaired_only_where_it_is_certain() -> None:
    assert repair_mojibake("KornÃ©l KovÃ¡cs") == "Kornél Kovács"
    assert repair_mojibake("SequÊncia Do BotadÃo") == "SequÊncia Do BotadÃo"
    assert fold("Sven VÃ¤th") == fold("Sven Väth")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_text_misread_again_and_again_is_repaired_whole(times: int) -> None:
    text = "Sven Väth – Ö"
    for _ in range(times):
        text = text.encode().decode("cp1252")
    assert repair_mojibake(text) == "Sven Väth – Ö"


@pytest.mark.parametrize(
    "text",
    [
        "Café VÃ¤th",  # somebody mended the first word
        "MÃ¶tley – CrÃ¼e",
        "VÃ¤th ✓",
        "Väth & VÃƒÂ¤th",
        "Ã\u0192Â¤".encode().decode("cp1252") + " Ã",  # comes apart on the way
        "VÃƒÂ¤th".encode().decode("cp1252").encode().decode("latin-1"),  # misread more often than is undone
    ],
)
def test_what_can_be_repaired_only_in_part_stays_as_it_is(text: str) -> None:
    assert repair_mojibake(text) == text


@given(st.text(alphabet="aÃ¤Â©â€™ÐœÑ \u0083\u0192Å¡ü"))
def test_a_repair_is_whole_or_none(text: str) -> None:
    mended = repair_mojibake(text)
    assert mended == text or repair_mojibake(mended) == mended


def test_tidy_keeps_letters_and_drops_invisible_marks() -> None:
    assert tidy("\ufeff Rhythm &amp;\u00a0Blue\u200b  ") == "Rhythm & Blue"
    assert tidy(None) == ""


@given(st.text())
def test_fold_is_idempotent_and_plain(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded
    assert folded == folded.strip()


@given(st.text())
def test_tidy_is_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text) or "&" in text
