"""The font as it is embedded: ReportLab's, with a correct map back to text beyond the BMP."""

from __future__ import annotations

import re
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont

_BEYOND = re.compile(r"<([0-9A-F]{2})> <([0-9A-F]{5,6})>")


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """A TrueType font whose rare characters (𠮷, 𬭊) can be copied out of the PDF."""

    def addObjects(self, doc: Any) -> None:
        """Add the font's objects, then write characters beyond the BMP as surrogate pairs."""
        super().addObjects(doc)
        for name, made in doc.idToObject.items():
            if str(name).startswith("toUnicodeCMap:"):
                made.content = _BEYOND.sub(_surrogates, made.content)


def _surrogates(found: re.Match[str]) -> str:
    pair = chr(int(found[2], 16)).encode("utf-16-be").hex().upper()
    return f"<{found[1]}> <{pair}>"
