"""Databases for the benches of the window's tables and search: very many customers.

`customers(300_000)` for a table, `customers(100_000)` for a search; made once in a process and gone
at its end. `python -m tests.bench.grid_data FILE [COUNT]` leaves one to look at.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from tests.bench.filling import COUNT, add_contacts, add_customers, add_papers, add_pickups, filling

MONTH = "2026-06"  # the one month that has pick-ups
PARTS = (
    "宁波 上海 杭州 苏州 南京 无锡 常州 青岛 济南 烟台 天津 北京 广州 深圳 佛山 "
    "东莞 厦门 福州 武汉 长沙 郑州 重庆 成都 西安 沈阳 大连 哈尔滨 长春 合肥 温州",
    "华 晨 金 恒 宏 瑞 鑫 永 新 东 海 天 博 旺 联 德 信 嘉 旭 远 万 立 昊 源 泰 安 科 伟 方 凯",
    "塑 达 鼎 源 泰 丰 润 通 茂 昌 辉 成 利 业 腾 宇 翔 益 创 晟 顺 诚 峰 隆 佳 威 力 邦 亿 升",
    "塑料 化工 塑业 塑胶制品 新材料 包装材料 石化贸易 高分子材料 化工原料 工贸 国际贸易 供应链管理",
)
# each number up to 30 x 30 x 30 x 12 is one name, and neighbours have little in common
PLACED = f"""
FROM (SELECT i, i * 100003 % {30 * 30 * 30 * 12} AS at FROM n) n
JOIN word c ON c.kind = 0 AND c.place = n.at % 30
JOIN word f ON f.kind = 1 AND f.place = n.at / 30 % 30
JOIN word s ON s.kind = 2 AND s.place = n.at / 900 % 30
JOIN word t ON t.kind = 3 AND t.place = n.at / 27000
"""
NAMED = f"""
SELECT n.i, c.word || f.word || s.word || t.word || '有限公司',
  c.key || ' ' || f.key || ' ' || s.key || ' ' || t.key || ' you3 xian4 gong1 si1' || char(9)
    || c.word || f.word || s.word || t.word || '有限公司'
{PLACED}
"""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="chemsales-bench-")


@cache
def customers(count: int, papers: date | None = None) -> Path:
    """A file of the program's database with so many customers (at most 324,000), named as real ones
    are, each with class, starting level and a contact; 3.1 pick-ups each in MONTH, and five
    licences each that end about the day `papers`.

    The folder goes with the process. Whoever writes into the database takes a copy.
    """
    path = Path(_folder().name) / f"customers-{count}-{papers}.db"
    build(path, count, papers)
    return path


def build(path: Path, count: int, papers: date | None = None) -> None:
    """Make that database at `path`."""
    with filling(path, audited=False) as connection:
        _words(connection)
        add_customers(connection, count, NAMED)
        add_contacts(connection, count)
        _find(connection, count)
        add_pickups(connection, count, 1, MONTH)
        if papers is not None:
            add_papers(connection, count, papers)


def _words(connection: sqlite3.Connection) -> None:
    """What names are made of, with sort key, initials and pinyin as the program computes them, and
    the second reading of each, where there is one."""
    from chemsales import pinyin

    connection.execute(
        "CREATE TEMP TABLE word (kind INT, place INT, word TEXT, key TEXT, initials TEXT, "
        "spelt TEXT, other_initials TEXT, other_spelt TEXT, PRIMARY KEY (kind, place))"
    )
    for kind, words in enumerate(PARTS):
        for place, word in enumerate(words.split()):
            # a word reads as it does behind a place, where no surname stands
            before = "北京" if kind else ""
            key = pinyin.sort_key(before + word).partition("\t")[0].split()[len(before) :]
            letters = [found[len(before) :] for found in pinyin.initials(before + word).split()]
            begun = "beijing" if kind else ""
            spelt = [found.removeprefix(begun) for found in pinyin.spellings(before + word)
                     if found.startswith(begun)]  # fmt: skip
            connection.execute(
                "INSERT INTO word VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    kind, place, word, " ".join(key), letters[0], spelt[0],
                    next((other for other in letters if other != letters[0]), ""),
                    next((other for other in spelt if other != spelt[0]), ""),
                ),
            )  # fmt: skip


def _find(connection: sqlite3.Connection, count: int) -> None:
    """What the customers are found by, as long and in the same form as the program stores it."""

    def readings(letter: str, column: str, end: str, cut: int) -> str:
        likeliest = " || ".join(f"{part}.{column}" for part in "cfst")
        lines = [f"'{letter}' || {likeliest} || '{end}' || char(10)"]
        for other in "cfst":
            whole = " || ".join(
                f"{part}.{'other_' if part == other else ''}{column}" for part in "cfst"
            )
            line = f"'{letter}' || substr({whole}, 1, {cut}) || char(10)"
            lines.append(f"CASE WHEN {other}.other_{column} = '' THEN '' ELSE {line} END")
        return " || ".join(lines)

    connection.execute(
        f"{COUNT.format(count)} INSERT INTO customer_words (customer_id, words, people, pinyin, "
        "name_key) SELECT n.i, 'C' || lower(u.code) || char(10) || 'U' || lower(u.uscc) "
        f"|| char(10) || 'N' || u.name || char(10) || {readings('I', 'initials', 'yxgs', 8)}, "
        "'P' || k.name || char(10) || 'Qwm' || char(10) || 'T' || k.phone || char(10), "
        f"{readings('F', 'spelt', 'youxiangongsi', 24)} || 'P' || k.name || char(10) || 'Rwangmin' "
        f"|| char(10), u.name {PLACED} JOIN customer u ON u.id = n.i "
        "JOIN customer_contact k ON k.customer_id = n.i"
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 300_000)
