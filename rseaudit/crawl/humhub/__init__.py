"""HumHub, read by the REST module of the platform."""
