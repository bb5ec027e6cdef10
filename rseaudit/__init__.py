"""Audit the content of enterprise social networks and watch the trends around them."""

__version__ = "0.1.0"
