"""A database on a share or in a synchronised folder is refused wherever it would be opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chemsales.bootstrap import TRUSTED, open_database
from chemsales.cli import main
from chemsales.cli.base import Exit
from chemsales.rules.errors import DataError
from chemsales.storage import whereabouts
from tests.conftest import opened


def test_a_share_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    share = tmp_path / "share"
    mounts.write_text(f"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / {share} rw - cifs //s/x rw\n")
    monkeypatch.setattr(whereabouts, "MOUNTS", mounts)
    with pytest.raises(DataError) as told:
        open_database(f"sqlite:///{share}/chemsales/data.db")
    assert told.value.reasons[0].code == "reason.folder_on_network"
    assert not share.exists()
    link = tmp_path / "link"
    link.symlink_to(share)
    with pytest.raises(DataError):
        open_database(f"sqlite:///{link}/data.db")


def test_the_command_and_the_doctor_say_so_and_name_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    file = str(folder / "chemsales.db")
    assert main(["verify", "--login", "auditor", "--db", file, "--lang", "zh_CN"]) == Exit.DATA
    said = capsys.readouterr().err
    assert "Dropbox" in said
    assert "PostgreSQL" in said
    assert main(["doctor", "--db", file, "--lang", "zh_CN"]) == Exit.FINDINGS
    assert "Dropbox" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("made", [False, True], ids=["no file", "an empty one"])
def test_a_command_that_signs_in_makes_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: bool
) -> None:
    """It says which file is not there and leaves the folder as it was; `init-db` makes one."""
    folder = tmp_path / "数据"
    file = folder / "chemsales.db"
    if made:
        folder.mkdir()
        file.touch()
    asked = ["verify", "--login", "auditor", "--db", str(file), "--lang", "zh_CN"]
    assert main(asked) == Exit.DATA
    assert f"没有数据库：{file}" in capsys.readouterr().err
    assert folder.exists() is made and (not made or not file.stat().st_size)
    assert [each.name for each in folder.glob("*")] == ([file.name] if made else [])


def test_a_folder_that_is_trusted_by_name_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    monkeypatch.setenv(TRUSTED, str(tmp_path))
    with pytest.raises(DataError):
        open_database(f"sqlite:///{folder}/data.db")
    monkeypatch.setenv(TRUSTED, os.fspath(folder.resolve()))
    with opened(f"sqlite:///{folder}/data.db"):
        assert (folder / "data.db").exists()
