"""What two texts share by chance grows with their lengths, and so does what they must share to be a match."""

from __future__ import annotations

import numpy as np
import pytest

from rseaudit.duplicates import candidates, index
from rseaudit.duplicates.aligner import surplus
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.cutting import hashed
from rseaudit.duplicates.passages import Thresholds

PHRASE = [f"mot{letter}" for letter in "abcdef"]


def found(before: int, *, score: int) -> int:
    """Return how many pairs are found of two texts that share six words behind so many others."""
    cut = hashed([[*(f"w{text}n{number}" for number in range(before)), *PHRASE] for text in "ab"])
    ones = np.arange(2, dtype=np.int64)
    asked = candidates.Search(
        candidates.Collection(
            cut,
            index.of_runs(cut),
            index.of_pairs(cut),
            np.zeros(len(cut.keys), dtype=np.bool_),
            np.array([False, True]),
            ones,
            ones.astype(np.uint64),
            ones,
            2,
        )
    )
    return len(asked.find([1], least=score // 3, score=score))


def test_the_usual_lengths_need_no_more_and_each_doubling_one_more():
    assert [surplus(0, 9), surplus(280, 300), surplus(362, 362)] == [0, 0, 0]
    assert [surplus(1 << 17, 1), surplus(1 << 18, 1), surplus(1 << 9, 1 << 10)] == [1, 2, 3]
    assert surplus(9_500, 3_000) == surplus(3_000, 9_500) == 8


def test_six_words_make_a_pair_of_short_texts_and_none_of_long_ones():
    assert (found(0, score=30), found(300, score=30), found(5_000, score=30)) == (1, 1, 0)
    assert found(5_000, score=24) == 1


@pytest.mark.parametrize(("score", "number"), [(12, 4), (22, 1)])
def test_passages_that_are_enough_for_short_texts_are_not_for_long_ones(score: int, number: int):
    runs = [Run(20 * n, 20 * n + 12, 20 * n, 20 * n + 12, 12, 12, score) for n in range(number)]
    usual = Thresholds(words=12, score=22)
    assert usual.between(200, 250).admit(runs)
    assert not usual.between(3_000, 9_500).admit(runs)
    assert usual.between(3_000, 9_500).admit([run._replace(score=run.score + 8) for run in runs])
