"""The floors: who may import whom, no circle, and the length of what one has to read at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(p for top in ("chemsales", "ui") for p in (ROOT / top).rglob("*.py"))
MAX_FUNCTION, MAX_FILE = 80, 500

# what each floor may import of this project, by the beginning of the module's name
SHARED = (
    "chemsales.words",
    "chemsales.labels",
    "chemsales.marking",
    "chemsales.config",
    "chemsales.articles",
)
ALLOWED = {
    "chemsales.rules": ("chemsales.rules",),
    "chemsales.storage": ("chemsales.storage", "chemsales.rules", "chemsales.pinyin"),
    "chemsales.queries": (
        "chemsales.queries",
        "chemsales.storage",
        "chemsales.rules",
        "chemsales.reports",
        "chemsales.exchange",
        "chemsales.pinyin",
        "chemsales.articles",
        "chemsales.words",
    ),
    "chemsales.services": (
        "chemsales.services",
        "chemsales.queries",
        "chemsales.storage",
        "chemsales.rules",
        "chemsales.exchange",
        "chemsales.pinyin",
        "chemsales.config",
    ),
    "chemsales.reports": ("chemsales.reports", "chemsales.rules", *SHARED),
    "chemsales.exchange": ("chemsales.exchange", "chemsales.rules", *SHARED),
    "chemsales.articles": ("chemsales.rules", *SHARED),
    "chemsales.calc": ("chemsales.rules", *SHARED),
    "chemsales.words": ("chemsales.rules", *SHARED),
    "chemsales.labels": (
        "chemsales.labels_fields",
        "chemsales.labels_policy",
        "chemsales.marking",
    ),
    "chemsales.labels_fields": ("chemsales.marking",),
    "chemsales.labels_policy": ("chemsales.marking",),
    "chemsales.marking": (),
    "chemsales.config": (),
}
PACKAGE = "chemsales"  # the package itself holds the version alone


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                found.add(deeper if deeper in MODULES else node.module)
    return found


def test_the_package_itself_imports_nothing() -> None:
    assert not {name for name in imports(MODULES[PACKAGE]) if begins(name, ("chemsales", "ui"))}


def begins(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def test_the_checkout_is_read() -> None:
    assert len(FILES) > 60
    assert "chemsales.rules.approval" in MODULES


@pytest.mark.parametrize("floor", sorted(ALLOWED))
def test_floor_imports_only_what_lies_below(floor: str) -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if begins(name, (floor,))
        for imported in sorted(imports(path))
        if begins(imported, ("chemsales", "ui")) and imported != PACKAGE
        if not begins(imported, ALLOWED[floor])
    ]
    assert not wrong


def test_rules_stand_on_the_standard_library_and_named_libraries_alone() -> None:
    allowed = {"chemsales", "stdnum", "chinese_calendar"}
    import sys

    wrong = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if begins(name, ("chemsales.rules",))
        for imported in imports(path)
        if imported.split(".")[0] not in sys.stdlib_module_names | allowed
    ]
    assert not wrong


def test_no_qt_below_the_window() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if begins(name, ("chemsales",))
        for imported in imports(path)
        if begins(imported, ("PySide6", "shiboken6", "ui"))
    ]
    assert not wrong


def test_no_table_in_the_window() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if begins(name, ("ui",))
        for imported in imports(path)
        if begins(imported, ("peewee", "playhouse", "psycopg", "sqlite3", "chemsales.storage"))
    ]
    assert not wrong


def test_no_page_imports_another_page() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, path in MODULES.items()
        if begins(name, ("ui.pages",))
        for imported in imports(path)
        if begins(imported, ("ui.pages",))
        and imported != "ui.pages.page"
        and not imported.startswith(name + "_")
        and not name.startswith(imported + "_")
        and imported.rsplit(".", 1)[-1].split("_")[0] != name.rsplit(".", 1)[-1].split("_")[0]
    ]
    assert not wrong


def circles() -> list[list[str]]:
    """Strongly connected groups of more than one module (Tarjan)."""
    graph = {
        name: {i for i in imports(path) if i in MODULES} - {name} for name, path in MODULES.items()
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(group)

    for name in graph:
        if name not in index:
            visit(name)
    return found


def test_no_import_circle() -> None:
    assert circles() == []


def test_functions_and_files_can_be_read_at_once() -> None:
    long = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MAX_FILE:
            long.append(f"{path.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION:
                    long.append(f"{path.name}:{node.name}: {length} lines")
    assert not long


def test_forms_are_made_of_the_fields_of_one_kit() -> None:
    """Lists to choose from, spin boxes and days are no one's own: ui/forms has them."""
    own = {"QSpinBox", "QDoubleSpinBox", "QDateEdit", "QDateTimeEdit", "QTimeEdit", "QInputDialog"}
    choosing = {"QComboBox"}
    wrong = [
        f"{name}: {node.func.id}"
        for name, path in MODULES.items()
        if begins(name, ("ui",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in own | choosing
    ]
    assert not wrong


# what the window kit makes for pages and dialogs, and where it stands
KIT = {
    "ui.tables": {
        "QTableView", "QTableWidget", "QTreeView", "QTreeWidget", "QListView", "QHeaderView",
        "QAbstractItemModel", "QAbstractTableModel", "QAbstractListModel", "QStandardItemModel",
        "QStringListModel", "QSortFilterProxyModel", "QStyledItemDelegate", "QItemDelegate",
    },
    "ui.forms": {
        "QFormLayout", "QDataWidgetMapper", "QComboBox", "QCompleter", "QSpinBox",
        "QDoubleSpinBox", "QDateEdit", "QCalendarWidget", "QValidator", "QIntValidator",
        "QDoubleValidator", "QRegularExpressionValidator",
    },
    "ui.jobs": {
        "QThread", "QThreadPool", "QRunnable", "QProcess", "QtConcurrent", "threading",
        "concurrent", "multiprocessing", "subprocess", "asyncio",
    },
    "ui.widgets": {"QLabel", "QSplitter"},
    "ui.actions": {"QPushButton", "QToolButton"},
}  # fmt: skip


def off_the_kit(text: str) -> list[str]:
    """What a page or dialog makes itself although the kit makes it, and the part that does.

    Naming a class of Qt is no making, so that a button of the kit can be said to be a QPushButton.
    """
    tree = ast.parse(text)
    used = [
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else
                     [alias.name for alias in node.names])
    ]  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            used.append(getattr(node.func, "id", "") or getattr(node.func, "attr", ""))
        elif isinstance(node, ast.ClassDef):
            used += [getattr(base, "id", "") or getattr(base, "attr", "") for base in node.bases]
    return [f"{name}: {part} has it" for part, own in KIT.items() for name in used if name in own]


def test_pages_and_dialogs_stand_on_the_kit() -> None:
    """They hold no table, form or worker code of their own; what a page does is a verb."""
    stands = [name for name in MODULES if begins(name, ("ui.pages", "ui.dialogs"))]
    assert len(stands) > 30
    wrong = [
        f"{name}: {found}"
        for name in stands
        for found in off_the_kit(MODULES[name].read_text(encoding="utf-8"))
    ]
    wrong += [
        f"{name}: a button beside ui.verbs"
        for name in stands
        if begins(name, ("ui.pages",))
        for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "button"
        if node.args and isinstance(node.args[0], ast.Call)
        if getattr(node.args[0].func, "id", "") == "_"
    ]
    assert not wrong


def test_what_is_made_beside_the_kit_is_found() -> None:
    planted = """
import threading
from PySide6 import QtWidgets
from PySide6.QtWidgets import QPushButton, QTableView

class Own(QTableView):
    def made(self) -> QPushButton:
        return QtWidgets.QFormLayout(), QThread()
"""
    found = {line.partition(":")[0] for line in off_the_kit(planted)}
    assert found == {"threading", "QTableView", "QFormLayout", "QThread"}


def test_markup_is_made_in_one_place() -> None:
    """ReportLab's Paragraph parses markup: data reaches it through reports/style.py alone."""
    wrong = [
        name
        for name, path in MODULES.items()
        if name != "chemsales.reports.style"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.Attribute)
        and (getattr(node, "id", None) or getattr(node, "attr", None)) == "Paragraph"
    ]
    assert not wrong


def test_columns_are_of_our_own_types() -> None:
    """peewee's Char, Date, DateTime, Time and Decimal fields fail or round in STRICT tables."""
    banned = {"CharField", "DateField", "DateTimeField", "TimeField", "DecimalField", "FloatField"}
    wrong = [
        f"{name}: {used}"
        for name, path in MODULES.items()
        if begins(name, ("chemsales",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for used in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", ""))
        if used in banned
    ]
    assert not wrong


def test_a_test_that_waits_lets_threads_go_on() -> None:
    """QTest.qWait keeps Python's lock: `tests.waiting.run_events` does not."""
    files = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    waits = [(path.name, node.func) for path, text in files.items()
             for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]  # fmt: skip
    assert any(isinstance(call, ast.Name) and call.id == "run_events" for _, call in waits)
    assert not [name for name, call in waits if getattr(call, "attr", "") == "qWait"]
