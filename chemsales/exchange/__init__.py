"""Workbooks and CSV files: reading, checking, error reports, table export."""
