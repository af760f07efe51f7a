"""Draft the traditional Chinese words that lack out of the simplified ones; what stands, stays.

usage: traditional.py FOLDER_OF_THE_CATALOGUES
"""

import sys
from pathlib import Path

import opencc
from babel.messages.pofile import read_po, write_po

# terms of the regulation and of the trade that the converter takes for software's, and words of
# Taiwanese offices that it does not know; a row is 列 there and a column 欄: look at each of those
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
    "結帳帳": "月結帳",
    "籤": "簽",
    "許可權": "權限",
    "工作簿": "活頁簿",
    "單元格": "儲存格",
    "數據庫": "資料庫",
    "準入": "准入",
    "臺": "台",
    "計算機": "電腦",
    "快捷鍵": "快速鍵",
    "退出登入": "登出",
    "示例": "範例",
    "專案": "項目",
    "當前": "目前",
    "日誌": "記錄檔",
    "紙面": "紙本",
    "隻影響": "只影響",
    "到期周": "到期週",
    "按周": "按週",
    "周起": "週起",
    "周內": "週內",
    "標簽": "分頁",
    "列表頭": "列的表頭",
    "列表": "清單",
    "查詢": "尋找",
    "選中": "選取",
    "勾選行": "勾選列",
    "所選行": "所選列",
    "逐行": "逐列",
    "含宏": "含巨集",
    "含有宏": "含有巨集",
    "文本": "文字",
    "只讀": "唯讀",
    "幫助": "說明",
    "升序": "遞增",
    "降序": "遞減",
    "生成": "產生",
    "掃描件": "掃描檔",
    "錄入": "輸入",
    "手工": "手動",
    "響應": "回應",
    "應答": "回應",
    "斷開連線": "中斷連線",
    "共享": "共用",
    "配置證書": "設定憑證",
    "校驗和": "總和檢查碼",
    "丟失": "遺失",
    "丟棄": "捨棄",
    "跟蹤": "追蹤",
    "千克": "公斤",
    "妥善儲存": "妥善保存",
    "另一塊磁碟": "另一個磁碟",
    "打包": "封裝",
    "工作台": "工作站",
    "工位": "工作站",
    "“": "「",
    "”": "」",
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
