"""A fictitious company, its network and its press, served on the loopback addresses."""
