"""The method of this program, asked the way its job asks it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from duplicates.planting import Benchmark
from duplicates.scoring import Found
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import boilerplate, collection, index, passages
from rseaudit.duplicates.boilerplate import Limits
from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.columns import Flags
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.library import Library
from rseaudit.model import Document, Source

# Low enough that more than 1 % of negatives are flagged.
WIDEST = 12
SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}


def documents(benchmark: Benchmark) -> list[Document]:
    """Return references and posts; a reference is a page of its own, as on a web site."""
    references = [Document(source="intranet", id=f"r{n:06}", text=text) for n, text in enumerate(benchmark.references)]
    return references + [Document(source="rse", id=f"p{n:06}", text=p.text) for n, p in enumerate(benchmark.posts)]


def run(benchmark: Benchmark, *, least: int | None = None) -> Found:
    """Find reuse with the shipped settings; pairs down to the score ``least`` are kept for calibration."""
    settings = DuplicatesSettings()
    given = documents(benchmark)
    start = time.process_time()
    texts = collection.texts_of(given, SOURCES)
    cut = time.process_time()
    shipped = passages.score_for(settings.min_score, len(texts))
    runs, pairs_of_words = index.of_runs(texts.cut), index.of_pairs(texts.cut)
    common = boilerplate.find(texts, runs, limits(settings), nothing(texts))
    thresholds = passages.Thresholds(settings.min_words, shipped if least is None else least)
    asked = passages.collection_of(texts, runs, pairs_of_words, common.repeated)
    pairs = passages.compare(texts, Library(given), asked, thresholds).pairs
    end = time.process_time()
    scores: list[dict[int, float]] = [{} for _ in benchmark.posts]
    spans: list[dict[int, list[tuple[int, int]]]] = [{} for _ in benchmark.posts]
    for text in texts.sequence.tolist():
        for post in texts.audited_members(text):
            for reference in texts.references(text):
                scores[int(post.id[1:])][int(reference.id[1:])] = 1e9
                spans[int(post.id[1:])][int(reference.id[1:])] = [(0, texts.size(text))]
    for pair in pairs:
        left, right = pair.left, pair.right
        for mine, theirs, runs in ((left, right, pair.runs), (right, left, [r.turned() for r in pair.runs])):
            for post in texts.audited_members(mine):
                for reference in texts.references(theirs):
                    number, other = int(post.id[1:]), int(reference.id[1:])
                    scores[number][other] = passages.strength(pair.runs, settings.min_words)
                    spans[number][other] = [(r.left_start, r.left_end) for r in runs]
    return Found(
        "rseaudit", scores, float(shipped), spans, {"cut": cut - start, "find": end - cut, "total": end - start}
    )


def calibrated(benchmark: Benchmark, shipped: Found) -> Found:
    """Add the scores of pairs below the shipped threshold, so that one for exactly 1 % can be chosen.

    What the shipped threshold finds, and its passages, stay as they are.
    """
    wider = run(benchmark, least=WIDEST)
    scores = [{**below, **own} for below, own in zip(wider.scores, shipped.scores, strict=True)]
    return replace(shipped, scores=scores)


def build(references: Sequence[str]) -> float:
    """Return the CPU seconds from texts to a saved index."""
    start = time.process_time()
    known = cut(references)
    runs, pairs = index.of_runs(known), index.of_pairs(known)
    with TemporaryDirectory() as folder:
        for name, array in (("runs", runs.postings), ("pairs", pairs.postings), ("bounds", known.bounds)):
            np.save(Path(folder) / name, array)
    return time.process_time() - start


def against_references(benchmark: Benchmark) -> float:
    """Return the CPU seconds of what peers do: posts against an index of references, not against each other."""
    settings = DuplicatesSettings()
    given = documents(benchmark)
    start = time.process_time()
    texts = collection.texts_of(given, SOURCES)
    common = boilerplate.find(texts, index.of_runs(texts.cut), limits(settings), nothing(texts))
    held = texts.cut.picked(range(int(texts.referenced.sum())))
    thresholds = passages.Thresholds(settings.min_words, passages.score_for(settings.min_score, len(texts)))
    asked = passages.collection_of(texts, index.of_runs(held), index.of_pairs(held), common.repeated)
    passages.compare(texts, Library(given), asked, thresholds)
    return time.process_time() - start


def limits(settings: DuplicatesSettings) -> Limits:
    return Limits(settings.boilerplate_documents, settings.boilerplate_share)


def nothing(texts: Texts) -> Flags:
    """Flag no word as declared common text."""
    return np.zeros(len(texts.cut.keys), dtype=np.bool_)
