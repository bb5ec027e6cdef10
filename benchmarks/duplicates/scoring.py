"""Score what a method found: recall at its threshold and at exactly 1 %, passages, containment, intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from duplicates.planting import Benchmark, Post
from rseaudit.text import words

ROUNDS = 2_000
# A reference is a copy of the planted passage when it holds so many percent of its runs of eight words.
COPY_PERCENT = 80
_RUN = 8

Scores = list[dict[int, float]]
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """What one method says of one benchmark: for each post, the score of each reference it matches.

    ``passages`` are ranges of the post's words, for methods that give them. ``threshold`` is the
    shipped one, ``None`` for a method that has none of its own.
    """

    name: str
    scores: Scores
    threshold: float | None = None
    passages: Sequence[Mapping[int, Spans]] | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


def truths(benchmark: Benchmark) -> list[frozenset[int]]:
    """Return for each post the references that count as its source; none for a negative."""
    holders: defaultdict[int, set[int]] = defaultdict(set)
    wanted = {run for post in benchmark.posts for run in _runs(post.copied)}
    for number, text in enumerate(benchmark.references):
        for run in _runs(words(text).forms) & wanted:
            holders[run].add(number)
    found = []
    for post in benchmark.posts:
        runs = _runs(post.copied)
        counts: defaultdict[int, int] = defaultdict(int)
        for run in runs:
            for number in holders[run]:
                counts[number] += 1
        copies = {number for number, count in counts.items() if 100 * count >= COPY_PERCENT * len(runs)}
        found.append(frozenset() if post.source is None else frozenset(copies | {post.source}))
    return found


def _runs(forms: Sequence[str]) -> set[int]:
    return {hash(tuple(forms[place : place + _RUN])) for place in range(len(forms) - _RUN + 1)}


def best_scores(scores: Scores, posts: Sequence[Post], truth: Sequence[frozenset[int]]) -> NDArray[np.float64]:
    """Return for a planted post the best score of its sources, for a negative that of any reference."""
    out = np.zeros(len(posts))
    for number, post in enumerate(posts):
        own = scores[number]
        out[number] = max((own[r] for r in own if post.source is None or r in truth[number]), default=0.0)
    return out


def threshold_at(best: NDArray[np.float64], negative: NDArray[np.bool_], share: float = 0.01) -> float:
    """Return the least score above which at most ``share`` of the negatives lie."""
    ordered = np.sort(best[negative])[::-1]
    return float(ordered[int(share * len(ordered))])


def interval(values: NDArray[np.float64], statistic: Callable[..., NDArray[np.float64]] = np.mean) -> tuple[float, ...]:
    """Return a statistic with its 95 % percentile bootstrap interval over posts."""
    rng = np.random.default_rng(0)
    if not len(values):
        return (float("nan"),) * 3
    draws = np.concatenate(
        [statistic(values[rng.integers(0, len(values), (100, len(values)))], axis=1) for _ in range(ROUNDS // 100)]
    )
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(statistic(values)), float(low), float(high)


@dataclass(frozen=True)
class Measured:
    """Per post, so that seeds can be pooled: ``found`` and ``calibrated`` are 0 or 1 (flagged, for a negative)."""

    cells: list[tuple[str, float]]
    negative: NDArray[np.bool_]
    found: NDArray[np.float64]
    calibrated: NDArray[np.float64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    containment_error: NDArray[np.float64]


def measure(benchmark: Benchmark, truth: Sequence[frozenset[int]], found: Found) -> Measured:
    """Compare with the truth. Passage figures are NaN where they do not apply.

    Recall: planted words of the post, edited ones included, in passages with its source; over posts
    found. Precision: words of all passages, with whatever reference, that are planted; over posts
    with passages. Containment: passages with the source over the words of the post, against the
    planted share; a post that was not found counts as 0.
    """
    best = best_scores(found.scores, benchmark.posts, truth)
    negative = np.array([post.source is None for post in benchmark.posts])
    at_one = best > threshold_at(best, negative)
    at_own = best >= found.threshold if found.threshold is not None else at_one
    spans = np.full((3, len(best)), np.nan)
    for number, post in enumerate(benchmark.posts):
        if post.source is None or found.passages is None:
            continue
        spans[:, number] = _passages(post, truth[number], found.passages[number], found.scores[number], found.threshold)
    return Measured(
        [(post.kind, post.rate) for post in benchmark.posts],
        negative,
        at_own.astype(np.float64),
        at_one.astype(np.float64),
        *spans,
    )


def _passages(
    post: Post, sources: frozenset[int], passages: Mapping[int, Spans], scores: Mapping[int, float], least: float | None
) -> tuple[float, float, float]:
    cut = words(post.text)
    planted = np.zeros(len(cut), dtype=np.bool_)
    planted[[post.start <= s and e <= post.end for s, e in zip(cut.starts, cut.ends, strict=True)]] = True
    every, own = np.zeros(len(cut), dtype=np.bool_), np.zeros(len(cut), dtype=np.bool_)
    detected = False
    for reference, spans in passages.items():
        if scores[reference] < (least or 0):
            continue
        for start, end in spans:
            every[start:end] = True
            if reference in sources:
                own[start:end] = detected = True
    recall = (own & planted).sum() / planted.sum() if detected else np.nan
    precision = (every & planted).sum() / every.sum() if every.any() else np.nan
    return float(recall), float(precision), float(abs(own.mean() - planted.mean()))
