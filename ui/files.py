"""Choosing files: every chooser begins in the folder that was last used, in the person's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from ui import memory

FOLDER = "folder"
SCANS = "*.pdf *.png *.jpg *.jpeg *.tif *.tiff"
_SUFFIXES = frozenset(pattern[1:] for pattern in SCANS.split())


def scans(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that are files whose names speak of scans."""
    return [path for path in paths if path.suffix.lower() in _SUFFIXES and path.is_file()]


def dropped(event: QDropEvent) -> list[Path]:
    """The local files of a drop that look like scans; the bytes decide later."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return scans(Path(url.toLocalFile()) for url in urls if url.isLocalFile())


def choose(
    parent: QWidget, title: str, kind: str, patterns: str, done: Callable[[list[Path]], object]
) -> None:
    """Ask for one or more existing files of a kind ("Scans", "*.pdf *.png")."""
    dialog = QFileDialog(parent, title, str(folder()), f"{kind} ({patterns})")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: _chosen([Path(name) for name in names], done))
    dialog.open()


def choose_one(
    parent: QWidget, title: str, kind: str, patterns: str, done: Callable[[Path], object]
) -> None:
    """Ask for one existing file."""
    dialog = QFileDialog(parent, title, str(folder()), f"{kind} ({patterns})")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: _chosen([Path(name)], lambda paths: done(paths[0])))
    dialog.open()


def choose_place(
    parent: QWidget, title: str, name: str, kind: str, done: Callable[[Path], object]
) -> None:
    """Ask where to write a file; its suffix is that of the proposed `name`."""
    suffix = Path(name).suffix
    dialog = QFileDialog(parent, title, str(folder() / name), f"{kind} (*{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    dialog.fileSelected.connect(lambda path: _chosen([Path(path)], lambda paths: done(paths[0])))
    dialog.open()


def choose_folder(parent: QWidget, title: str, done: Callable[[Path], object]) -> None:
    """Ask for a folder to write several files into."""
    dialog = QFileDialog(parent, title, str(folder()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)

    def chosen(name: str) -> None:
        memory.remember(FOLDER, name)
        done(Path(name))

    dialog.fileSelected.connect(chosen)
    dialog.open()


def folder() -> Path:
    """The folder that was last used, else the person's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    documents = QStandardPaths.writableLocation(place)
    last = Path(memory.recall(FOLDER, documents))
    return last if last.is_dir() else Path(documents)


def _chosen(paths: list[Path], done: Callable[[list[Path]], object]) -> None:
    memory.remember(FOLDER, str(paths[0].parent))
    done(paths)
