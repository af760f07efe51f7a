"""Where things are on this machine: resources of the program, folders of the person, the chosen
database."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from chemsales import __version__

APP = "chemsales"
VERSION = __version__
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def resource(*parts: str) -> Path:
    """The path of a file shipped under resources/, from a checkout, an installation or a
    packaged folder."""
    base = getattr(sys, "_MEIPASS", None)
    root = Path(base) if base else Path(__file__).resolve().parent.parent
    return root.joinpath("resources", *parts)


def commit() -> str:
    """The commit that runs: written by the packaging, else read from the checkout; "" where neither
    knows it."""
    written = resource("commit.txt")
    if written.is_file():
        return written.read_text(encoding="utf-8").strip()
    try:
        return _commit_of(Path(__file__).resolve().parent.parent / ".git")
    except (OSError, ValueError, StopIteration):
        return ""


def _commit_of(git: Path) -> str:
    """The commit of a checkout, from git's own files: the program may stand where git does not."""
    if git.is_file():  # a work tree beside the repository
        git = Path(git.read_text(encoding="utf-8").removeprefix("gitdir:").strip())
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref:"):
        return head
    name = head.removeprefix("ref:").strip()
    common = git / "commondir"
    stored = git / common.read_text(encoding="utf-8").strip() if common.is_file() else git
    if (stored / name).is_file():
        return (stored / name).read_text(encoding="utf-8").strip()
    packed = (stored / "packed-refs").read_text(encoding="utf-8")
    return next(line.split()[0] for line in packed.splitlines() if line.endswith(f" {name}"))


def _folder(kind: str) -> Path:
    home = os.environ.get("CHEMSALES_HOME")
    path = (
        Path(home) / kind if home else Path(getattr(platformdirs, f"user_{kind}_dir")(APP, False))
    )
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def data_dir() -> Path:
    """The folder of the embedded database and its backups (CHEMSALES_HOME overrides)."""
    return _folder("data")


def config_dir() -> Path:
    """The folder of the settings file."""
    return _folder("config")


def state_dir() -> Path:
    """The folder of drafts, logs and window state."""
    return _folder("state")


def log_dir() -> Path:
    """The folder of the log files."""
    folder = state_dir() / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


@dataclass(frozen=True, slots=True)
class Config:
    """What the first start asked: language, database URL; and what the person chose since.

    `second_backup_folder` gets a copy of every backup, "" for none.
    """

    language: str = "zh_CN"
    database: str = ""
    idle_lock_minutes: int = 15
    second_backup_folder: str = ""


def _path() -> Path:
    return config_dir() / "config.json"


def load() -> Config | None:
    """The stored choices, None before the first start; ValueError where the file cannot be
    understood."""
    if not _path().exists():
        return None
    stored = json.loads(_path().read_text(encoding="utf-8"))
    if not isinstance(stored, dict):
        raise ValueError("not an object")
    known = {key: value for key, value in stored.items() if key in Config.__dataclass_fields__}
    usual = Config()  # the class itself holds no defaults: its slots stand in their place
    if any(type(value) is not type(getattr(usual, key)) for key, value in known.items()):
        raise ValueError("a value of another kind")
    return Config(**known)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write beside `path`, which takes its place when the block ends well; else what was
    there before stays. A link stays one, and a pipe gets everything at the end. OSError where it
    cannot be written."""
    if path.exists() and not path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            half = Path(folder) / "part"
            yield half
            path.write_bytes(half.read_bytes())
        return
    place = path.resolve() if path.is_symlink() else path
    half = place.with_name(f".{place.name[:60]}.{os.getpid()}.part")
    try:
        yield half
        os.replace(half, place)
    finally:
        half.unlink(missing_ok=True)


def save(config: Config) -> None:
    """Store the choices, whole or not at all."""
    with whole(_path()) as file:
        file.write_text(json.dumps(asdict(config), ensure_ascii=False, indent=1), encoding="utf-8")


def backup_dir() -> Path:
    """The folder of the backups; it is made when the first one is written."""
    return data_dir() / "backups"


def default_database() -> str:
    """The URL of the embedded database in the platform's data folder."""
    return f"sqlite:///{data_dir() / 'chemsales.db'}"


def seal_key() -> bytes:
    """The key that seals the audit chain of an embedded database, made at its first use.

    It lies beside the settings, apart from the database and readable by this person alone, so that
    whoever edits the database file cannot seal it again (what it cannot prevent is said in the
    manual).
    """
    path = config_dir() / "seal.key"
    with suppress(FileExistsError):
        handle = os.open(path, _NEW_FILE, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
