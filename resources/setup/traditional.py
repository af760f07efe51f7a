"""Draft the traditional Chinese words that lack out of the simplified ones; what stands, stays.

usage: traditional.py FOLDER_OF_THE_CATALOGUES
"""

import sys
from pathlib import Path

import opencc
from babel.messages.pofile import read_po, write_po

# terms of the regulation and of the trade that the converter takes for software's
OWN = {
    "稽核": "審核",
    "程式碼": "代碼",
    "引數": "參數",
    "宣告": "聲明",
    "釋出": "發布",
    "推匯出": "推導出",
    "分割槽": "分區",
    "型別": "類型",
    "賬": "帳",
}


def catalogue(folder, code):
    path = Path(folder, code, "LC_MESSAGES", "chemsales.po")
    with path.open("rb") as file:
        return path, read_po(file, locale=code)


def main(folder):
    _, simplified = catalogue(folder, "zh_CN")
    path, traditional = catalogue(folder, "zh_TW")
    convert = opencc.OpenCC("s2twp").convert

    def draft(text):
        text = convert(text)
        for wrong, right in OWN.items():
            text = text.replace(wrong, right)
        return text

    drafted = 0
    for message in traditional:
        source = simplified.get(message.id)
        if message.id and not message.string and source is not None and source.string:
            message.string = draft(source.string)
            drafted += 1
    if drafted:
        with path.open("wb") as file:
            write_po(file, traditional, sort_output=True)
        print(f"{drafted} words drafted for zh_TW: read them")


if __name__ == "__main__":
    main(*sys.argv[1:])
