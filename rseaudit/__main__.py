"""Run the command line with ``python -m rseaudit``."""

from rseaudit.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
