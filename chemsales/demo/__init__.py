"""Sample data: a fictional department of sixty customers and eighteen months, made from a seed."""

from __future__ import annotations

from chemsales.demo.workbooks import generate as generate
