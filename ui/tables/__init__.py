"""The one table of the window: a grid over rows in memory or over a list query of any length."""
