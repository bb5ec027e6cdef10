from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates.sorter import in_order

SIZES = (0, 1, 2, 63, 64, 65, 5_000, 300_000)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, (1 << 64) - 1) | st.integers(0, 3) | st.integers((1 << 64) - 3, (1 << 64) - 1)))
def test_any_numbers_are_put_in_order(numbers: list[int]):
    assert in_order(np.array(numbers, dtype=np.uint64)).tolist() == sorted(numbers)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [1, 2, 40, 1 << 40])
def test_postings_of_few_keys_and_of_many_are_put_in_order(size: int, keys: int):
    rng = np.random.default_rng(size + keys)
    places = rng.permutation(size).astype(np.uint64)
    postings = (rng.integers(0, keys, size, dtype=np.uint64) << np.uint64(24)) | places
    wanted = np.sort(postings)
    assert np.array_equal(in_order(postings), wanted)


def test_what_is_in_order_stays():
    numbers = np.arange(100_000, dtype=np.uint64)
    assert np.array_equal(in_order(numbers.copy()), numbers)
