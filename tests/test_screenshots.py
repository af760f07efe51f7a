"""The arguments of the pictures: what is asked for is drawn, and nothing else is taken for a
folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import screenshots
from tests.screenshots import Look


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), ([], 2), (["x", "--zoom", "7"], 2), (["--size"], 2)]
)
def test_what_asks_for_no_picture_draws_none(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        screenshots.main(arguments)
    assert stopped.value.code == code
    assert not list(tmp_path.iterdir())


def test_each_language_and_scheme_has_a_folder_of_its_own() -> None:
    look = Look(languages=("zh_CN", "en"))
    drawn = [
        (scheme, language, folder.as_posix()) for scheme, language, folder in look.each(Path("out"))
    ]
    assert drawn == [
        ("light", "zh_CN", "out"), ("light", "en", "out"),
        ("dark", "zh_CN", "out/dark"), ("dark", "en", "out/dark"),
    ]  # fmt: skip
