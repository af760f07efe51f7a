"""Why a server refuses a statement: its own SQLSTATEs, and the reason that a person is told."""

from __future__ import annotations

from chemsales.rules.errors import Reason

LOGIN_TAKEN = "CS016"
REFUSALS = {
    "CS001": Reason("reason.server_no_person", {}, "C5.1"),
    "CS002": Reason("reason.server_role_lacking", {}, "C5.1"),
    "CS003": Reason("reason.server_not_yours", {}, "C5.1"),
    "CS004": Reason("reason.server_not_as_decided", {}, "C7.2"),
    "CS005": Reason("reason.server_not_as_reviewed", {}, "C7.2"),
    "CS006": Reason("reason.server_number_wrong"),
    "CS007": Reason("reason.server_month_wrong", {}, "C9.2"),
    "CS008": Reason("reason.server_level_wrong", {}, "C9.2"),
    "CS009": Reason("reason.server_incomplete"),
    "CS010": Reason("reason.server_too_late"),
    "CS011": Reason("reason.server_edition_wrong", {}, "C18.1"),
    "CS012": Reason("reason.server_class_wrong", {}, "C3.3"),
    "CS013": Reason("reason.server_reset_unconfirmed", {}, "C5.1"),
    "CS014": Reason("reason.server_event_wrong"),
    "CS015": Reason("reason.own_password_first"),
    LOGIN_TAKEN: Reason("reason.server_login_wrong"),
    "CS017": Reason("reason.server_password_clear"),
    "CS018": Reason("reason.not_for_oneself", {}, "C5.1"),
    "CS019": Reason("reason.roles_of_two_stages", {}, "C7.2"),
    "CS020": Reason("reason.server_score_wrong", {}, "C16.1"),
    "CS021": Reason("reason.server_suspended", {}, "C15.2"),
    "CS022": Reason("reason.overlap_unexplained", {}, "C10.3"),
    "CS023": Reason("reason.server_disqualified", {}, "C17.1"),
}
