"""Made-up lists of releases: sets of discs, each written twice by people who do not spell alike."""

import random

from tests.enrichment.list_world import WORDS


def rows(sets: int, seed: int = 5) -> list[dict[str, str | None]]:
    """Rows of `sets` releases of one or two discs; ``cluster`` is the disc."""
    drawn = random.Random(seed)  # noqa: S311 - a made-up world
    made: list[dict[str, str | None]] = []
    for k in range(sets):
        artist = " ".join(drawn.sample(WORDS, 2)).title() if k % 4 else "Various"
        title = " ".join(drawn.sample(WORDS, 2)).title()
        discs = 2 if k % 3 == 0 else 1
        for disc in range(1, discs + 1):
            tracks = [" ".join(drawn.sample(WORDS, drawn.randint(1, 4))) for _ in range(10)]
            for copy in (0, 1):
                named = f"{title} (Disc {disc})" if copy else f"{title} CD{disc}"
                spelt = [t[:-1] if copy and drawn.random() < 0.2 else t for t in tracks]
                made.append(
                    {
                        "cluster": str(len({row["cluster"] for row in made}) - (1 if copy else 0)),
                        "title": named if discs > 1 else title,
                        "artist": artist if not copy or drawn.random() < 0.7 else None,
                        "year": str(1990 + k % 20) if drawn.random() < 0.6 else None,
                        "genre": drawn.choice(["House", "Techno"]),
                        "tracks": "|".join(spelt[: drawn.randint(8, 10)]),
                    }
                )
    return made
