"""What the fictional customers are made of: invented cities, firms, banks, people; valid codes."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# cities that are on no map, with the province of their codes and the sales region they lie in
CITIES = (
    ("东澜市", "320000", "华东"),
    ("云渚市", "330000", "华东"),
    ("青屿市", "370000", "华东"),
    ("北岚市", "130000", "华北"),
    ("临霁市", "410000", "华中"),
    ("沧澜市", "440000", "华南"),
    ("西渚市", "510000", "西南"),
    ("宁屿市", "210000", "东北"),
)
BRANDS = _words(
    "澜辰 沐屿 屿光 栖原 砚田 霁峰 云笈 溯澜 岑光 苇舟 砺帆 垣川 牧澜 青栎 棠溪 "
    "朗岫 衡渚 晏川 禾霁 淮岫 峤远 樾山 泓砚 芷岸 昀丰 玳海 聿新 珩达 琅屿 霖木 "
    "骏岫 曾氏 重澜 解放桥 单家集 区宁 乐亭湾 晟淼 飏帆 甬澜 皖霁 榕屿 滇岫 赣泓 蓟原 "
    "粤岚 桂渚 湘栎 鄂砚 蜀棠 陇溯 沪岑 津苇 渝砺 冀垣 鲁牧 豫衡 浙晏 苏禾 闽峤 "
    "琼樾 晋芷 秦昀 吉玳 辽聿 黑珩 宁琅 新霖 藏骏 川晟 贵飏 蒙甬"
)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗单仇解曾区查盖"
GIVEN = _words(
    "建国 志强 丽华 秀英 文博 雨桐 子涵 浩然 思远 晓峰 海燕 振宇 明轩 佳怡 永康 淑贤 立新 少华"
)
BANKS = ("华岚银行", "澜江商业银行", "青屿农村商业银行", "东澜银行")
STREETS = _words("澜江路 栖霞大道 云渚街 工业二路 港前大道 化工园纬三路 仓前路 青岚北路")

USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_code(serial: int) -> str:
    """A valid organisation code (GB 11714) that was never issued: it begins with YY."""
    body = f"YY{serial:06d}"
    total = sum(w * int(c, 36) for w, c in zip(ORG_WEIGHTS, body, strict=True))
    check = (11 - total % 11) % 11
    return body + ("X" if check == 10 else str(check))


def uscc(province: str, serial: int) -> str:
    """A valid 18-character social credit code around `organisation_code(serial)`."""
    body = "91" + province + organisation_code(serial)
    total = sum(w * USCC_SIGNS.index(c) for w, c in zip(USCC_WEIGHTS, body, strict=True))
    return body + USCC_SIGNS[(31 - total % 31) % 31]


def licence15(province: str, serial: int) -> str:
    """A valid 15-digit licence number of the time before the merged codes (ISO 7064 MOD 11,10)."""
    body = f"{province}2{serial:07d}"
    check = 10
    for digit in body:
        check = (check + int(digit)) % 10 or 10
        check = check * 2 % 11
    return body + str((11 - check) % 10)


def person(rng: Random) -> str:
    """A name of two or three characters."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def phone(serial: int) -> str:
    """A land line under an area code that does not exist."""
    return f"0500-661{serial:05d}"
