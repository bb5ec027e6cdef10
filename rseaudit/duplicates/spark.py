"""Ask for each text on a Spark cluster: the same functions, in ``mapInPandas`` over the DataFrame API.

The driver cuts the texts and sorts their keys; every worker gets the collection as numbers (about 60
bytes a word, no text) and asks for its share of the audited texts. A lost worker costs time only: the
rows of a text follow from the collection alone, and are put in order at the end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.engines import Local
from rseaudit.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.broadcast import Broadcast
    from pyspark.sql import SparkSession

    _Asking = Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]

_COLUMNS = ("left", "right", "left_start", "left_end", "right_start", "right_end", "matched", "equal", "score")
_SCHEMA = ", ".join(f"`{name}` bigint" for name in _COLUMNS)
# Small shares: a worker that is lost in the middle has little to do again.
_SHARES_A_CORE = 4
# Set for programs that ``spark-submit`` started: the cluster is chosen already.
_BY_SUBMIT = "PYSPARK_GATEWAY_PORT"


def start(master: str | None = None) -> SparkSession:
    """Start or join Spark. ``master`` is written as for ``spark-submit``; by default its own, else this machine.

    Raises ``UsageError`` with the remedy when pyspark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(
            "Spark is not installed", where="--engine spark", remedy='python -m pip install "rseaudit[spark]"'
        ) from None
    # Workers must run the interpreter that has this program.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("rseaudit duplicates")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
    if master is not None or _BY_SUBMIT not in os.environ:
        builder = builder.master(master or "local[*]")
    try:
        return builder.getOrCreate()
    except Exception as error:  # Java says it in many ways
        raise UsageError(
            f"Spark does not start: {str(error).strip().splitlines()[0]}",
            where="--engine spark",
            remedy="install Java 17 or newer, and set JAVA_HOME",
        ) from error


class Spark(Local):
    """Indexes as in the local engine; the asking is spread over a cluster."""

    def __init__(self, session: SparkSession, *, shares: int | None = None) -> None:
        """``shares`` is into how many tasks the audited texts are cut; by default four a core."""
        self._session = session
        self._shares = shares

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        if not numbers:
            return []
        context = self._session.sparkContext
        shares = self._shares or _SHARES_A_CORE * context.defaultParallelism
        held = context.broadcast(collection)
        try:
            asked = self._session.createDataFrame([(number,) for number in numbers], "number bigint")
            # Neighbours are much alike in length: whoever comes last should not get all the long ones.
            rows = asked.repartition(min(shares, len(numbers))).mapInPandas(_asking(held, least, score), _SCHEMA)
            found = [tuple(int(value) for value in row) for row in rows.collect()]
        finally:
            held.destroy()
        return _pairs(sorted(found))


def _asking(held: Broadcast[Collection], least: int, score: int) -> _Asking:
    """Return what a worker does with its share of text numbers."""

    def ask(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        import pandas as pd

        search = _search(held)
        for frame in frames:
            found = search.find(frame["number"].tolist(), least=least, score=score)
            rows = [(pair.left, pair.right, *_spans(run)) for pair in found for run in pair.runs]
            yield pd.DataFrame(rows, columns=list(_COLUMNS), dtype="int64")

    return ask


@lru_cache(maxsize=1)
def _search(held: Broadcast[Collection]) -> Search:
    return Search(held.value)


def _spans(run: Run) -> tuple[int, ...]:
    spans = (run.left_start, run.left_end, run.right_start, run.right_end)
    return (*spans, run.matched, run.equal, run.score)


def _pairs(rows: Sequence[tuple[int, ...]]) -> Iterator[Pair]:
    """Put the rows, in order, together to pairs."""
    low = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place][:2] != rows[low][:2]:
            left, right = rows[low][:2]
            yield Pair(left, right, tuple(Run(*row[2:]) for row in rows[low:place]))
            low = place
