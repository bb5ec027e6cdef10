from __future__ import annotations

import numpy as np
import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates.verdict import Debt, Label, judge, labels
from rseaudit.model import Originality, Ref


def judged(**counts: int) -> Originality:
    sequence = [int(Label[name.upper()]) for name, count in counts.items() for _ in range(count)]
    return judge(Ref("rse", "1"), np.array(sequence, dtype=np.int8), DuplicatesSettings())


def test_the_earliest_original_decides_what_a_word_is():
    debts = [Debt(5, 0, 4, Label.UNATTRIBUTED), Debt(1, 2, 6, Label.OWN_VERSION)]
    assert labels(7, debts, np.zeros(7, dtype=np.bool_)).tolist() == [3, 3, 2, 2, 2, 2, 0]


def test_an_attribution_to_anyone_is_an_attribution():
    debts = [Debt(1, 0, 2, Label.UNATTRIBUTED), Debt(9, 1, 3, Label.ATTRIBUTED)]
    assert labels(3, debts, np.zeros(3, dtype=np.bool_)).tolist() == [3, 4, 4]


def test_an_unknown_direction_counts_only_where_no_known_one_does():
    debts = [Debt(1, 0, 3, Label.UNKNOWN), Debt(2, 1, 2, Label.UNATTRIBUTED)]
    assert labels(3, debts, np.zeros(3, dtype=np.bool_)).tolist() == [1, 3, 1]


def test_common_text_is_nobodys_debt():
    common = np.array([True, False])
    assert labels(2, [Debt(1, 0, 2, Label.UNATTRIBUTED)], common).tolist() == [5, 3]


def test_originality_is_own_words_over_own_and_unattributed_ones():
    assert judged(own=30, unattributed=50, attributed=20, common=40, unknown=10, own_version=7).originality == 30 / 80


def test_nothing_left_to_judge_is_null_not_zero():
    assert judged(common=100).originality is None
    assert judged().originality is None


def test_the_attributed_share_leaves_out_common_text_and_own_versions():
    assert judged(own=30, attributed=10, common=60, own_version=9).attributed_share == 10 / 40


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({}, "not-judged"),
        ({"own": 39}, "not-judged"),
        ({"own": 40}, "original"),
        ({"own": 10, "common": 200}, "not-judged"),
        ({"own": 45, "common": 60}, "template"),
        ({"own": 80, "unattributed": 20}, "original"),
        ({"own": 79, "unattributed": 21}, "adapted"),
        ({"own": 59, "unattributed": 21}, "copy"),
        ({"own": 60, "unattributed": 200}, "adapted"),
        ({"own": 8, "attributed": 100}, "relay"),
        ({"own": 7, "attributed": 100}, "relay"),
        ({"own": 100, "attributed": 30}, "original"),
        ({"own": 20, "attributed": 60, "unattributed": 50}, "relay"),
        ({"own": 20, "attributed": 50, "unattributed": 60}, "copy"),
        ({"unknown": 300}, "not-judged"),
        ({"own_version": 300}, "not-judged"),
    ],
)
def test_the_verdict_follows_from_the_words(counts: dict[str, int], verdict: str):
    assert judged(**counts).verdict == verdict
