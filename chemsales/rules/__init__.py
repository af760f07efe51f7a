"""The regulation as pure functions: frozen values in, values or reasons out."""
