"""Sorting keys and initials of names: surnames, places, several readings, other scripts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chemsales.pinyin import initials, sort_key


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("中国石化", "zgsh"),
        ("重庆长风化工", "cqcfhg"),
        ("厦门塑料", "xmsl"),
        ("六安化工", "lahg"),
        ("东莞新材", "dgxc"),
        ("蚌埠玻璃", "bbbl"),
        ("亳州药业", "bzyy"),
        ("单县化工", "sxhg"),
        ("单氏塑业", "sssy"),
        ("曾氏塑业", "zssy"),
        ("仇氏塑业", "qssy"),
        ("解氏塑业", "xssy"),
        ("区氏塑业", "ossy"),
        ("尉迟塑业", "ycsy"),
        ("万俟塑业", "mqsy"),
        ("解放化工", "jfhg"),
        ("华东理工", "hdlg"),
        ("朝阳重工", "cyzg"),
        ("长城润滑油", "ccrhy"),
        ("建设银行", "jsyh"),
        ("恒力石化（大连）有限公司", "hlshdlyxgs"),
        ("ABC 塑料2号", "abcsl2h"),
        ("Ａｂｃ塑料", "abcsl"),
        ("（）", ""),
    ],
)
def test_the_likeliest_initials_stand_first(name, first):
    assert initials(name).split(" ")[0] == first


@pytest.mark.parametrize(
    ("name", "also"),
    [("单县化工", "dxhg"), ("曾氏塑业", "cssy"), ("重庆长风", "cqzf"), ("行知", "xz")],
)
def test_other_readings_are_found_too(name, also):
    assert also in initials(name).split(" ")


def test_keys_are_short_whatever_the_name():
    for name in ("乐单曾行" * 50, "1" * 200, "𠮷" * 200, "长" * 200):
        assert len(initials(name)) <= 400
        assert len(initials(name).split(" ")) <= 16
        assert len(sort_key(name)) <= 400


def test_names_sort_by_syllables_not_by_letters():
    names = [
        "西安石化",
        "先锋塑料",
        "长城",
        "张三",
        "ABC",
        "安庆",
        "曾氏",
        "单县",
        "山东",
        "重庆",
        "成都",
    ]
    assert sorted(names, key=sort_key) == [
        "ABC", "安庆", "长城", "成都", "重庆", "山东", "单县", "西安石化",
        "先锋塑料", "曾氏", "张三",
    ]  # fmt: skip


def test_the_same_sound_is_told_apart_by_the_name():
    assert sort_key("石化") != sort_key("实化")
    assert sort_key("石化").split("\t")[0] == "shi2 hua4"


def test_the_library_is_not_imported_before_it_is_needed():
    imports = "import sys, chemsales.pinyin, chemsales.services.accreditation"
    code = f"{imports}; print('pypinyin' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
