"""What the method finds among 1,000 references of real prose may not get worse: pinned, may only be raised.

The whole benchmark, with more packages, posts, sizes and peers, is ``benchmarks/duplicates``.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.components import missing

PACKAGES = ("debian-reference-fr", "aptitude-doc-fr", "manpages-fr", "maint-guide-fr", "scilab-doc-fr")
SEED = 404


@pytest.fixture(scope="module")
def benchmark_modules() -> Iterator[dict[str, ModuleType]]:
    folder = str(Path(__file__).parent.parent / "benchmarks")
    sys.path.insert(0, folder)
    yield {name: importlib.import_module(f"duplicates.{name}") for name in ("corpus", "planting", "ours", "scoring")}
    sys.path.remove(folder)


@pytest.mark.slow
def test_planted_passages_are_found_and_negatives_left_alone(benchmark_modules: dict[str, ModuleType]):
    corpus, planting, ours, scoring = benchmark_modules.values()
    if shutil.which("dpkg-query") is None:
        missing("a Debian system", "the texts are those of Debian packages")
    # Other packages put French man pages into the same folder; the figures are those of this one.
    listed = subprocess.run(["dpkg-query", "-L", "manpages-fr"], capture_output=True, text=True, check=False).stdout
    owned = set(listed.splitlines())
    wanted = [package for package in corpus.FRENCH if package.name in PACKAGES]
    pages = [page for page in corpus.pages(wanted) if not page.path.startswith("/usr/share/man/") or page.path in owned]
    for name in PACKAGES:
        if not any(page.package == name for page in pages):
            missing(name, f"apt-get install {name}")
    if not Path("/usr/share/mythes/th_fr_FR_v2.dat").exists():
        missing("the French thesaurus", "apt-get install mythes-fr")
    benchmark = planting.make(pages, SEED, 1_000, share=0.4)
    assert len(benchmark.references) == 1_000
    found = ours.run(benchmark)
    measured = scoring.measure(benchmark, scoring.truths(benchmark), found)
    planted = ~measured.negative
    kinds = np.array([kind for kind, _ in measured.cells])
    hard = (kinds == "two") & np.array([rate == 0.4 for _, rate in measured.cells])
    figures = {
        "found": measured.found[planted].mean(),
        "hard": measured.found[hard].mean(),
        "unflagged": 1 - measured.found[measured.negative].mean(),
        "recall": np.nanmean(measured.recall[planted]),
        "precision": np.nanmean(measured.precision[planted]),
        "shuffled": np.nanmean(measured.recall[kinds == "shuffled"]),
        "containment": 1 - np.nanmean(measured.containment_error[planted]),
    }
    below = {name: value for name, value in figures.items() if value < FLOORS[name]}
    assert below == {}


FLOORS = {
    "found": 0.985,
    "hard": 0.92,
    "unflagged": 0.995,
    "recall": 0.96,
    "precision": 0.995,
    "shuffled": 0.92,
    "containment": 0.97,
}
