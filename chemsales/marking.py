"""Marking what is translated where it is looked up."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a literal for translation where it is looked up later."""
    return message
