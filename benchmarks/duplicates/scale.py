"""How time and memory grow: ``python -m duplicates.scale`` in the folder ``benchmarks``.

Short documents of French-like words, from 10,000 to a million, each size in a process of its own. What
a document reuses does not depend on how many there are, and neither does the vocabulary: the more
documents, the more often two of them hold the same two words by chance.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from duplicates import fresh, plot
from duplicates.fresh import peak_gb
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import find_reuse
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.job import Reuse, reuse, survey, units
from rseaudit.duplicates.library import Library
from rseaudit.model import Document, Source
from rseaudit.people import Directory

SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}
SIZES = (10_000, 31_623, 100_000, 316_228, 1_000_000)
# Up to this size the median of three runs counts: short ones depend much on what else the machine does.
_REPEATED = 100_000
SEED = 20_261_125
_START = datetime(2020, 1, 1, tzinfo=UTC)
# Small words make half of French, and what most of the others are is rare: with this offset the most
# frequent content word is 0.3 % of all words.
_SMALL = (
    "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont ou avec son".split()
)
_SMALL_SHARE = 0.45
_VOCABULARY, _OFFSET = 30_000, 25
_SENTENCES, _SENTENCE_WORDS = (4, 8), (8, 20)
# One document in ten takes two sentences of an earlier one.
_COPIES_EVERY, _COPIED = 10, 2
_CHUNK = 50_000
_SYLLABLES = [
    a + b for a in "b c d f g l m n p r s t v ch pr tr".split() for b in "a e i o u an on eur ai é oi".split()
]


def texts(count: int) -> Iterator[str]:
    """Yield the same texts for the same count, those of a smaller count first."""
    rng = np.random.default_rng(SEED)
    small = np.cumsum(1 / (np.arange(len(_SMALL)) + 2.7))
    content = np.cumsum(1 / (np.arange(_VOCABULARY) + 1 + _OFFSET))
    known = np.array([*_SMALL, *_words(rng)], dtype=object)
    earlier: list[list[str]] = []
    for first in range(0, count, _CHUNK):
        sentences = rng.integers(*_SENTENCES, _CHUNK, endpoint=True)
        sizes = rng.integers(*_SENTENCE_WORDS, sentences.sum(), endpoint=True)
        total = int(sizes.sum())
        numbers = len(_SMALL) + np.searchsorted(content, rng.random(total) * content[-1])
        is_small = rng.random(total) < _SMALL_SHARE
        numbers[is_small] = np.searchsorted(small, rng.random(int(is_small.sum())) * small[-1])
        lent = rng.random(_CHUNK)
        forms = known[numbers].tolist()
        ends, place, sentence = np.cumsum(sizes).tolist(), 0, 0
        for number in range(min(_CHUNK, count - first)):
            own = []
            for end in ends[sentence : sentence + int(sentences[number])]:
                own.append(" ".join(forms[place:end]).capitalize() + ".")
                place = end
            sentence += int(sentences[number])
            if (first + number) % _COPIES_EVERY == _COPIES_EVERY - 1:
                own[1:1] = earlier[int(lent[number] * len(earlier))][:_COPIED]
            earlier.append(own[:_COPIED])
            yield " ".join(own)


def _words(rng: np.random.Generator) -> Iterator[str]:
    known: set[str] = set(_SMALL)
    while len(known) < len(_SMALL) + _VOCABULARY:
        word = "".join(_SYLLABLES[n] for n in rng.integers(0, len(_SYLLABLES), rng.integers(2, 4, endpoint=True)))
        if word not in known:
            known.add(word)
            yield word


def documents(count: int) -> list[Document]:
    """Return documents in order of date, half of them audited, half references."""
    return [
        Document(
            source="rse" if number % 2 else "intranet",
            id=f"{number:07}",
            text=text,
            dates={"api-date": _START + timedelta(minutes=number)},
            spaces=(f"Espace {number % 100}",),
        )
        for number, text in enumerate(texts(count))
    ]


def compared(given: list[Document], engine: Engine = LOCAL) -> Reuse:
    """Compare documents as the job does."""
    return find_reuse(
        given, sources=SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings(), engine=engine
    )


def one(count: int) -> dict[str, float]:
    """Compare so many documents, and return CPU seconds, peak memory and what was found."""
    settings = DuplicatesSettings()
    compared(documents(200))  # whatever has to be compiled or loaded
    given = documents(count)
    before = peak_gb()
    gc.disable()  # as the job does
    begun = time.process_time()
    library = Library(given)
    found = survey(texts_of(given, SOURCES), library, settings=settings)
    surveyed = time.process_time()
    made = reuse(found, units(found, library, Directory(()), lambda _: {}), library, settings)
    ended = time.process_time()
    return {
        "documents": count,
        "words": len(found.texts.cut.keys),
        "matches": len(made.matches),
        "survey": surveyed - begun,
        "conclude": ended - surveyed,
        "cpu": ended - begun,
        "documents_gb": before,
        "peak_gb": peak_gb(),
    }


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the exponent of the power law that fits best: least squares over the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--one", type=int, help="measure this size only, here")
    parser.add_argument("--plot", type=Path, help="draw the figures into this SVG file")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(one(args.one)))
        return
    rows = []
    for size in args.sizes:
        runs = [fresh.measured("duplicates.scale", ["--one", size]) for _ in range(3 if size <= _REPEATED else 1)]
        rows.append(sorted(runs, key=lambda run: run["cpu"])[len(runs) // 2])
        print(json.dumps(rows[-1]), flush=True)
    exponent = slope([row["documents"] for row in rows], [row["cpu"] for row in rows])
    print("| documents | words | matches | CPU s | µs a document | peak GB | of these, documents |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        each = 1e6 * row["cpu"] / row["documents"]
        counts = " | ".join(f"{row[name]:,}" for name in ("documents", "words", "matches"))
        print(f"| {counts} | {row['cpu']:.1f} | {each:.0f} | {row['peak_gb']:.2f} | {row['documents_gb']:.2f} |")
    print(f"log-log slope of CPU seconds: {exponent:.3f}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), "utf-8")
    if args.plot:
        args.plot.write_text(plot.svg(rows, exponent), "utf-8")


if __name__ == "__main__":
    main()
