"""Folders of shares and of synchronising programs, told from folders of this computer."""

from __future__ import annotations

import pytest

from chemsales.rules.whereabouts import Facts, blockers, read_mounts

MOUNTINFO = """\
22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
30 22 0:26 / /proc rw - proc proc rw
40 22 8:3 / /home rw - xfs /dev/sda3 rw
51 40 0:45 / /home/zhang/share rw,relatime - cifs //server/sales rw,vers=3.1.1
52 22 0:46 / /mnt/nas\\040two rw - nfs4 nas:/export rw
53 22 0:47 / /mnt/far rw - fuse.sshfs zhang@far:/ rw
54 22 0:48 / /mnt/stick rw - fuseblk /dev/sdb1 rw
55 22 0:49 / /mnt/virtual rw - 9p host rw
"""
MOUNTS = read_mounts(MOUNTINFO.splitlines())
SHARES = {
    "/home/zhang/share": "cifs",
    "/home/zhang/share/chemsales": "cifs",
    "/mnt/nas two/data": "nfs4",
    "/mnt/far/x": "fuse.sshfs",
    "/mnt/virtual/x": "9p",
    r"\\server\sales\chemsales": "UNC",
    r"\\?\UNC\server\sales": "UNC",
    "//server/sales": "UNC",
}
LOCAL = [
    "/home/zhang/.local/share/chemsales/data",
    "/home/zhang/share2/chemsales",
    "/home/zhang/sharepoint",
    "/mnt/stick/chemsales",
    "/mnt",
    "/",
    r"C:\Users\zhang\AppData\Local\chemsales",
    r"\\?\C:\Users\zhang\AppData",
    r"D:\销售\数据库",
    "/home/dropbox/data",
    "/srv/nextcloud-notes/data",
    "/home/zhang/OneDriver",
    "/home/zhang/WPS",
]
KEPT = {
    r"C:\Users\zhang\OneDrive\chemsales": "OneDrive",
    r"C:\Users\zhang\OneDrive - 某石化公司\销售": "OneDrive",
    "/Users/zhang/Library/CloudStorage/OneDrive-Personal/x": "OneDrive",
    "/home/zhang/Dropbox/x": "Dropbox",
    "/home/zhang/Dropbox (Team)/x": "Dropbox",
    r"C:\Users\zhang\iCloudDrive\x": "iCloud",
    "/Users/zhang/Library/Mobile Documents/com~apple~CloudDocs/x": "iCloud",
    r"D:\我的坚果云\销售": "坚果云",
    r"D:\Nutstore Files\销售": "坚果云",
    r"D:\BaiduSyncdisk\销售": "百度网盘",
    r"D:\百度网盘同步空间": "百度网盘",
    r"C:\Users\zhang\WPSDrive\123\WPS云盘": "WPS",
    r"G:\My Drive\x": "Google Drive",
    "/home/zhang/Nextcloud/x": "Nextcloud",
}


@pytest.mark.parametrize(("folder", "kind"), SHARES.items())
def test_a_share_is_none_of_this_computer(folder: str, kind: str) -> None:
    (reason,) = blockers(Facts(folder, mounts=MOUNTS))
    assert (reason.code, reason.params["kind"]) == ("reason.folder_on_network", kind)


@pytest.mark.parametrize(("folder", "program"), KEPT.items())
def test_a_synchronised_folder_is_named(folder: str, program: str) -> None:
    (reason,) = blockers(Facts(folder, mounts=MOUNTS))
    assert (reason.code, reason.params["program"]) == ("reason.folder_synchronised", program)


@pytest.mark.parametrize("folder", LOCAL)
def test_no_false_alarm_on_a_local_folder(folder: str) -> None:
    assert blockers(Facts(folder, 3, MOUNTS, frozenset({".git"}), {"OneDrive": ""})) == ()


def test_a_mapped_drive_is_a_share() -> None:
    assert [r.params["kind"] for r in blockers(Facts(r"Z:\chemsales", 4))] == ["SMB"]


def test_a_folder_that_a_program_names_or_has_marked_is_its_own() -> None:
    named = {"OneDriveCommercial": r"D:\公司云"}
    (reason,) = blockers(Facts(r"d:\公司云\销售", variables=named))
    assert reason.params["program"] == "OneDrive"
    assert blockers(Facts(r"d:\公司云2\销售", variables=named)) == ()
    (reason,) = blockers(Facts("/data/x", markers=frozenset({".stfolder"})))
    assert reason.params["program"] == "Syncthing"


def test_the_root_of_a_sandbox_is_local_and_a_later_mount_hides_an_earlier_one() -> None:
    assert blockers(Facts("/root/x", mounts={"/": "9p"})) == ()
    mounts = read_mounts(
        ["1 0 0:1 / /data rw - ext4 a rw", "2 0 0:2 / /data rw - nfs b rw", "nothing"]
    )
    assert mounts == {"/data": "nfs"}
