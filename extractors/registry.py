"""All kinds of source files, by name. A new source is one module that exports ``KIND`` and one line here.

Readers import `Kind` from `extractors.kind`; everybody else may import it from here.
"""

import difflib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from extractors.errors import SourceError
from extractors.files import (
    acousticbrainz_dump,
    beatport_charts,
    beatport_labels,
    billboard_hot100,
    boiler_room_1001tracklists,
    discogs_collection,
    discogs_dump,
    dj_libraries,
    djmix_tracklists,
    eric_prydz_1001tracklists,
    lastfm_scrobbles,
    listenbrainz_listens,
    mix_listening_log,
    mixesdb_pages,
    musicbrainz_dump,
    recorded_api,
    soulection_radio,
    spotify_playlist_archive,
    spotify_playlist_tracks,
    spotify_streaming_history,
    tl1001_enriched_sets,
    tl1001_set_index,
    tracklist_files,
    tracklists_1001_exports,
    tracklists_1001_pages,
    tracklists_1001_rows,
    year_end_charts_spotify,
)
from extractors.kind import Kind

__all__ = ["KINDS", "Kind", "files_of", "kind"]

_ALL: tuple[Kind, ...] = (
    acousticbrainz_dump.KIND,
    beatport_charts.KIND,
    beatport_labels.KIND,
    billboard_hot100.KIND,
    boiler_room_1001tracklists.KIND,
    discogs_collection.KIND,
    discogs_dump.KIND,
    dj_libraries.KIND,
    djmix_tracklists.KIND,
    eric_prydz_1001tracklists.KIND,
    lastfm_scrobbles.KIND,
    listenbrainz_listens.KIND,
    mix_listening_log.KIND,
    mixesdb_pages.KIND,
    musicbrainz_dump.KIND,
    soulection_radio.KIND,
    spotify_playlist_archive.KIND,
    spotify_playlist_tracks.KIND,
    spotify_streaming_history.KIND,
    tl1001_enriched_sets.KIND,
    tl1001_set_index.KIND,
    tracklist_files.KIND,
    tracklists_1001_exports.KIND,
    tracklists_1001_pages.KIND,
    tracklists_1001_rows.KIND,
    year_end_charts_spotify.KIND,
    *recorded_api.KINDS,
)

KINDS: dict[str, Kind] = {one.name: one for one in _ALL}
"""Every kind by the name a person types."""


def kind(name: str) -> Kind:
    """The kind called `name`.

    Raises:
        SourceError: no such kind; the message offers the names that come close, else all names.
    """
    if name in KINDS:
        return KINDS[name]
    close = difflib.get_close_matches(name, KINDS, n=3, cutoff=0.5)
    offer = "did you mean " + " or ".join(close) + "?" if close else "use one of " + ", ".join(sorted(KINDS))
    raise SourceError(name, "there is no kind of source file with this name", offer)


def _matches(wanted: Kind, path: Path) -> bool:
    name = path.name.lower()
    names = (name, name.removesuffix(".gz"))
    return any(fnmatchcase(n, pattern.lower()) for n in names for pattern in wanted.patterns)


def files_of(wanted: Kind, paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Files that `wanted` shall read, and files found in given folders that it leaves alone.

    A file given by name is always taken (its reader says whether it fits). A folder is searched recursively
    for the kind's patterns; hidden files and READMEs are left alone. Each file appears once, folders in name
    order.

    Raises:
        SourceError: a path that does not exist, or is neither a file nor a folder.
    """
    taken: dict[Path, None] = {}
    left: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            taken[path] = None
        elif path.is_dir():
            for found in sorted(p for p in path.rglob("*") if p.is_file()):
                aside = found.name.startswith(".") or found.stem.lower() == "readme"
                fits = not aside and _matches(wanted, found)
                (taken if fits else left)[found] = None
        else:
            reason = "this is neither a file nor a folder" if path.exists() else "no such file or folder"
            raise SourceError(path.name, reason, "check the path; relative paths start at the current folder")
    return list(taken), [path for path in left if path not in taken]
