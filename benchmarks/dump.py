"""A generated Discogs dump into bronze, killed on the way and resumed, beside a bare loop over it.

``make bench-dump`` or ``python -m benchmarks.dump --releases 1000000 --tracks 3``. Reports the time of an
lxml `iterparse` loop that does nothing, the time from the dump to Parquet, both on this machine in this run,
the peak memory, and whether a reading that was killed in its middle ends with every release exactly once.
"""

import argparse
import datetime as dt
import gzip
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WORDS = (
    "amber", "basin", "cipher", "delta", "ember", "fathom", "glacier", "harbour", "isobar", "juniper",
    "kelvin", "lattice", "meridian", "nocturne", "orbit", "paragon", "quartz", "résonance", "solstice",
    "tundra",
)  # fmt: skip
STYLES = ("Techno", "House", "Deep House", "Trance", "Breakbeat", "Drum n Bass", "Ambient", "Electro")


def release(number: int, dice: random.Random, tracks: int) -> str:
    """One release as Discogs writes it, all names invented."""

    def name() -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(1, 3))).title()

    def artist(role: str = "") -> str:
        return (
            f"<artist><id>{dice.randrange(1, 500_000)}</id><name>{name()} ({dice.randint(1, 9)})</name><anv/>"
            f"<join/><role>{role}</role><tracks/></artist>"
        )

    listed = "".join(
        f"<track><position>{'AB'[at % 2]}{at // 2 + 1}</position><title>{name()} ({name()} Remix)</title>"
        f"<duration>{dice.randint(3, 9)}:{dice.randint(10, 59)}</duration>"
        f"<extraartists>{artist('Remix')}{artist('Written-By, Producer')}</extraartists></track>"
        for at in range(tracks)
    )
    videos = "".join(
        f'<video src="https://video.invalid/{dice.getrandbits(60):x}" duration="{dice.randint(180, 540)}" '
        f'embed="true"><title>{name()} - {name()}</title>'
        f"<description>{name()} &amp; {name()}</description></video>"
        for _ in range(tracks // 2)
    )
    return (
        f'<release id="{number}" status="Accepted"><images><image type="primary" uri="" uri150="" '
        f'width="600" height="600"/></images><artists>{artist()}</artists><title>{name()}</title><labels>'
        f'<label name="{name()}" catno="CAT{dice.randrange(10_000):04}" id="{dice.randrange(1, 90_000)}"/>'
        "</labels>"
        f'<formats><format name="Vinyl" qty="1" text=""><descriptions><description>12"</description>'
        f"<description>33 &#8531; RPM</description></descriptions></format></formats>"
        f"<genres><genre>Electronic</genre></genres><styles><style>{dice.choice(STYLES)}</style></styles>"
        f"<country>Sweden</country><released>{dice.randint(1988, 2026)}-{dice.randint(1, 12):02}-00"
        f"</released><notes>{name()}&#13;\n{name()}</notes>"
        f"<data_quality>Correct</data_quality><tracklist>{listed}</tracklist><identifiers><identifier "
        f'type="Matrix / Runout" value="{dice.getrandbits(48):X}"/></identifiers><videos>{videos}</videos>'
        "<companies/></release>\n"
    )


def make(path: Path, releases: int, tracks: int) -> int:
    """Write a dump; returns its size as XML, in bytes. Releases repeat after 20,000 but for their numbers."""
    dice = random.Random(6)  # noqa: S311 - a benchmark wants the same world again
    shapes = [release(0, dice, tracks).split('id="0"', 1) for _ in range(min(releases, 20_000))]
    size = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as dump:
        dump.write("<releases>\n")
        for number in range(1, releases + 1):
            head, tail = shapes[number % len(shapes)]
            size += dump.write(f'{head}id="{number}"{tail}')
        dump.write("</releases>\n")
    return size


def bare(path: Path) -> int:
    """The loop everybody writes: every release, and nothing done with it."""
    from lxml import etree

    count = 0
    with gzip.open(path) as dump:
        for _, element in etree.iterparse(dump, tag="release"):
            count += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return count


def ours(path: Path, root: Path) -> int:
    """The dump into bronze, as `cratelake ingest` does it."""
    from extractors.ingest import ingest
    from extractors.registry import kind

    report = ingest(kind("discogs_dump"), [path], root, ingest_date=dt.date(2026, 1, 1))
    (file,) = report.files
    if file.refused or file.rejected:
        raise SystemExit(f"refused: {file}")
    print(f"  read {file.answers:,}, new {file.new:,}, passed over {file.resumed:,}")
    return file.answers


def _worked() -> float:
    """Processor seconds of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _step(*arguments: str, kill_after: float | None = None) -> tuple[float, float]:
    """Run one step in a process of its own; seconds it took by the clock, and of the processors."""
    started, worked = time.monotonic(), _worked()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.dump", *arguments])
    if kill_after is not None:
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    elif process.wait() != 0:
        raise SystemExit(f"{arguments[0]} failed")
    return time.monotonic() - started, _worked() - worked


def _counted(root: Path) -> tuple[int, int]:
    """Answers in bronze, and different releases among them."""
    import duckdb

    from lake import bronze

    bronze.ensure_stream(root, "discogs", "releases_xml")
    found = duckdb.sql(
        "select count(*), count(distinct source_entity_id) from "
        + bronze.read_sql(root, "discogs", "releases_xml")
    ).fetchone()
    return found or (0, 0)


def _steps(arguments: argparse.Namespace, folder: Path) -> Iterator[str]:
    dump = folder / "discogs_20260101_releases.xml.gz"
    size = make(dump, arguments.releases, arguments.tracks)
    yield (
        f"{arguments.releases:,} releases of {arguments.tracks} tracks: {size / 1e6:,.0f} MB of XML, "
        f"{dump.stat().st_size / 1e6:,.0f} MB packed"
    )
    loop, loop_work = _step("bare", "--dump", str(dump))
    yield f"bare lxml iterparse {loop:7.1f} s  {size / 1e6 / loop:5.1f} MB/s   processor {loop_work:6.1f} s"
    whole, work = _step("ours", "--dump", str(dump), "--root", str(folder / "whole"))
    yield (
        f"dump to Parquet     {whole:7.1f} s  {size / 1e6 / whole:5.1f} MB/s   processor {work:6.1f} s   "
        f"{whole / loop:.2f} x the bare loop by the clock, {work / loop_work:.2f} x by processor time"
    )
    killed, _ = _step("ours", "--dump", str(dump), "--root", str(folder / "killed"), kill_after=whole / 2)
    rows, _ = _counted(folder / "killed")
    yield f"killed after        {killed:7.1f} s  with {rows:,} releases in bronze"
    resumed, _ = _step("ours", "--dump", str(dump), "--root", str(folder / "killed"))
    rows, different = _counted(folder / "killed")
    yield f"resumed             {resumed:7.1f} s  {rows:,} answers, {different:,} releases"
    if not rows == different == arguments.releases:
        raise SystemExit("a release is missing or in bronze twice")


def main() -> None:
    """Make the dump, run the steps, print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", nargs="?", default="all", choices=("all", "bare", "ours"))
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--tracks", type=int, default=8)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--root", type=Path)
    arguments = parser.parse_args()
    if arguments.step == "all":
        with tempfile.TemporaryDirectory(prefix="cratelake-dump-") as folder:
            for line in _steps(arguments, Path(folder)):
                print(line, flush=True)
        return
    count = bare(arguments.dump) if arguments.step == "bare" else ours(arguments.dump, arguments.root)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {arguments.step}: {count:,} releases, peak memory {peak:,.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
