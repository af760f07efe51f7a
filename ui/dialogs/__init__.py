"""Dialogs: each returns what the person decided through a callback and knows no database."""
