"""The language of the window at run time: our words and Qt's own buttons."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from chemsales import words

NAMES = {"zh_CN": "简体中文", "zh_TW": "繁體中文", "en": "English"}  # each in its own language
_translators: list[QTranslator] = []


def speak(code: str) -> None:
    """Speak this language from now on; windows made before keep their words and are made anew."""
    words.set_default(code)
    QLocale.setDefault(QLocale(code))
    app = QApplication.instance()
    assert app is not None
    while _translators:
        app.removeTranslator(_translators.pop())
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", folder):
        app.installTranslator(translator)
        _translators.append(translator)
