"""PDF bytes out of frozen dataclasses; no query and no clock inside."""
