"""The lake against a known truth: how right are its values, and its idea of which records are one track?

Works wherever a truth is given as two Parquet files: ``tracks.parquet`` (true_track_id and true fields) and
``records.parquet`` (provider, stream, source_entity_id or playlist_key and position -> true_track_id).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from lake.tables import one

# how a stored value and the true one are compared; t is the lake's track, r the truth
AGREES = {
    # stores list guests among the artists: whoever is credited must truly be on the track
    "artist": "fold_key(t.artist) = fold_key(r.artist) or list_has_all("
    "list_transform(list_append(r.artists, r.featured), lambda a: fold_key(a)), "
    "list_transform(t.artists, lambda a: fold_key(a)))",
    "title": "fold_key(t.title) = fold_key(r.title)",
    "isrc": "t.isrc = r.isrc",
    "bpm": "abs(t.bpm - r.bpm) <= 0.5",
    "key_camelot": "t.key_camelot = r.key_camelot",
    "energy": "abs(t.energy - r.energy) <= 0.05",
    "genre": "t.genre = r.genre",
    "subgenre": "t.subgenre = r.subgenre",
    "label": "same_label(t.label, r.label)",
    "catalog_number": "fold_key(t.catalog_number) = fold_key(r.catalog_number)",
    "release_date": "date_trunc(t.release_date_precision, t.release_date) = "
    "date_trunc(t.release_date_precision, r.release_date)",
    "duration_ms": "abs(t.duration_ms - r.duration_ms) <= 3000",
    "remixer": "fold_key(t.remixer) = fold_key(r.remixer)",
}


@dataclass(frozen=True, slots=True)
class FieldAccuracy:
    """One field: tracks that have it, and how many of these are right."""

    field: str
    filled: int
    right: int

    @property
    def accuracy(self) -> float:
        """Right ones among the filled, 0..1; 1 where none is filled."""
        return self.right / self.filled if self.filled else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The lake against the truth.

    Attributes:
        records: records whose true track is known.
        tracks: tracks of the lake they lie in.
        true_tracks: tracks they are of.
        precision: pairs of records the lake puts together that are truly together.
        recall: pairs truly together that the lake puts together.
        fields: accuracy per field.
    """

    records: int
    tracks: int
    true_tracks: int
    precision: float
    recall: float
    fields: tuple[FieldAccuracy, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def evaluate(connection: duckdb.DuckDBPyConnection, truth: Path) -> Evaluation:
    """Compare the lake with the truth in a folder; the connection has our functions registered."""
    connection.execute(
        f"""
        create or replace temp table judged_records as
        with truth as (select * from read_parquet('{truth}/records.parquet') where true_track_id is not null),
        by_id as (
            -- the same entry of a provider, whichever of its streams tells of it
            select distinct r.record_id, t.true_track_id
            from truth t
            join silver.track_records r using (provider, source_entity_id)
            where t.playlist_key is null
        ),
        by_place as (
            select distinct p.record_id, t.true_track_id
            from truth t
            join silver.enriched_playlists l on l.provider = t.provider and l.playlist_key = t.playlist_key
            join silver.playlist_tracks p on p.playlist_id = l.playlist_id and p.position = t.position
            where p.record_id is not null
        )
        select record_id, m.track_id, min(true_track_id) as true_track_id
        from (from by_id union from by_place) join silver.track_members m using (record_id)
        group by record_id, m.track_id
        -- words that two tracks share name neither of them: no truth to hold the lake to
        having count(distinct true_track_id) = 1
        """
    )
    pairs = "coalesce(sum(n * (n - 1) / 2), 0)"
    records, tracks, true_tracks, both, together, truly = one(
        connection,
        f"""
        with cells as (select track_id, true_track_id, count(*) as n from judged_records group by all),
        lake as (select track_id, sum(n) as n from cells group by 1),
        true_ as (select true_track_id, sum(n) as n from cells group by 1)
        select
            (select count(*) from judged_records), (select count(*) from lake), (select count(*) from true_),
            (select {pairs} from cells), (select {pairs} from lake), (select {pairs} from true_)
        """,
    )
    return Evaluation(
        int(records),
        int(tracks),
        int(true_tracks),
        float(both / together) if together else 1.0,
        float(both / truly) if truly else 1.0,
        _fields(connection, truth),
    )


def completeness(connection: duckdb.DuckDBPyConnection) -> float:
    """Share of the truly same pairs of nodes that blocking brought together, 0..1; 1 if there is none.

    Nodes without words are left out: they are tied by an id to one other, and through it to the rest.
    Reads the temporary tables that `evaluate` (``judged_records``) and matching over the whole lake
    (``node_records``, and ``met`` with the pairs that met) leave in the same connection.
    """
    wanted, met = one(
        connection,
        """
        with nodes as (
            select distinct node_id, true_track_id
            from judged_records
            join node_records using (record_id)
            join silver.track_nodes using (node_id)
            where title_text is not null
        ),
        wanted as (
            select distinct a.node_id as node_a, b.node_id as node_b
            from nodes a join nodes b on a.true_track_id = b.true_track_id and a.node_id < b.node_id
        )
        select count(*), count(*) filter (
            (node_a, node_b) in (select (node_a, node_b) from met)) from wanted
        """,
    )
    return float(met / wanted) if wanted else 1.0


def _fields(connection: duckdb.DuckDBPyConnection, truth: Path) -> tuple[FieldAccuracy, ...]:
    """Accuracy per field over the tracks; a track is held to the truth most of its records are of."""
    counts = ", ".join(
        f"count(*) filter (t.{name} is not null and r.{name} is not null), "
        f"count(*) filter (t.{name} is not null and ({agrees}))"
        for name, agrees in AGREES.items()
    )
    row = one(
        connection,
        f"""
        with told as (
            select track_id, mode(true_track_id order by true_track_id) as true_track_id
            from judged_records group by track_id
        )
        select {counts}
        from silver.enriched_tracks t
        join told using (track_id)
        join read_parquet('{truth}/tracks.parquet') r using (true_track_id)
        where r.kind = 'track'
        """,
    )
    return tuple(FieldAccuracy(name, row[2 * i], row[2 * i + 1]) for i, name in enumerate(AGREES))
