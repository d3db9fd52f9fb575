"""Titles taken apart, and the comparable key of a version."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.versions import parse_title, version_key, version_kind

Fields = tuple[str, str | None, str | None]


def key(title: str, mix_name: str | None = None, remixer: str | None = None) -> str:
    return version_key(parse_title(title, mix_name, remixer).versions)


@pytest.mark.parametrize(
    ("title", "base", "versions"),
    [
        ("Strobe", "Strobe", ""),
        ("Strobe (Original Mix)", "Strobe", ""),
        ("Strobe - Original Mix", "Strobe", ""),
        ("Strobe(Orignal Mix)", "Strobe", ""),
        ("Strobe (Album Version)", "Strobe", ""),
        ("Strobe - Single Version", "Strobe", ""),
        ("Strobe - 2013 Remaster", "Strobe", "remaster:2013"),
        ("Strobe - Remastered 2011", "Strobe", "remaster:2011"),
        ("Strobe - Single Version; 2007 Remaster", "Strobe", "remaster:2007"),
        ("Strobe (Dimension Remix)", "Strobe", "remix:dimension"),
        ("Strobe - Radio Edit", "Strobe", "radio"),
        ("Strobe (Original Mix (Radio Edit))", "Strobe", "radio"),
        ("Strobe (Extended Mix)", "Strobe", "extended"),
        ("Strobe (12'' Version)", "Strobe", "extended"),
        ("Strobe - Original Club Mix", "Strobe", "club"),
        ("Strobe (Vocal Mix)", "Strobe", "vocal"),
        ("Strobe (Dub Mix)", "Strobe", "dub"),
        ("Strobe (Kestrel Dub)", "Strobe", "dub:kestrel"),
        ("Strobe (Kestrel Remix) (Dub)", "Strobe", "dub:kestrel"),
        ("Strobe VIP", "Strobe", "vip"),
        ("Strobe (Kestrel Bootleg)", "Strobe", "remix:kestrel"),
        ("Strobe (Kestrel Mash-Up)", "Strobe", "mashup:kestrel"),
        ("Strobe (Kestrel Mash Up)", "Strobe", "mashup:kestrel"),
        ("Strobe - Live at Wembley", "Strobe", "live:wembley"),
        ("Strobe (Live from the Roundhouse, London 2012)", "Strobe", "live:roundhouse"),
        ("Strobe (Live in 2012)", "Strobe", "live"),
        ("Strobe (Ao Vivo)", "Strobe", "live"),
        ("Strobe - Acoustic Version", "Strobe", "acoustic"),
        ("Strobe (Instrumental)", "Strobe", "instrumental"),
        ("Strobe (A Cappella)", "Strobe", "acapella"),
        ("Strobe (Acappella)", "Strobe", "acapella"),
        ("Strobe (Re-Recorded)", "Strobe", "rerecording"),
        ("Strobe (Demo)", "Strobe", "demo"),
        ("Strobe (2014 Rework)", "Strobe", "remix|2014"),
        ("Strobe (Remix)", "Strobe", "remix"),
        ("Strobe (Kestrel Edit)", "Strobe", "edit:kestrel"),
        ("Strobe (Kestrel Re-Edit)", "Strobe", "edit:kestrel"),
        ("Strobe (Sped Up)", "Strobe", "spedup"),
        ("Strobe - slowed + reverb", "Strobe", "slowed"),
        ("Strobe (Continuous DJ Mix)", "Strobe", "continuous"),
        ("Strobe (Interlude)", "Strobe", "interlude"),
        ("Strobe (Kestrel Remix) - Radio Edit", "Strobe", "remix:kestrel|radio"),
        ("Strobe (Kestrel Radio Edit)", "Strobe", "remix:kestrel|radio"),
        ("Strobe (Kestrel Remix Edit)", "Strobe", "remix:kestrel|radio"),
        ("Strobe (Kestrel Remix feat. Ada Quill)", "Strobe", "remix:kestrel"),
        ("Strobe (Deluxe Edition)", "Strobe", ""),
        ("Strobe - Kestrel Remix / Radio Edit", "Strobe", "remix:kestrel|radio"),
        ("Strobe (Kestrel Remix Part 2)", "Strobe", "remix:kestrel2"),
        ("Strobe (Kestrel Remix}", "Strobe", "remix:kestrel"),
        ("Strobe (Kestrel Remix", "Strobe", "remix:kestrel"),
        ("Strobe (Kestrel Re", "Strobe", "remix:kestrel"),
        ("Strobe (Original M", "Strobe", ""),
        ("Strobe [Kestrel Remix]", "Strobe", "remix:kestrel"),
        ("Strobe (Intro Dirty)", "Strobe", ""),
        ("Strobe (Clean)", "Strobe", ""),
        ("Strobe [unreleased]", "Strobe", ""),
        ("Strobe (unfinished)", "Strobe", ""),
        ("Strobe (Mixed)", "Strobe", ""),
        ("Strobe [TH]", "Strobe", ""),
        ('Strobe - From "The Long Film"', "Strobe", ""),
        ("Strobe (Harbour 2014 Anthem)", "Strobe", ""),
        ("Strobe - Live Acoustic - 2015", "Strobe", "live"),
        ("Strobe (VIP Dub)", "Strobe", "dub|vip"),
        ("Strobe (Kestrel VIP Remix)", "Strobe", "vip:kestrel"),
        ("Strobe (Club Mix 2009)", "Strobe", "2009|club"),
        ("Strobe (Night Variation)", "Strobe", "remix:night"),
        ("Strobe [Anjunabeats]", "Strobe", ""),
        ("Strobe (Kestrel Remix) [DC123]", "Strobe", "remix:kestrel"),
        ("Strobe (ASOT 1023)", "Strobe", ""),
        ("Strobe [Part 2]", "Strobe [Part 2]", ""),
        ("Untitled [A]", "Untitled [A]", ""),
        ("Untitled [Blue]", "Untitled [Blue]", ""),
        ("(Night) Strobe", "(Night) Strobe", ""),
        ("Strobe (However You Want It)", "Strobe (However You Want It)", ""),
        ("Strobe - 2049", "Strobe - 2049", ""),
        ("Strobe - Pt. 2", "Strobe - Pt. 2", ""),
        ("The Way We Live", "The Way We Live", ""),
        ("Strobe (Long Way We Live)", "Strobe (Long Way We Live)", ""),
        ("Wardance Dub", "Wardance Dub", ""),
        ("(Kestrel Remix)", "Kestrel Remix", ""),
        ("(Untitled)", "(Untitled)", ""),
    ],
)
def test_a_title_is_cut_into_base_and_version(title: str, base: str, versions: str) -> None:
    parts = parse_title(title)
    assert (parts.title, version_key(parts.versions)) == (base, versions)


@pytest.mark.parametrize(
    ("title", "base", "featured"),
    [
        ("Strobe (feat. Ada Quill)", "Strobe", ("Ada Quill",)),
        ("Strobe (with Ada Quill)", "Strobe", ("Ada Quill",)),
        ("Strobe feat. Ada Quill(Extended Mix)", "Strobe", ("Ada Quill",)),
        ("Strobe ft. Ada Quill (Kestrel Remix)", "Strobe", ("Ada Quill",)),
        ("Strobe (Kestrel Remix) [feat. Ada Quill & T.I.]", "Strobe", ("Ada Quill & T.I.",)),
        ("Strobe w/ ada", "Strobe", ("ada",)),
        ("Strobe w_ ada", "Strobe", ("ada",)),
        ("Strobe (feat Ada Quill - Kestrel remix)", "Strobe", ("Ada Quill",)),
        ("Strobe (With You)", "Strobe (With You)", ()),
        ("Strobe Prod. by ada", "Strobe", ()),
        ("Strobe - With Ada Quill", "Strobe", ("Ada Quill",)),
    ],
)
def test_featured_artists_leave_the_title(title: str, base: str, featured: tuple[str, ...]) -> None:
    parts = parse_title(title)
    assert (parts.title, parts.featured) == (base, featured)


SAME: dict[str, list[Fields]] = {
    "remix:dimension": [
        ("Strobe (Dimension Remix)", None, None),
        ("Strobe (Dimension's Remix)", None, None),
        ("Strobe (Remix by Dimension)", None, None),
        ("Strobe - Dimension Remix", None, None),
        ("Strobe", "Dimension Remix", "Dimension"),
        ("Strobe", "Dimension Remix", None),
        ("Strobe", "Remix", "Dimension"),
        ("Strobe (Dimension Remix)", "Dimension Remix", "Dimension"),
        ("Strobe(DIMENSION RMX)", None, "Dimension"),
        ("Strobe (Dimension)", None, "Dimension"),
    ],
    "remix:dimension|extended": [
        ("Strobe (Dimension Extended Remix)", None, None),
        ("Strobe (Extended Dimension Remix)", None, None),
        ("Strobe (Dimension Remix Extended)", None, None),
        ("Strobe", "Extended Mix", "Dimension"),
        ("Strobe (Dimension Remix) - Extended Mix", None, None),
    ],
    "remix:kestrel+oat": [
        ("Strobe (Kestrel & Oat Remix)", None, None),
        ("Strobe (Oat vs. Kestrel Mix)", None, None),
        ("Strobe(Kestrel & Oat Remix)", None, "Oat,Kestrel"),
        ("Strobe", "Remix", "Kestrel, Oat"),
    ],
    "remix:mikekestrelgardenstate": [
        ("Strobe (Mike Kestrel's Garden State Mix)", None, "MikeKestrel"),
        ("Strobe", "Garden State Mix", "Mike Kestrel"),
        ("Strobe", "Mike Kestrel's Garden State Mix", "Mike Kestrel"),
    ],
    "remix:mikekestrel": [
        ("Strobe (Mike Kestrel Remix)", None, None),
        ("Strobe (M. Kestrel Mix)", None, "Mike Kestrel"),
    ],
    "": [("Strobe", "Original Mix", None), ("Strobe", "Original Mix", "Somebody"), ("Strobe", None, None)],
}


@pytest.mark.parametrize(
    ("expected", "fields"), [(expected, fields) for expected, group in SAME.items() for fields in group]
)
def test_spellings_of_different_providers_share_a_key(expected: str, fields: Fields) -> None:
    assert key(*fields) == expected


def test_versions_that_are_different_recordings_differ() -> None:
    titles = ["Strobe", "Strobe (Dimension Remix)", "Strobe (Kestrel Remix)", "Strobe (Dimension Dub)"]
    titles += ["Strobe - Radio Edit", "Strobe (Extended Mix)", "Strobe (Club Mix)", "Strobe (Live)"]
    titles += ["Strobe (Instrumental)", "Strobe (Acapella)", "Strobe VIP", "Strobe (Dimension Edit)"]
    titles += ["Strobe (Dimension 2019 Remix)", "Strobe (Dimension Vocal Remix)"]
    for a, b in itertools.combinations(titles, 2):
        assert key(a) != key(b), (a, b)


def test_a_remaster_is_a_version_of_its_own_and_says_its_year() -> None:
    versions = parse_title("Strobe (Kestrel Remix) - 2013 Remaster").versions
    assert [(v.kind, v.year) for v in versions] == [("remix", None), ("remaster", 2013)]
    assert version_key(versions) == "remix:kestrel|remaster:2013"
    assert (key("Strobe - Remastered"), key("Strobe (2013 Remaster)")) == ("remaster", "remaster:2013")
    assert version_kind(parse_title("Strobe - 2013 Remaster").versions) == "remaster"


def test_the_maker_is_named_where_the_phrase_names_one() -> None:
    def makers(title: str) -> list[str | None]:
        return [v.by for v in parse_title(title).versions]

    assert makers("Strobe (Dimension's Remix)") == ["Dimension"]
    assert makers("Strobe (Kestrel Progressive Dub Remix)")[0] == "Kestrel"
    assert makers("Strobe (Hands And Feet Mix)") == [None]
    assert makers("Strobe (Deep House Remix)") == [None]


NAMES = st.lists(st.sampled_from(["Kestrel", "Oat", "Lumen", "Varga", "Ysolde"]), min_size=1, max_size=3)


@given(names=NAMES, head=st.sampled_from(["Remix", "Extended Remix", "Dub", "Edit"]), data=st.data())
def test_case_spacing_and_brackets_do_not_change_the_key(
    names: list[str], head: str, data: st.DataObject
) -> None:
    phrase = f"{' '.join(names)} {head}"
    expected = key(f"Strobe ({phrase})")
    assert expected
    cased = data.draw(st.sampled_from([phrase.upper(), phrase.lower(), phrase.title()]))
    spaced = cased.replace(" ", data.draw(st.sampled_from([" ", "  ", "\u00a0"])))
    written = data.draw(
        st.sampled_from(["Strobe ({})", "Strobe({})", "Strobe [{}]", "Strobe - {}", "Strobe ({}"])
    )
    assert key(written.format(spaced)) == expected


PIECES = st.sampled_from(
    [
        "Strobe",
        "(",
        ")",
        "[",
        "]",
        "{",
        " - ",
        "feat. ",
        "Remix",
        "Mix",
        " / ",
        "2013",
        "'s ",
        "by ",
        "with ",
        "?",
        "&",
        "",
    ]
)


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)),
    st.none() | st.text(),
    st.none() | st.text(),
)
def test_no_text_raises_and_no_title_is_lost(title: str, mix_name: str | None, remixer: str | None) -> None:
    parts = parse_title(title, mix_name, remixer)
    assert version_key(parts.versions) == version_key(parts.versions)
    assert version_kind(parts.versions)
    if any(c.isalnum() for c in title):
        assert parts.title
