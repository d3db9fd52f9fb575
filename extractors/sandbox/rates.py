"""How often each provider is wrong, and about what: the one table that decides how hard the sandbox is.

What belongs here: shares between 0 and 1. Which fields a provider has at all, and how it words them, is the
business of its `tell_*` module.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRates:
    """Shares of a provider's records with a certain defect or habit.

    Attributes:
        coverage: of the world's tracks (1001Tracklists: whatever is played).
        reissued: listed a second time, under another id, album and date.
        artist_misspelt: first artist has one letter too many, too few, or two swapped.
        title_misspelt: the same in the title.
        accents_dropped: of the names that have accents.
        artists_merged: several artists written as one name.
        featured_in_title: of tracks with a featured voice: it stands in the title, not among the artists.
        featured_missing: of those tracks: it stands nowhere.
        remixer_as_artist: of remixes: the remixer also stands among the artists.
        version_missing: of versions: not said that it is one.
        version_reworded: of versions: "Rmx", "Extended" and the like.
        version_in_brackets: of versions: in brackets where the provider usually writes a dash.
        original_named: of originals: called "Original Mix".
        isrc_missing: no ISRC.
        isrc_of_sibling: ISRC of another version of the work.
        isrc_unclean: with hyphens or in lower case.
        bpm_missing: no tempo.
        bpm_wrong: off by one to four beats.
        bpm_octave: half or double tempo (three times as often in fast genres).
        key_missing: no key.
        key_wrong: wrong key: half of them the relative key, others a fifth away or anything.
        key_respelt: sharp for flat.
        genre_missing: no genre.
        genre_wrong: another genre.
        subgenre_missing: of tracks that have one.
        label_missing: no label.
        label_respelt: "Records" left out, or capitals.
        catalog_number_missing: none, or the word "none".
        date_missing: no release date.
        date_partial: year or month only.
        date_wrong: up to three years late.
        duration_missing: no duration.
        duration_off: off by up to two seconds.
        features_missing: no audio features.
        name_numbered: names carry a disambiguation number, "(2)".
        name_varied: artist printed under a variation of the name.
        typed_by_hand: rows not linked to a track of the provider.
        overconfident: of wrong values: reported with a confidence above the usual threshold.
        underconfident: of right values: reported with one below it.
    """

    coverage: float = 0.0
    reissued: float = 0.0
    artist_misspelt: float = 0.0
    title_misspelt: float = 0.0
    accents_dropped: float = 0.0
    artists_merged: float = 0.0
    featured_in_title: float = 0.0
    featured_missing: float = 0.0
    remixer_as_artist: float = 0.0
    version_missing: float = 0.0
    version_reworded: float = 0.0
    version_in_brackets: float = 0.0
    original_named: float = 0.0
    isrc_missing: float = 0.0
    isrc_of_sibling: float = 0.0
    isrc_unclean: float = 0.0
    bpm_missing: float = 0.0
    bpm_wrong: float = 0.0
    bpm_octave: float = 0.0
    key_missing: float = 0.0
    key_wrong: float = 0.0
    key_respelt: float = 0.0
    genre_missing: float = 0.0
    genre_wrong: float = 0.0
    subgenre_missing: float = 0.0
    label_missing: float = 0.0
    label_respelt: float = 0.0
    catalog_number_missing: float = 0.0
    date_missing: float = 0.0
    date_partial: float = 0.0
    date_wrong: float = 0.0
    duration_missing: float = 0.0
    duration_off: float = 0.0
    features_missing: float = 0.0
    name_numbered: float = 0.0
    name_varied: float = 0.0
    typed_by_hand: float = 0.0
    overconfident: float = 0.0
    underconfident: float = 0.0


RATES: Final[dict[str, ProviderRates]] = {
    "beatport": ProviderRates(
        coverage=0.75,
        reissued=0.03,
        artist_misspelt=0.012,
        title_misspelt=0.012,
        accents_dropped=0.25,
        artists_merged=0.02,
        featured_in_title=0.55,
        featured_missing=0.15,
        version_missing=0.005,
        version_reworded=0.03,
        original_named=0.93,
        isrc_missing=0.06,
        isrc_of_sibling=0.004,
        isrc_unclean=0.01,
        bpm_missing=0.01,
        bpm_wrong=0.05,
        bpm_octave=0.015,
        key_missing=0.03,
        key_wrong=0.08,
        key_respelt=0.10,
        genre_missing=0.005,
        genre_wrong=0.06,
        subgenre_missing=0.35,
        label_respelt=0.03,
        date_wrong=0.04,
        duration_off=0.25,
        overconfident=0.08,
        underconfident=0.05,
    ),
    "spotify": ProviderRates(
        coverage=0.85,
        reissued=0.05,
        artist_misspelt=0.008,
        title_misspelt=0.010,
        accents_dropped=0.10,
        artists_merged=0.01,
        featured_in_title=0.45,
        featured_missing=0.10,
        remixer_as_artist=0.60,
        version_missing=0.006,
        version_reworded=0.02,
        version_in_brackets=0.12,
        original_named=0.10,
        isrc_missing=0.05,
        isrc_of_sibling=0.004,
        isrc_unclean=0.015,
        bpm_wrong=0.05,
        bpm_octave=0.04,
        key_missing=0.01,
        key_wrong=0.12,
        date_partial=0.06,
        date_wrong=0.08,
        duration_off=0.30,
        features_missing=0.08,
        overconfident=0.10,
        underconfident=0.06,
    ),
    "musicbrainz": ProviderRates(
        coverage=0.55,
        artist_misspelt=0.010,
        title_misspelt=0.012,
        accents_dropped=0.05,
        featured_in_title=0.10,
        featured_missing=0.10,
        version_missing=0.008,
        version_reworded=0.02,
        original_named=0.12,
        isrc_missing=0.35,
        isrc_of_sibling=0.003,
        isrc_unclean=0.01,
        genre_missing=0.50,
        genre_wrong=0.05,
        date_missing=0.08,
        date_partial=0.30,
        date_wrong=0.04,
        duration_missing=0.08,
        duration_off=0.30,
    ),
    "discogs": ProviderRates(
        coverage=0.45,
        artist_misspelt=0.012,
        title_misspelt=0.015,
        accents_dropped=0.08,
        featured_in_title=0.20,
        featured_missing=0.20,
        version_missing=0.008,
        version_reworded=0.03,
        original_named=0.20,
        genre_wrong=0.05,
        label_respelt=0.05,
        catalog_number_missing=0.04,
        date_missing=0.06,
        date_partial=0.35,
        date_wrong=0.05,
        duration_missing=0.35,
        duration_off=0.20,
        name_numbered=0.06,
        name_varied=0.04,
    ),
    "deezer": ProviderRates(
        coverage=0.80,
        artist_misspelt=0.008,
        title_misspelt=0.010,
        accents_dropped=0.10,
        featured_in_title=0.50,
        featured_missing=0.10,
        version_missing=0.006,
        version_reworded=0.02,
        original_named=0.10,
        isrc_missing=0.02,
        isrc_of_sibling=0.004,
        bpm_missing=0.25,
        bpm_wrong=0.06,
        bpm_octave=0.03,
        date_wrong=0.20,
        duration_off=0.30,
    ),
    "lastfm": ProviderRates(
        coverage=0.85,
        artist_misspelt=0.030,
        title_misspelt=0.030,
        accents_dropped=0.30,
        featured_in_title=0.50,
        featured_missing=0.25,
        version_missing=0.02,
        version_reworded=0.03,
        original_named=0.25,
        genre_missing=0.15,
        genre_wrong=0.08,
        duration_missing=0.35,
        duration_off=0.30,
    ),
    "soundcharts": ProviderRates(
        coverage=0.60,
        artist_misspelt=0.006,
        title_misspelt=0.008,
        accents_dropped=0.08,
        featured_in_title=0.50,
        featured_missing=0.10,
        version_missing=0.006,
        original_named=0.05,
        isrc_missing=0.01,
        isrc_of_sibling=0.004,
        bpm_wrong=0.05,
        bpm_octave=0.04,
        key_wrong=0.12,
        genre_wrong=0.06,
        label_missing=0.10,
        label_respelt=0.05,
        date_wrong=0.06,
        duration_off=0.20,
        features_missing=0.15,
    ),
    "listenbrainz": ProviderRates(
        coverage=0.95,
        version_missing=0.008,
        original_named=0.12,
        genre_missing=0.50,
        genre_wrong=0.05,
    ),
    "acousticbrainz": ProviderRates(
        coverage=0.60,
        artist_misspelt=0.02,
        title_misspelt=0.02,
        accents_dropped=0.20,
        featured_missing=0.20,
        featured_in_title=0.40,
        version_missing=0.01,
        original_named=0.30,
        bpm_wrong=0.04,
        bpm_octave=0.10,
        key_wrong=0.18,
        key_respelt=0.50,
        duration_off=0.50,
    ),
    "acoustid": ProviderRates(coverage=0.80, version_missing=0.01, original_named=0.12, duration_off=0.50),
    "1001tracklists": ProviderRates(
        artist_misspelt=0.015,
        title_misspelt=0.015,
        accents_dropped=0.30,
        featured_in_title=0.05,
        featured_missing=0.15,
        version_missing=0.006,
        version_reworded=0.02,
        original_named=0.02,
        genre_missing=0.20,
        label_missing=0.25,
        label_respelt=0.30,
        duration_missing=0.40,
        duration_off=0.20,
        typed_by_hand=0.05,
    ),
}
