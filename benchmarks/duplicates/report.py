"""Run methods on seeds, pool the posts, and write the figures as Markdown tables."""

from __future__ import annotations

import resource
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from duplicates import corpus, floor, ours, peers, planting, scoring
from duplicates.memory import alone
from duplicates.scoring import Found, Measured

PACKAGES = ("numpy", "numba", "rapidfuzz", "scikit-learn", "sparse_dot_topn", "rensa", "datasketch")


def memory(size: int, seed: int, *, cache: Path) -> dict[str, float]:
    """Return what a process needs that compares the references and 2,000 posts of a seed, and does nothing else."""
    pages = list(corpus.pages(cache=cache / "corpus"))
    return alone(planting.make(pages, seed, size, filling=_filling(size, cache)))


def _filling(size: int, cache: Path) -> list[corpus.Page]:
    return list(corpus.pages(corpus.ENGLISH, cache=cache / "corpus")) if size > 10_000 else []


def run(size: int, seeds: Sequence[int], *, peers: str, times: bool, cache: Path) -> dict[str, object]:
    """Return the figures of all methods over the pooled posts of the seeds."""
    pages = list(corpus.pages(cache=cache / "corpus"))
    filling = _filling(size, cache)
    measured: defaultdict[str, list[Measured]] = defaultdict(list)
    references = Counter[str]()
    for seed in seeds:
        benchmark = planting.make(pages, seed, size, filling=filling)
        references.update(size=len(benchmark.references))
        truth = scoring.truths(benchmark)
        for found in _methods(benchmark, peers):
            measured[found.name].append(scoring.measure(benchmark, truth, found))
            print(f"seed {seed}: {found.name}: {dict(found.seconds)}", flush=True)
    figures: dict[str, object] = {
        "references": references["size"] // len(seeds),
        "seeds": list(seeds),
        "versions": {name: version(name) for name in PACKAGES},
        "methods": {name: _figures(_pooled(parts)) for name, parts in measured.items()},
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }
    if "TF-IDF, 50-word windows" in measured:
        mine, theirs = (_pooled(measured[name]) for name in ("rseaudit", "TF-IDF, 50-word windows"))
        planted = ~mine.negative
        figures["paired"] = scoring.interval(mine.calibrated[planted] - theirs.calibrated[planted])
    if times:
        figures["seconds"] = _times(planting.make(pages, seeds[0], size, filling=filling), peers)
    return figures


def _methods(benchmark: planting.Benchmark, which: str) -> Iterator[Found]:
    shipped = ours.run(benchmark)
    yield ours.calibrated(benchmark, shipped)
    if which == "none":
        return
    words = peers.given(benchmark)
    yield from [peers.tfidf(words)] if which == "tfidf" else peers.all_peers(words)


def _pooled(parts: Sequence[Measured]) -> Measured:
    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])

    cells = [cell for part in parts for cell in part.cells]
    return Measured(cells, *(joined(name) for name in Measured.__dataclass_fields__ if name != "cells"))


def _figures(of: Measured) -> dict[str, object]:
    planted = ~of.negative
    kinds = np.array([kind for kind, _ in of.cells])
    rates = np.array([rate for _, rate in of.cells])
    hard = (kinds == "two") & (rates == 0.4)

    def known(values: np.ndarray, where: np.ndarray) -> tuple[float, ...]:
        chosen = values[where]
        return scoring.interval(chosen[~np.isnan(chosen)])

    return {
        "found": scoring.interval(of.found[planted]),
        "flagged": scoring.interval(of.found[of.negative]),
        "flagged_plain": float(of.found[kinds == "plain"].mean()),
        "flagged_template": float(of.found[kinds == "template"].mean()),
        "hard": scoring.interval(of.found[hard]),
        "calibrated": scoring.interval(of.calibrated[planted]),
        "calibrated_hard": scoring.interval(of.calibrated[hard]),
        "recall": known(of.recall, planted),
        "precision": known(of.precision, planted),
        "shuffled": known(of.recall, kinds == "shuffled"),
        "containment": known(of.containment_error, planted),
        "cells": {
            f"{kind} {rate:.0%}": (
                int(((kinds == kind) & (rates == rate)).sum()),
                float(of.found[(kinds == kind) & (rates == rate)].mean()),
                float(of.calibrated[(kinds == kind) & (rates == rate)].mean()),
            )
            for kind in planting.KINDS
            for rate in planting.RATES
        },
    }


def _times(benchmark: planting.Benchmark, which: str) -> dict[str, float]:
    """Return medians of three, CPU seconds: our build and whole run, those of the peers, and the floor."""
    small = planting.Benchmark(benchmark.seed, benchmark.references, benchmark.posts[:2_000])
    found: defaultdict[str, list[float]] = defaultdict(list)
    words = peers.given(small) if which != "none" else None
    for _ in range(3):
        found["floor"].append(floor.seconds(benchmark.references))
        found["rseaudit build"].append(ours.build(benchmark.references))
        found["rseaudit total"].append(ours.run(small).seconds["total"])
        found["rseaudit total, references only"].append(ours.against_references(small))
        if words:
            for peer in [peers.tfidf(words)] if which == "tfidf" else peers.all_peers(words):
                for step, value in peer.seconds.items():
                    found[f"{peer.name} {step}"].append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        middle, low, high = value
        return "–" if middle != middle else f"{middle:.3f} ({low:.3f}–{high:.3f})"
    return f"{value:.3f}"


def markdown(figures: dict[str, object]) -> str:
    """Return the figures as tables; in brackets 95 % bootstrap intervals over posts."""
    methods: dict[str, dict[str, object]] = figures["methods"]
    lines = [f"{figures['references']:,} references, seeds {figures['seeds']}, {figures['versions']}", ""]
    lines += ["| method | found | flagged | two sentences, 40 % | at exactly 1 %: found | two sentences, 40 % |"]
    lines += ["|---|---|---|---|---|---|"]
    for name, own in methods.items():
        shipped = [_shown(own[key]) if name == "rseaudit" else "–" for key in ("found", "flagged", "hard")]
        lines += [
            f"| {name} | {' | '.join(shipped)} | {_shown(own['calibrated'])} | {_shown(own['calibrated_hard'])} |"
        ]
    own = methods["rseaudit"]
    lines += ["", f"flagged plain {own['flagged_plain']:.3f}, template {own['flagged_template']:.3f}"]
    lines += [f"{key}: {_shown(own[key])}" for key in ("recall", "precision", "shuffled", "containment")]
    if "paired" in figures:
        lines += [f"found at 1 % minus windowed TF-IDF, paired: {_shown(figures['paired'])}"]
    lines += ["", "| cell | posts | " + " | ".join(methods) + " |", "|---|---|" + "---|" * len(methods)]
    for cell in own["cells"]:
        values = [f"{each['cells'][cell][2]:.3f}" for each in methods.values()]
        lines += [f"| {cell} | {own['cells'][cell][0]} | {' | '.join(values)} |"]
    lines += ["", f"peak memory of the whole process: {figures['peak_gb']} GB"]
    if "seconds" in figures:
        lines += ["", "| step | CPU seconds |", "|---|---|"]
        lines += [f"| {name} | {value:.2f} |" for name, value in figures["seconds"].items()]
    return "\n".join(lines)
