"""What others use, on the same words and after the same boilerplate step, each in one thread.

Every peer gets the normalised words of references and posts without those that our own boilerplate
step calls common; the time of that step is not counted for them. Queries are posts, the index holds
references, as ours does; ours also compares posts with each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from duplicates.ours import SOURCES, documents, limits, nothing
from duplicates.planting import Benchmark
from duplicates.scoring import Found, Scores
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import boilerplate, collection, index, stock
from rseaudit.duplicates.library import Library
from rseaudit.text import words

WINDOW, STRIDE = 50, 25
PERMUTATIONS = 128
TOP = 25

Forms = Sequence[str]


@dataclass(frozen=True)
class Given:
    """The words that peers are given: of each reference and of each post."""

    references: list[Forms]
    posts: list[Forms]


def given(benchmark: Benchmark) -> Given:
    """Return normalised words without common text and stock phrases."""
    known = documents(benchmark)
    texts, library = collection.texts_of(known, SOURCES), Library(known)
    common = boilerplate.find(texts, index.of_runs(texts.cut), limits(DuplicatesSettings()), nothing(texts))
    references: list[Forms] = [()] * len(benchmark.references)
    posts: list[Forms] = [()] * len(benchmark.posts)
    for number in texts.sequence.tolist():
        forms = words(library[texts.first(number)].text).forms
        kept = ~(common.repeated[texts.cut.of(number)] | stock.flags(forms))
        left = [form for form, keep in zip(forms, kept.tolist(), strict=True) if keep]
        for member in texts.members(number):
            (references if member.source == "intranet" else posts)[int(member.id[1:])] = left
    return Given(references, posts)


def windows(texts: Sequence[Forms]) -> tuple[list[Forms], list[int]]:
    """Return windows of 50 words, one each 25, and the text of each."""
    out: list[Forms] = []
    owners: list[int] = []
    for number, forms in enumerate(texts):
        for start in range(0, max(1, len(forms) - STRIDE), STRIDE):
            if piece := forms[start : start + WINDOW]:
                out.append(piece)
                owners.append(number)
    return out, owners


def tfidf(words: Given) -> Found:
    """TF-IDF of words and pairs of words over windows: scikit-learn and sparse_dot_topn."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    start = time.process_time()
    vectorizer = TfidfVectorizer(
        analyzer=lambda forms: [*forms, *map(" ".join, pairwise(forms))],
        sublinear_tf=True,
        dtype=np.float32,
    )
    held, owners = windows(words.references)
    matrix = vectorizer.fit_transform(held).T.tocsr()
    built = time.process_time()
    asked, askers = windows(words.posts)
    product = sp_matmul_topn(vectorizer.transform(asked), matrix, top_n=TOP, threshold=0.05, n_threads=1).tocoo()
    scores: Scores = [{} for _ in words.posts]
    for row, column, value in zip(product.row.tolist(), product.col.tolist(), product.data.tolist(), strict=True):
        own = scores[askers[row]]
        own[owners[column]] = max(value, own.get(owners[column], 0.0))
    end = time.process_time()
    return Found("TF-IDF, 50-word windows", scores, seconds={"build": built - start, "total": end - start})


def _shingled(forms: Forms, length: int) -> list[str]:
    return [" ".join(forms[n : n + length]) for n in range(max(1, len(forms) - length + 1))]


def rensa(words: Given, *, windowed: bool) -> Found:
    from rensa import RMinHash, RMinHashLSH

    bands = 64

    def signature(forms: Forms) -> RMinHash:
        made = RMinHash(num_perm=PERMUTATIONS, seed=42)
        made.update(_shingled(forms, 2 if windowed else 3))
        return made

    def build(signatures: Sequence[RMinHash]) -> Callable[[RMinHash], Iterator[tuple[int, float]]]:
        lsh = RMinHashLSH(threshold=0.1, num_perm=PERMUTATIONS, num_bands=bands)
        for number, made in enumerate(signatures):
            lsh.insert(number, made)
        return lambda made: ((number, made.jaccard(signatures[number])) for number in set(lsh.query(made)))

    return _minhash("rensa", words, windowed, signature, build)


def datasketch(words: Given, *, windowed: bool) -> Found:
    from datasketch import MinHash, MinHashLSH

    def signature(forms: Forms) -> MinHash:
        made = MinHash(num_perm=PERMUTATIONS, seed=42)
        made.update_batch([shingle.encode() for shingle in _shingled(forms, 2 if windowed else 3)])
        return made

    def build(signatures: Sequence[MinHash]) -> Callable[[MinHash], Iterator[tuple[int, float]]]:
        lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(64, 2))
        for number, made in enumerate(signatures):
            lsh.insert(number, made)
        return lambda made: ((number, made.jaccard(signatures[number])) for number in lsh.query(made))

    return _minhash("datasketch", words, windowed, signature, build)


def _minhash(name, words, windowed, signature, build) -> Found:
    start = time.process_time()
    held, owners = windows(words.references) if windowed else (words.references, range(len(words.references)))
    query = build([signature(forms) for forms in held])
    built = time.process_time()
    asked, askers = windows(words.posts) if windowed else (words.posts, range(len(words.posts)))
    scores: Scores = [{} for _ in words.posts]
    for number, forms in enumerate(asked):
        own = scores[askers[number]]
        for place, value in query(signature(forms)):
            own[owners[place]] = max(value, own.get(owners[place], 0.0))
    end = time.process_time()
    shape = "50-word windows" if windowed else "whole documents"
    return Found(f"{name}, {shape}", scores, seconds={"build": built - start, "total": end - start})


def all_peers(words: Given) -> Iterator[Found]:
    yield tfidf(words)
    for windowed in (True, False):
        yield rensa(words, windowed=windowed)
        yield datasketch(words, windowed=windowed)
