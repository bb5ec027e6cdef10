"""How an account gets in, what it carries, and how it is known that it still is in."""
