"""Run the benchmark: ``python -m duplicates`` in the folder ``benchmarks``; see its README for what is measured."""

from __future__ import annotations

import argparse
import gc
import json
import os
from pathlib import Path

# One thread for all: before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_name] = "1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refs", type=int, default=1_000)
    parser.add_argument("--seeds", type=int, nargs="*", help="default: the three reporting seeds")
    parser.add_argument("--peers", choices=("all", "tfidf", "none"), default="all")
    parser.add_argument("--times", action="store_true", help="also time builds and queries, medians of three")
    parser.add_argument("--memory", action="store_true", help="measure the memory of the method alone, nothing else")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/rseaudit-benchmark").expanduser())
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    args = parser.parse_args()
    from duplicates import planting, report

    gc.disable()  # as the job does; for all methods

    seeds = args.seeds or planting.REPORTING_SEEDS
    if args.memory:
        for name, value in report.memory(args.refs, seeds[0], cache=args.cache).items():
            print(f"{name}: {value:,.2f}" + (" GB" if isinstance(value, float) else ""))
        return
    figures = report.run(args.refs, seeds, peers=args.peers, times=args.times, cache=args.cache)
    print(report.markdown(figures))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1, default=str), "utf-8")


if __name__ == "__main__":
    main()
