"""Judge documents: rules make findings, the ladder finds who answers, fit sums up each document."""
