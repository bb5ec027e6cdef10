"""Read ``rseaudit.toml`` and watchlists; report every problem at once."""
