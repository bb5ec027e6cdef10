"""The benchmark of duplicate detection: real French prose, planted copies, peers, figures."""
