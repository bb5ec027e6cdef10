"""One platform a file, named as ``platform =``; loaded by name, never imported by statement."""
