"""A made-up list: the same recordings as five sources with habits of their own would write them."""

import random

WORDS = [
    "amber",
    "basalt",
    "cinder",
    "delta",
    "ember",
    "fjord",
    "garnet",
    "harbor",
    "indigo",
    "jasper",
    "kelp",
    "lumen",
    "marble",
    "nectar",
    "onyx",
    "pebble",
    "quartz",
    "raven",
    "saffron",
    "timber",
    "umber",
    "velvet",
    "willow",
    "xenon",
    "yonder",
    "zephyr",
    "atlas",
    "breeze",
    "copper",
    "dusk",
]


def recordings(count: int, seed: int = 5) -> list[dict[str, str]]:
    """Title, artist, album, seconds, year and number of distinct recordings."""
    drawn = random.Random(seed)  # noqa: S311 - a made-up world
    made, seen = [], set()
    while len(made) < count:
        title = " ".join(drawn.sample(WORDS, 3)).title()
        if title in seen:
            continue
        seen.add(title)
        made.append(
            {
                "title": title,
                "artist": " ".join(drawn.sample(WORDS, 2)).title(),
                "album": "The " + " ".join(drawn.sample(WORDS, 3)).title(),
                "seconds": str(drawn.randint(120, 480)),
                "year": str(drawn.randint(1985, 2015)),
                "number": str(drawn.randint(1, 15)),
            }
        )
    return made


def written(one: dict[str, str], source: str) -> dict[str, str | None]:
    """A recording as a source writes it."""
    title, artist, album, year = one["title"], one["artist"], one["album"], one["year"]
    seconds = int(one["seconds"])
    minutes, rest = divmod(seconds, 60)
    row: dict[str, str | None] = {
        "source": source,
        "title": title,
        "artist": artist,
        "album": album,
        "year": year,
    }
    if source == "brackets":
        row |= {"title": f"{title} ({album})", "length": f"{minutes}:{rest:02}"}
    elif source == "dash":
        row |= {"title": f"{artist} - {title}", "artist": None, "length": str(seconds), "year": year[2:]}
    elif source == "album-dash":
        row |= {
            "title": f"{title} - {album}",
            "album": "null",
            "length": f"{seconds / 60:.3f}",
            "year": f"'{year[2:]}",
        }
    elif source == "numbered":
        row |= {"title": f"0{int(one['number']):02}-{title}", "album": f"{album} ({year})", "year": "unk."}
        row["length"] = f"{minutes}m {rest}sec"
    else:
        row["length"] = str(seconds * 1000)
    return row


SOURCES = ("brackets", "dash", "album-dash", "numbered", "clean")


def rows(count: int = 60, seed: int = 5) -> list[dict[str, str | None]]:
    """Rows of all recordings, each in some of the sources, with the true cluster."""
    drawn = random.Random(seed)  # noqa: S311 - a made-up world
    made = []
    for k, one in enumerate(recordings(count, seed)):
        for source in drawn.sample(SOURCES, drawn.choice((1, 2, 3, 5))):
            made.append({"record_id": f"r{len(made)}", "cluster": str(k), **written(one, source)})
    return made
