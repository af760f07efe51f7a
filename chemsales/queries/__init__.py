"""Reads: flat, joined, frozen rows for tables, reports and exports."""
