"""How paper looks: page, sizes, fonts; the one door through which text of any origin reaches it."""

from __future__ import annotations

from chemsales.reports.content import Footer as Footer
