"""Each row of the domain's sections 2, 6 and 10, in their order, beside the tests that exercise it."""

import ast
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from itertools import chain

import pytest

from schemas.codes import (
    AgencyType,
    HoldTrigger,
    InfoNeeded,
    LeadRole,
    NextStep,
    Outcome,
    PlanStatus,
    RaStatus,
    ReasonCode,
    ResponseChange,
    S47Result,
    SupportCode,
    WatchFor,
)
from tests.house.tree import modules

Rows = dict[str, list[str]]


def node_ids_in(module: str) -> Callable[[str], str]:
    """Turns the sentence of a test into its node id."""
    return lambda sentence: f"tests/{module}.py::test_{sentence}"


# --- where the tests stand

told = node_ids_in("flows/test_each_outcome_is_told")
elsewhere = node_ids_in("flows/test_nobody_else_is_told")
where = node_ids_in("flows/test_what_appears_where")
holds = node_ids_in("flows/test_holds")
never_shows = node_ids_in("flows/test_holds_never_show")
held_back = node_ids_in("flows/test_held_and_acknowledged")
releasing = node_ids_in("flows/test_releasing")
to_leads = node_ids_in("flows/test_releasing_to_leads")
allegations = node_ids_in("flows/test_releasing_allegations")
addresses = node_ids_in("flows/test_unverified_addresses")
matrix = node_ids_in("flows/test_matrix")
names = node_ids_in("flows/test_names_and_unborn")
duplicates = node_ids_in("flows/test_duplicates")
revisions = node_ids_in("flows/test_revisions")
taking_in = node_ids_in("flows/test_taking_in")
sending = node_ids_in("flows/test_sending")
clocks_firing = node_ids_in("flows/test_clocks_firing")
confirmed = node_ids_in("flows/test_read_and_confirmed")
form_page = node_ids_in("flows/test_police_form_page")
form_link = node_ids_in("flows/test_police_form_link")
by_system = node_ids_in("flows/test_confirmed_by_system")
acknowledge = node_ids_in("handlers/test_acknowledge")
canary = node_ids_in("flows/test_canary")
police_form = node_ids_in("flows/test_police_form_never_gates")
diverging = node_ids_in("flows/test_divergence")
counted = node_ids_in("flows/test_what_is_counted")
of_a_referral = node_ids_in("flows/test_referral_quality")
reasons_left = node_ids_in("flows/test_reasons_left")

words = node_ids_in("unit/test_wording")
tables = node_ids_in("unit/test_wording_tables")
asked = node_ids_in("unit/test_wording_asked")
hub_words = node_ids_in("unit/test_wording_hub_words")
drafts = node_ids_in("unit/test_wording_drafts")
revised = node_ids_in("unit/test_wording_revision")
every_code = node_ids_in("unit/test_wording_every_code")
updates = node_ids_in("unit/test_wording_updates")
of_a_duplicate = node_ids_in("unit/test_wording_duplicate")
quality = node_ids_in("unit/test_quality")
left = node_ids_in("unit/test_measures_reasons")
divergence = node_ids_in("unit/test_divergence")
contract = node_ids_in("unit/test_outcome_contract")
decision = node_ids_in("unit/test_decision_contract")
contradictions = node_ids_in("unit/test_decision_contradictions")
referral = node_ids_in("unit/test_referral_contract")
lifecycle = node_ids_in("unit/test_lifecycle_codes")
ra_contract = node_ids_in("unit/test_risk_assessment_contract")
entitlement = node_ids_in("unit/test_entitlement")
lowered = node_ids_in("unit/test_lowered_levels")
release = node_ids_in("unit/test_release")
tasks = node_ids_in("unit/test_tasks")
due_times = node_ids_in("unit/test_clock_due_times")
agency = node_ids_in("unit/test_agency_contract")
registry = node_ids_in("unit/test_registry_rules")
log_lines = node_ids_in("unit/test_log_lines")

email = node_ids_in("adapters/test_email")
police_emails = node_ids_in("adapters/test_police_form_emails")
suppressed = node_ids_in("flows/test_suppressed_addresses")
receipts_of_mail = node_ids_in("flows/test_mail_receipts")
render = node_ids_in("adapters/test_render")
directory = node_ids_in("adapters/test_directory")
webhook = node_ids_in("adapters/test_webhook")
link = node_ids_in("adapters/test_read_link")

pages = node_ids_in("console/test_what_appears")
show = node_ids_in("cli/test_show")
verdicts = node_ids_in("cli/test_verdicts")
infra = node_ids_in("infra/test_store")

# --- tests that many rows share

TOLD = told("an_outcome_tells_its_referrer_what_the_domain_says")
FAMILY = words("the_family_is_not_told_of_an_enquiry")
REASONS = tables("the_reasons_are_the_agreed_sentences")
REASON = every_code("a_reason_is_read_in_its_words_by_a_referrer_told_before")
OF_THE_REFERRER = words("a_reason_that_speaks_to_the_referrer_is_for_nobody_else")
OF_A_CHANGE = revised("why_it_changed_is_said_to_those_who_were_told_before")
SERVICES = tables("the_services_have_the_agreed_names")
SERVICE = every_code("a_service_is_offered_by_its_name_to_a_statutory_referrer")
LISTED = hub_words("a_service_has_the_name_and_number_of_the_directory")
SENSITIVE = words("support_that_says_something_about_a_parent_is_for_statutory_referrers")
STEPS = tables("the_next_steps_are_the_agreed_sentences")
STEP = every_code("a_step_is_asked_once_of_whoever_it_is_for")
LEADING = asked("the_named_agency_and_no_other_reads_that_it_leads")
FILED = words("where_parents_could_read_it_every_message_says_how_to_file_it")
ASKED = every_code("what_is_needed_is_asked_for_in_its_words")
FLAGGED = of_a_referral("what_a_referral_lacks_is_flagged_and_blocks_nothing")
NEEDED = words("a_request_for_information_lists_it_and_says_by_when")
PLAN = words("level_three_adds_the_plan_and_who_leads_and_level_two_has_neither")
A_STATUS = words("what_is_not_a_plan_is_not_called_one")
NO_PLAN = words("where_there_is_no_plan_to_tell_a_sentence_says_so")
WATCH = words("what_to_watch_for_goes_to_adult_services_only")
WATCH_BY_WEBHOOK = contract("the_birth_and_what_to_watch_for_reach_only_their_services")
LEAD = every_code("who_leads_is_named_by_role_and_team_to_a_statutory_partner")
MAY_LEAD = words("an_agency_that_may_be_the_one_that_leads_is_asked_to_agree_it_by_phone")
S47_RESULT = lifecycle("each_code_of_the_list_is_read")
OPEN_CASE = words("an_open_case_says_what_changes")

SUBJECT = where("a_subject_has_the_referrals_reference_and_nothing_else_of_the_decision")
BODY = where("an_emails_body_has_all_of_it_and_the_plan_for_statutory_partners_alone")
WEBHOOK = where("a_webhook_has_what_the_email_has")
TRAIL = where("the_trail_has_references_and_codes_and_no_sentence_of_a_message")
LOG = where("a_log_has_the_hash_of_the_reference_and_none_of_the_rest_in_words")
CANARY = canary("a_name_in_any_field_appears_in_no_output_row_or_log")
ON_A_PAGE = pages("a_messages_page_has_all_that_the_message_says_and_the_referrals_its_outcome_and_form")
ON_NO_PAGE = pages("a_name_in_any_field_appears_on_no_page")
SHOWN = show("only_what_has_arrived_is_told")

HELD = holds("a_trigger_holds_whom_it_concerns_for_as_long_as_nobody_acts_and_nobody_else")
HELD_TASK = holds("a_hold_is_one_row_and_one_task_of_a_role_with_a_due_time_in_both_indexes")
UNSEEN = never_shows("no_reader_can_tell_that_a_hold_existed")
CELL = entitlement("each_agency_is_told_what_the_matrix_says")
PLANNED = matrix("each_cell_is_planned_whole")

FRAME = render("the_frame_has_the_agreed_lines_in_the_agreed_order")
DRAFT = drafts("an_agreed_draft_is_said_word_for_word")
GOLDEN = render("a_draft_reads_whole_as_agreed")
POLICE_SENTENCE = tables("the_police_sentences_are_the_agreed_ones")
ON_EVERY_MESSAGE = render(
    "every_message_in_every_form_has_the_police_sentence_and_a_subject_that_says_nothing"
)
FIXED = tables("the_fixed_sentences_are_the_agreed_ones")
FIXED_ALONE = words("emergency_and_lado_say_their_fixed_sentence_and_nothing_else")

# --- rows whose names are codes: every member of the enum, in its order; codes of one line share its tests

OUTCOMES: Rows = {
    "NFA": [TOLD, words("below_the_threshold_is_no_finding_and_no_end")],
    "ADV": [TOLD, asked("advice_says_whether_the_family_was_contacted_or_that_nobody_stated_it")],
    "SAL": [TOLD, LEADING, words("a_single_agency_response_says_who_leads_even_where_no_step_does")],
    "EHF": [TOLD, asked("early_help_names_whom_to_ask_for_below_the_level_of_plans")],
    "S17": [TOLD, of_a_duplicate("the_clock_of_an_assessment_is_that_of_the_first_referral")],
    "STR": [TOLD, words("a_strategy_discussion_says_once_how_to_take_part")],
    "S47S S47J": [TOLD, words("the_police_lead_is_offered_to_statutory_partners_and_not_to_the_police")],
    "EMP": [TOLD, FIXED_ALONE, contract("emergency_protection_carries_no_other_outcome_reason_or_plan")],
    "ACC": [TOLD, asked("no_message_says_where_or_when_a_discussion_or_a_placement_is")],
    "OPN": [TOLD, OPEN_CASE],
    "TRF": [TOLD, hub_words("a_transfer_names_the_council_as_listed_and_whether_it_has_accepted")],
    "CTI": [TOLD, CELL],
    "PVF": [TOLD],
    "LAD": [TOLD, allegations("the_message_is_the_fixed_sentence_and_nothing_of_the_decision")],
    "INF": [TOLD, NEEDED, asked("information_is_asked_of_whoever_is_to_give_it")],
    "DUP": [
        told("a_duplicate_tells_its_referrer_the_originals_outcome_under_their_own_reference"),
        duplicates("a_duplicate_is_told_at_its_own_level"),
        duplicates("whoever_may_be_told_nothing_of_the_original_does_not_learn_its_reference"),
    ],
}

RESPONSE_CHANGES: Rows = {"NO_CHANGE REVIEW STEP_UP STEP_DOWN": [OPEN_CASE]}

REASON_CODES: Rows = {
    "BELOW_THRESHOLD_L1 BELOW_THRESHOLD_L2": [REASONS, REASON, DRAFT],
    "NEED_MET_BY_EXISTING_SERVICE INSUFFICIENT_INFO_AFTER_CHASE": [REASONS, REASON, OF_THE_REFERRER],
    "NO_CHILD_IDENTIFIED": [REASONS, REASON],
    "OUT_OF_AREA": [REASONS, REASON, asked("before_birth_reasons_and_requests_speak_of_a_baby_too")],
    "CONSENT_DECLINED": [REASONS, REASON],
    "INFO_ONLY_NOTIFICATION": [REASONS, REASON, OF_THE_REFERRER],
    "HISTORIC": [REASONS, REASON],
    "OTHER_SEE_TEAM": [
        REASONS,
        REASON,
        words("a_missing_reason_is_said_to_be_asked_for_where_one_is_expected"),
    ],
    "NEW_INFORMATION MANAGER_REVIEW CHALLENGE_UPHELD RECORDED_IN_ERROR": [REASONS, REASON, OF_A_CHANGE],
}

SUPPORT_CODES: Rows = {
    "FAMILY_HUB EARLY_HELP_SELF_REF HEALTH_VISITING SCHOOL_NURSING SCHOOL_PASTORAL": [
        SERVICES,
        SERVICE,
        LISTED,
    ],
    "DOMESTIC_ABUSE_SERVICE SUBSTANCE_SERVICE PARENT_MH": [SERVICES, SERVICE, SENSITIVE],
    "CHILD_MH HOUSING_MONEY SEND_SERVICE": [SERVICES, SERVICE, LISTED],
}

NEXT_STEPS: Rows = {
    "CONTACT_WITHIN_1_WORKING_DAY REPORT_OR_CONFERENCE": [STEPS, STEP, DRAFT],
    "STRATEGY_MEETING_JOIN": [STEPS, STEP, words("a_strategy_discussion_says_once_how_to_take_part")],
    "DO_NOT_TELL_FAMILY": [STEPS, STEP, FAMILY, words("no_step_is_said_twice")],
    "TELL_US_CHANGES": [STEPS, STEP, DRAFT],
    "EARLY_HELP_CONTACT": [STEPS, STEP, hub_words("early_help_makes_contact_within_the_hubs_own_days")],
    "MAY_JOIN_SUPPORT_MEETING KEEP_WORKING": [STEPS, STEP, DRAFT],
    "REFER_AGAIN": [STEPS, STEP, words("early_help_adds_that_nobody_needs_to_wait_for_it")],
    "YOU_LEAD": [STEPS, STEP, LEADING, names("the_agency_that_leads_may_be_named_by_an_old_name")],
    "OTHER_LEADS": [STEPS, STEP, MAY_LEAD],
    "SEND_INFO": [STEPS, STEP, NEEDED],
    "SHOW_COLLEAGUES": [
        STEPS,
        STEP,
        revised("only_a_changed_decision_asks_to_show_colleagues_and_it_asks_once"),
    ],
    "NOTHING_MORE": [STEPS, STEP, GOLDEN],
    "KEEP_RECORDS": [STEPS, STEP],
    "HIDE_ONLINE NOT_ON_PORTAL": [STEPS, STEP, FILED, asked("how_to_file_it_is_on_a_notice_for_any_reason")],
}

INFO_CODES: Rows = {
    "CHILD_DETAILS": [ASKED, asked("before_birth_reasons_and_requests_speak_of_a_baby_too")],
    "HOUSEHOLD": [ASKED, NEEDED],
    "INCIDENT_DETAILS": [ASKED],
    "CHRONOLOGY": [ASKED, words("a_graded_referral_is_not_a_request_for_information")],
    "OFFENDING_HISTORY": [ASKED, FLAGGED],
    "LINK_TO_CHILD": [ASKED, FLAGGED, GOLDEN],
    "HOME_VISIT_DONE CONSENT_POSITION": [ASKED],
    "GOOD_QUALITY": [
        NEEDED,
        tables("what_we_may_need_is_all_but_praise"),
        of_a_referral("good_quality_is_praised_to_whoever_referred_and_to_nobody_else"),
    ],
}

PLAN_STATUSES: Rows = {
    "NONE": [NO_PLAN],
    "EARLY_HELP_FAMILY_HELP CIN_PLAN CP_ENQUIRY CP_PLAN LOOKED_AFTER PRE_PROCEEDINGS": [PLAN, A_STATUS],
    "NOT_DISCLOSED": [NO_PLAN, words("a_plan_without_a_named_lead_names_the_duty_manager")],
}

WATCH_CODES: Rows = {
    "ADULT_DISENGAGES MISSED_APPOINTMENTS RELAPSE_OR_INCREASED_USE": [WATCH, WATCH_BY_WEBHOOK],
    "MENTAL_STATE_DECLINES NEW_ADULT_IN_HOUSEHOLD": [WATCH, tables("what_to_watch_for_begins_as_agreed")],
    "PREGNANCY": [WATCH, asked("what_to_watch_for_is_for_the_two_adult_services_pregnancy_included")],
}

LEAD_ROLES: Rows = {
    "ALLOCATED_SW DUTY_SW FHLP LCPP": [LEAD],
    "EARLY_HELP_LEAD": [LEAD, asked("early_help_names_whom_to_ask_for_below_the_level_of_plans")],
    "SCHOOL_DSL": [LEAD, words("your_agency_leads_is_said_only_to_the_agency_that_leads")],
    "HEALTH_LEAD": [LEAD, MAY_LEAD],
    "POLICE_LEAD": [LEAD],
    "PROBATION_LEAD": [LEAD, names("the_agency_that_leads_may_be_named_by_an_old_name")],
}

S47_RESULTS: Rows = {
    "ICPC S17_SERVICES ASSESSMENT_CONTINUES OTHER_AGENCY_MONITORS LEGAL_ACTION SHORT_BREAK": [S47_RESULT],
    "NO_FURTHER_ACTION OTHER": [S47_RESULT],
}

HOLDS: Rows = {
    "EMERGENCY": [HELD, HELD_TASK, release("emergency_protection_always_holds_the_whole_message")],
    "LADO": [HELD, HELD_TASK, release("an_allegation_alone_is_always_held")],
    "STAFF_LINK": [HELD, HELD_TASK, contradictions("a_staff_link_names_its_agency_and_no_other_hold_does")],
    "RESTRICTED_RECORD": [HELD, HELD_TASK, UNSEEN],
    "SENSITIVE": [HELD, UNSEEN, contradictions("a_hold_that_no_list_has_is_refused")],
    "REFERRER_IS_FAMILY": [HELD, HELD_TASK, release("a_family_referrer_holds_only_the_referrer")],
    "UNVERIFIED_ADDRESS": [
        UNSEEN,
        contradictions("a_hold_that_no_list_has_is_refused"),
        addresses("an_address_that_is_not_verified_at_intake_holds_that_recipient_alone"),
    ],
}

POLICE_STATUSES: Rows = {
    "COMPLETE INCORRECT ABSENT NOT_REQUIRED UNKNOWN": [
        POLICE_SENTENCE,
        ON_EVERY_MESSAGE,
        police_form("what_is_told_held_and_due_is_the_same_for_every_status"),
        contract("partners_receive_the_exact_status_and_the_rest_the_coarse_one"),
    ]
}

VOCABULARIES: dict[str, tuple[type[StrEnum], Rows]] = {
    "2 outcomes, what the referrer is told": (Outcome, OUTCOMES),
    "2 response changes": (ResponseChange, RESPONSE_CHANGES),
    "2 reason codes": (ReasonCode, REASON_CODES),
    "2 suggested support": (SupportCode, SUPPORT_CODES),
    "2 next steps": (NextStep, NEXT_STEPS),
    "2 info needed": (InfoNeeded, INFO_CODES),
    "2 plan status": (PlanStatus, PLAN_STATUSES),
    "2 watch for": (WatchFor, WATCH_CODES),
    "2 lead roles": (LeadRole, LEAD_ROLES),
    "2 s47 results": (S47Result, S47_RESULTS),
    "6.3 hold codes": (HoldTrigger, HOLDS),
    "10.2 police form": (RaStatus, POLICE_STATUSES),
}

# --- rows whose names are ours

FLAGS: Rows = {
    "R: NFA ADV SAL EHF PVF": [
        quality("an_outcomes_gaps_are_those_of_the_domain_and_close_when_filled"),
        words("a_missing_reason_is_said_to_be_asked_for_where_one_is_expected"),
        taking_in("gaps_in_a_decision_are_flagged_and_told_all_the_same"),
    ],
    "S: NFA ADV": [
        quality("an_outcomes_gaps_are_those_of_the_domain_and_close_when_filled"),
        words("missing_support_is_offered_by_phone_where_it_is_expected"),
    ],
    "H: EMP LAD": [HELD, release("emergency_protection_always_holds_the_whole_message")],
    "provisional: INF": [TOLD, revised("a_decision_made_at_last_is_not_called_another_one")],
    "not final: DUP": [contradictions("a_duplicate_stands_alone_and_repeats_another_referral")],
}

BELOW_THE_OUTCOMES: Rows = {
    "default label, and the hub's own": [
        words("every_outcome_has_a_label"),
        hub_words("the_hubs_own_name_for_an_outcome_is_said_once"),
    ],
    "team, agency and council are registry codes": [
        names("a_team_and_a_council_that_the_hub_does_not_list_are_flagged_and_appear_nowhere"),
        names("a_team_and_a_council_that_the_hub_lists_are_named"),
    ],
    "unborn child: the date, and no name": [
        names("the_day_a_baby_is_due_reaches_health_visiting_and_midwifery_and_no_other_byte_that_leaves"),
        asked("when_the_baby_is_due_is_for_health_visiting_and_midwifery_at_level_two_or_more"),
        contradictions("a_delivery_date_belongs_to_an_unborn_child"),
    ],
    "strategy_discussion_at": [quality("an_outcomes_gaps_are_those_of_the_domain_and_close_when_filled")],
    "DO_NOT_TELL_FAMILY is automatic, and in no notice": [FAMILY],
    "joint-decision fields": [
        decision("the_worked_example_is_read_whole"),
        decision("a_code_that_no_list_has_is_refused"),
        quality("not_following_the_police_without_saying_why_is_flagged"),
        counted("whether_risk_was_assessed_jointly_is_in_the_row_of_each_version"),
        counted("everything_that_can_be_said_is_in_the_row"),
    ],
    "both managers told where the police were not followed": [
        divergence("each_recommendation_parts_from_each_outcome_as_the_table_says"),
        diverging("both_managers_have_a_task_with_a_row_each_and_everybody_is_told_at_once"),
        diverging("what_is_told_held_and_released_is_the_same_byte_for_byte"),
        diverging("a_newer_version_that_says_why_ends_both"),
    ],
    "more than 10% OTHER_SEE_TEAM": [
        left("a_reason_is_expected_of_the_outcomes_that_the_domain_flags"),
        left("more_than_a_tenth_is_too_often_and_a_tenth_is_not"),
        reasons_left("more_than_a_tenth_is_the_managers_task_for_a_working_day"),
        reasons_left("a_tenth_exactly_and_too_few_to_judge_ask_nobody"),
        reasons_left("once_is_enough_however_long_it_lasts"),
        reasons_left("back_at_a_tenth_it_ends_by_itself_with_the_numbers_that_say_so"),
        reasons_left("while_it_is_open_every_message_goes_as_ever"),
    ],
    "quality flags inform and never block": [
        FLAGGED,
        of_a_referral("a_flagged_referral_is_told_and_released_as_any_other_byte_for_byte"),
        taking_in("gaps_in_a_decision_are_flagged_and_told_all_the_same"),
        words("a_graded_referral_is_not_a_request_for_information"),
    ],
}

USUAL = {
    "subject": SUBJECT,
    "email body": BODY,
    "webhook": WEBHOOK,
    "console": ON_A_PAGE,
    "audit": TRAIL,
    "logs": LOG,
}
"""The six places, and what looks for everything in each; the console is its pages, and `mash trail` beside
them."""
NOWHERE = dict.fromkeys(USUAL, CANARY) | {"console": ON_NO_PAGE}


def places(usual: dict[str, str], **changes: str) -> dict[str, str]:
    """The tests of one item in each place; `changes` are those that the item has of its own."""
    return usual | {place.replace("_", " "): test for place, test in changes.items()}


APPEARANCES: dict[str, dict[str, str]] = {
    "names and whatever tells who a child is": NOWHERE,
    "referral_ref": places(USUAL, logs=log_lines("a_reference_is_written_as_its_hash_only"), console=SHOWN),
    "own ref, child_index": places(USUAL, console=show("children_are_judged_and_told_in_their_order")),
    "outcome code or label": places(
        USUAL,
        subject=words("the_subject_is_short_plain_and_gives_nothing_away"),
        webhook=contract("the_fixed_sentences_webhook_names_no_decision"),
        console=verdicts("a_program_reads_whom_it_is_for_and_what_is_held"),
    ),
    "reason, support, next steps": USUAL,
    "plan status, lead team, role, phone": places(
        USUAL, email_body=PLAN, webhook=contract("level_two_drops_the_plan_and_nothing_else")
    ),
    "a worker's personal name": places(
        NOWHERE,
        console=pages("who_did_something_is_shown_to_others_by_their_id_alone"),
        audit=releasing("a_release_says_which_hold_who_ended_it_and_why_and_ends_its_task"),
    ),
    "police form status": places(
        USUAL,
        subject=ON_EVERY_MESSAGE,
        email_body=words("only_the_police_read_rules_and_only_partners_the_exact_status"),
        webhook=contract("only_the_police_receive_the_rules"),
        console=show("no_police_status_is_green"),
        audit=taking_in("a_form_after_the_decision_is_checked_again_and_rewrites_nothing"),
    ),
    "concern, need, factors, narrative": places(
        NOWHERE,
        email_body=decision("a_field_that_the_contract_does_not_know_is_refused_at_every_depth"),
        audit=ra_contract("the_voice_of_a_child_and_who_it_is_have_no_field_to_travel_in"),
    ),
}

MAILBOX_RULES: Rows = {
    "subject: form, ASCII, at most 65": [
        words("the_subject_is_short_plain_and_gives_nothing_away"),
        render("the_longest_legal_reference_and_marking_leave_a_subject_short_enough"),
    ],
    "suffixes of this release": [
        ON_EVERY_MESSAGE,
        revised("every_change_says_what_was_told_what_holds_now_and_which_to_use"),
        updates("a_subject_says_that_there_is_an_update_and_not_of_what"),
    ],
    "subject and preheader give nothing away": [SUBJECT, ON_EVERY_MESSAGE],
    "marking configurable; top, foot and header": [
        email("a_hubs_own_marking_is_in_the_subject_the_header_and_at_top_and_foot"),
        email("the_request_is_built_whole_and_from_the_registry"),
        render("the_text_part_is_narrow_plain_and_marked_at_both_ends"),
    ],
    "managed domains by whole labels, and the stage's": [
        entitlement("a_mailbox_under_a_managed_domain_is_managed"),
        entitlement("a_mailbox_that_only_looks_managed_is_not"),
        entitlement("a_stage_that_adds_no_domain_trusts_no_example"),
        registry("a_domain_that_looks_like_a_managed_one_is_named_with_it"),
    ],
    "a bounce suspends an entry": [
        suppressed("nothing_more_is_sent_to_it_and_a_person_is_called"),
        suppressed("it_is_sent_to_again_once_somebody_has_verified_it_anew"),
    ],
    "a failed delivery is a phone task": [
        receipts_of_mail("what_came_back_calls_a_person_within_a_minute"),
    ],
    "any other mailbox gets a notice, sch.uk included": [
        PLANNED,
        entitlement("a_mailbox_that_only_looks_managed_is_not"),
        addresses("a_mailbox_lowered_while_its_message_waits_is_parked_and_never_sent_whole"),
    ],
    "two approvers and a DPO reference raise it": [
        agency("raising_a_mailbox_takes_two_people_and_a_reference"),
        matrix("a_mailbox_raised_by_two_approvers_has_what_a_managed_one_has_and_no_more"),
    ],
    "an agency's second channel is capped by its own mailbox": [
        matrix("an_agency_on_two_channels_is_told_on_each_as_that_one_may")
    ],
    "verified role mailboxes only": [
        agency("an_address_that_could_reach_somebody_else_is_refused"),
        addresses("an_address_that_is_not_verified_at_intake_holds_that_recipient_alone"),
    ],
    "an entry expires after 90 days": [
        registry("an_address_must_have_been_verified_in_the_last_ninety_days"),
        directory("a_mailbox_is_verified_for_ninety_days"),
        addresses("an_address_verified_ninety_days_ago_is_told"),
        addresses("what_lapses_before_the_send_is_held_again_with_its_task_and_nothing_leaves"),
    ],
    "two people to change one": [
        directory("who_approved_a_registry_cannot_apply_it"),
        directory("who_approved_the_raising_of_a_mailbox_cannot_apply_it"),
    ],
    "TLS required; without it the delivery fails": [
        infra("mail_is_sent_over_tls_or_not_at_all"),
        webhook("a_certificate_that_nobody_vouches_for_is_a_tls_failure"),
        sending("the_schedule_ends_in_failed_and_a_person_is_told"),
    ],
    "no tracking, no remote images, no rewritten links": [
        render("the_html_needs_no_image_no_script_and_nothing_remote"),
        where("no_link_leaves_but_the_way_to_disagree_and_the_page_that_confirms"),
        infra("no_open_no_click_and_no_link_is_tracked"),
    ],
    "replies to a monitored role mailbox": [
        email("the_request_is_built_whole_and_from_the_registry"),
        email("a_hub_without_a_reply_mailbox_names_none"),
    ],
    "Read and confirmed, with a role from a list": [
        confirmed("the_button_is_one_row_of_its_referral_and_stops_the_clock"),
        confirmed("every_role_of_the_list_can_be_chosen_and_is_what_is_recorded"),
        by_system("a_signed_post_is_one_row_and_stops_the_clock"),
    ],
    "its page works without sign-in: an opaque token of 14 days": [
        confirmed("a_link_works_for_fourteen_days_and_not_a_moment_longer"),
        confirmed(
            "a_link_that_is_none_of_ours_looks_like_one_that_has_ended_and_is_put_on_record_without_it"
        ),
    ],
    "it shows the reference only, and acts on POST only": [
        confirmed("opening_the_link_however_often_confirms_nothing"),
        confirmed("the_page_shows_the_reference_and_the_agency_and_nothing_of_the_decision"),
        acknowledge("the_form_asks_for_a_role_of_the_list_and_for_nothing_else"),
    ],
    "the police status page: a date and time or a listed policy code, reference only, on POST only": [
        form_page("opening_it_however_often_says_nothing"),
        form_page("the_page_shows_the_reference_and_the_child_and_never_how_the_form_stands"),
        form_page("that_it_is_done_is_recorded_and_checked_and_sets_no_status"),
        form_page("that_it_is_not_needed_is_recorded_with_its_policy"),
        form_page("a_mistake_is_named_with_its_field_and_says_nothing"),
        form_page("a_strangers_link_looks_like_one_that_has_ended_and_is_put_on_record_without_it"),
        form_page("a_link_works_for_fourteen_days_and_whoever_says_something_later_is_on_record"),
        form_link("a_link_takes_five_statements_and_the_page_then_says_whom_to_ring"),
        form_link("where_nobody_waits_for_the_form_the_page_says_so_takes_nothing_and_tells_nothing"),
    ],
    "never: family or child": [
        elsewhere("a_member_of_the_public_is_told_nothing_even_where_a_registry_lists_one"),
        names("a_referrer_of_the_public_is_a_call_while_the_others_are_told"),
    ],
    "never: auto-CC, distribution lists": [
        email("a_mail_has_one_address_and_copies_nobody"),
        agency("an_address_that_could_reach_somebody_else_is_refused"),
    ],
    "never: forward on bounce": [
        elsewhere("a_message_that_is_refused_for_good_goes_to_no_other_address_and_a_person_is_told")
    ],
    "never: a recipient of an earlier referral": [
        elsewhere("a_recipient_of_an_earlier_referral_is_not_told_of_the_next_one")
    ],
    "own references blanked and flagged": [
        taking_in("an_own_reference_that_looks_like_a_person_is_blanked_flagged_and_told_all_the_same"),
        entitlement("no_nhs_number_is_repeated_even_to_an_agency_that_agreed_to_anything"),
        entitlement("no_date_is_repeated_even_to_an_agency_that_agreed_to_anything"),
    ],
}

HOLD_RULES: Rows = {
    "an event's trigger holds that child's deliveries": [HELD, holds("a_hold_on_one_child_holds_no_sibling")],
    "STAFF_LINK, REFERRER_IS_FAMILY, UNVERIFIED_ADDRESS hold one recipient": [
        HELD,
        release("a_staff_link_holds_only_the_agency_it_names"),
        addresses("only_the_channel_that_is_not_verified_waits"),
    ],
    "a held LAD never holds the S47 of its event, and follows": [
        holds("a_held_allegation_never_holds_the_section_47_beside_it_and_has_a_clock_of_its_own"),
        allegations("only_those_the_matrix_allows_are_told_and_each_as_its_mailbox_may"),
    ],
    "a task with a clock: 1 elapsed hour, or 1 working day": [
        HELD_TASK,
        tasks("any_other_hold_is_the_managers_for_a_working_day"),
        due_times("an_urgent_hold_is_due_in_an_hour_day_and_night_others_in_a_working_day"),
        clocks_firing("a_clock_fires_when_its_time_has_come_and_not_a_moment_before"),
    ],
    "out of hours the emergency duty team has it": [
        holds(
            "out_of_hours_what_is_urgent_goes_to_the_emergency_duty_team_and_the_rest_waits_for_the_office"
        ),
        tasks("out_of_hours_an_urgent_hold_is_the_emergency_duty_teams_for_an_elapsed_hour"),
    ],
    "a held recipient gets the acknowledgement": [
        held_back("a_held_referrer_has_the_acknowledgement_that_everybody_has_and_the_outcome_waits"),
        held_back("released_it_reads_what_everybody_reads_after_the_acknowledgement"),
    ],
    "the hold itself never shows": [UNSEEN],
    "released by a person, and only what this hold held": [
        releasing("a_release_frees_at_once_and_only_what_this_hold_held"),
        releasing("no_reason_releases_an_address_that_nobody_verified"),
        revisions("a_hold_survives_a_revision_until_a_person_acts"),
    ],
    "after release STAFF_LINK goes to one lead, notice only": [
        to_leads("the_lead_gets_one_notice_and_the_shared_mailbox_nothing"),
        to_leads("without_a_verified_lead_nothing_is_released_and_the_answer_says_what_to_do"),
        to_leads("what_comes_later_waits_for_the_lead_again_and_never_reaches_the_shared_mailbox"),
    ],
    "LAD never to the accused's employer's shared mailbox (section 2)": [
        allegations("the_employer_of_the_accused_never_reads_an_allegation_in_its_shared_mailbox"),
        allegations("an_agency_with_linked_staff_never_hears_of_the_allegation"),
    ],
}

MATRIX_ROWS: Rows = {
    "POLICE": [CELL, PLANNED],
    """PROBATION YOUTH_JUSTICE HEALTH_VISITING SCHOOL_NURSING MIDWIFERY EMERGENCY_DEPT CAMHS AMBULANCE
    ACUTE_HOSPITAL OTHER_HEALTH LA_SOCIAL_CARE EARLY_HELP OTHER_LA""": [CELL, PLANNED],
    "ADULT_MENTAL_HEALTH SUBSTANCE_MISUSE": [CELL, PLANNED],
    "GP": [CELL, PLANNED],
    "SCHOOL EDUCATION_SERVICE EARLY_YEARS": [CELL, PLANNED],
    "DENTIST OTHER_PRIMARY_HEALTH FIRE VOLUNTARY OTHER LEGAL_OTHER": [CELL, PLANNED],
    "CHILDMINDER": [CELL, PLANNED, entitlement("anything_else_at_notice_level_is_by_phone_only")],
    "HOUSING LA_INTERNAL": [CELL, PLANNED],
    "FAMILY ACQUAINTANCE SELF OTHER_INDIVIDUAL ANONYMOUS UNKNOWN": [
        CELL,
        PLANNED,
        entitlement("the_public_is_told_nothing_whatever_the_mailbox"),
    ],
}

MATRIX_COLUMNS: Rows = {
    column: [entitlement("the_table_here_names_every_agency_type_and_every_outcome_that_is_sent"), CELL]
    for column in (
        "NFA ADV",
        "SAL EHF",
        "S17 OPN PVF",
        "STR S47S S47J",
        "TRF",
        "CTI",
        "ACC",
        "EMP",
        "LAD",
        "INF",
    )
} | {"DUP": [entitlement("a_duplicate_has_no_cell_of_its_own")]}

FOOTNOTES: Rows = {
    "hub may only lower": [
        lowered("every_cell_may_be_lowered_and_none_kept_or_raised"),
        matrix("a_hub_that_lowers_a_cell_lowers_that_one_and_no_other"),
    ],
    "levels 3, 2, 1, 0": [
        PLAN,
        contract("level_two_drops_the_plan_and_nothing_else"),
        contract("level_one_keeps_references_the_police_sentence_and_contact"),
        revisions("an_agency_that_was_never_told_and_may_not_be_is_no_call"),
    ],
    "statutory partners are the first two rows": [
        entitlement("the_statutory_partners_are_the_first_two_rows_and_the_public_the_last")
    ],
    "an unmanaged mailbox caps at 1": [
        entitlement("an_unsure_mailbox_or_child_lowers_the_message_to_a_notice_that_says_why")
    ],
    "so does having no reference of one's own": [
        entitlement("an_unsure_mailbox_or_child_lowers_the_message_to_a_notice_that_says_why"),
        words("a_notice_says_why_the_outcome_is_not_in_it"),
        GOLDEN,
    ],
    "* 2 with a plan role": [CELL, names("a_plan_role_under_either_name_is_kept")],
    "childminder: never above 1": [
        CELL,
        entitlement("whoever_must_act_on_a_decision_reads_it_even_where_the_matrix_gives_nothing"),
    ],
    "INF: 2/0, and 2 for whoever is asked": [
        CELL,
        names("an_agency_asked_for_information_by_an_old_name_can_read_what_is_asked_of_it_alone"),
    ],
    "DUP: the original's outcome at one's own level": [duplicates("a_duplicate_is_told_at_its_own_level")],
    "SAL: the agency that leads gets 2": [
        entitlement("whoever_must_act_on_a_decision_reads_it_even_where_the_matrix_gives_nothing"),
        entitlement("being_asked_to_act_on_one_outcome_opens_no_other"),
    ],
    "EMP and LAD: fixed, released, managed; else a notice": [
        entitlement("emergency_and_lado_are_no_notice_where_the_mailbox_is_managed_and_the_child_known"),
        render("the_fixed_sentence_reaches_those_entitled_to_it_and_nobody_else"),
        allegations("only_those_the_matrix_allows_are_told_and_each_as_its_mailbox_may"),
    ],
    "the lowest level among the outcomes sent": [
        entitlement("several_outcomes_are_told_at_the_lowest_of_their_levels"),
        matrix("nobody_is_ever_told_more_than_the_lowest_of_the_matrix"),
    ],
    "EMP holds the whole message, LAD only itself": [
        release("emergency_protection_always_holds_the_whole_message"),
        release("an_allegation_never_holds_the_section_47_beside_it"),
    ],
    "unborn: health visiting and midwifery are added": [
        names("an_unborn_child_adds_health_visiting_and_midwifery_once"),
        names("a_child_that_is_born_adds_nobody"),
    ],
}

FRAME_LINES: Rows = {
    "Subject": [FRAME, words("the_subject_is_short_plain_and_gives_nothing_away")],
    "Preheader": [ON_EVERY_MESSAGE],
    "marking, top and foot": [render("the_text_part_is_narrow_plain_and_marked_at_both_ends")],
    "heading": [FRAME, DRAFT],
    "Referral, Child": [
        FRAME,
        where("an_emails_body_has_all_of_it_and_the_plan_for_statutory_partners_alone"),
    ],
    "Your reference": [FRAME, words("an_own_reference_stays_on_its_line")],
    "Your reference: call us to confirm which child": [
        hub_words("an_own_reference_with_letters_that_hide_or_turn_is_not_shown"),
        GOLDEN,
    ],
    "Message": [FRAME],
    "body, WHY, POLICE FORM, WHAT HAPPENS NEXT, OTHER SUPPORT": [FRAME, GOLDEN],
    "TELL US YOU HAVE READ THIS": [
        FRAME,
        link("every_message_has_the_link_once_in_the_text_and_as_a_button_and_in_letters_in_the_html"),
    ],
    "CONTACT US": [FRAME, words("every_message_gives_the_duty_number_and_the_way_to_disagree")],
    "999": [words("the_police_are_told_to_act_and_others_to_call_999")],
    "if you disagree": [words("every_message_gives_the_duty_number_and_the_way_to_disagree")],
    "sent by, reply_line": [FRAME, words("nobody_reads_replies_only_where_no_mailbox_takes_them")],
    "if it should not have come to you": [FRAME],
    "72 columns; HTML in the same order": [
        render("the_text_part_is_narrow_plain_and_marked_at_both_ends"),
        render("the_html_says_what_the_text_says_in_the_same_order"),
    ],
    "opening: referrer, involved": [DRAFT, GOLDEN],
}

DRAFTS: Rows = {
    "1 section 47, joint": [DRAFT],
    "1 section 47, single": [DRAFT, TOLD],
    "2 early help": [DRAFT, words("early_help_adds_that_nobody_needs_to_wait_for_it")],
    "3 no further action": [DRAFT, GOLDEN],
    "4 decision changed": [
        DRAFT,
        revised("every_change_says_what_was_told_what_holds_now_and_which_to_use"),
        revisions("everyone_who_got_the_old_one_is_told_the_new_one_named_or_not"),
    ],
    "5 police reminder": [police_emails("each_reads_whole_as_its_golden")],
    "6 enquiry closed": [DRAFT, updates("each_result_of_an_enquiry_is_said_in_its_words")],
    "7 notice only": [
        DRAFT,
        words("a_notice_says_why_the_outcome_is_not_in_it"),
        render("a_notice_has_the_same_bytes_whatever_was_decided_and_no_word_or_code_of_it"),
    ],
    "fixed sentence: EMP": [FIXED, FIXED_ALONE],
    "fixed sentence: LAD": [FIXED, FIXED_ALONE],
    "both with DO_NOT_TELL_FAMILY": [FIXED_ALONE, FAMILY],
}

SECTIONS: dict[str, Rows] = {
    "2 flags": FLAGS,
    "2 below the outcomes": BELOW_THE_OUTCOMES,
    "6.1": {
        f"{item}: {place}": [test] for item, found in APPEARANCES.items() for place, test in found.items()
    },
    "6.2": MAILBOX_RULES,
    "6.3 rules": HOLD_RULES,
    "6.4 rows": MATRIX_ROWS,
    "6.4 columns": MATRIX_COLUMNS,
    "6.4 footnotes": FOOTNOTES,
    "10.1": FRAME_LINES,
    "10.3": DRAFTS,
    **{name: rows for name, (_, rows) in VOCABULARIES.items()},
}

LATER: dict[str, str] = {
    "2 SSD and CIN mapping": "no return or report is made yet: no code reads the column",
}
"""Rows that this release does not have, and why; none of them may be claimed as tested as well."""


@cache
def all_node_ids() -> frozenset[str]:
    """The node id of every test function that nothing skips or expects to fail."""
    return frozenset(
        f"{path}::{node.name}"
        for path, tree in modules("tests").items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not is_left_out(node)
    )


def is_left_out(test: ast.FunctionDef) -> bool:
    marks = {
        node.attr
        for mark in test.decorator_list
        for node in ast.walk(mark)
        if isinstance(node, ast.Attribute)
    }
    return bool(marks & {"skip", "skipif", "xfail"})


def codes(rows: Rows) -> Iterator[str]:
    return chain.from_iterable(row.split() for row in rows)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_is_exercised_by_a_test_that_exists(section: str) -> None:
    rows = SECTIONS[section]
    assert [row for row, tests in rows.items() if not tests] == []
    assert {row: missing for row, tests in rows.items() if (missing := set(tests) - all_node_ids())} == {}


@pytest.mark.parametrize("section", VOCABULARIES)
def test_every_code_of_a_vocabulary_has_its_row_in_the_vocabularys_order(section: str) -> None:
    vocabulary, rows = VOCABULARIES[section]
    assert list(codes(rows)) == [member.value for member in vocabulary]


def test_the_matrix_has_a_row_for_each_agency_type_and_a_column_for_each_outcome() -> None:
    assert sorted(codes(MATRIX_ROWS)) == sorted(AgencyType)
    assert sorted(codes(MATRIX_COLUMNS)) == sorted(Outcome)


def test_every_item_is_looked_for_in_each_of_the_six_places() -> None:
    assert {item: set(found) for item, found in APPEARANCES.items()} == {
        item: set(USUAL) for item in APPEARANCES
    }


def test_what_is_for_later_says_why_and_is_claimed_nowhere() -> None:
    assert all(why for why in LATER.values())
    claimed = {f"{section.split()[0]} {row}" for section, rows in SECTIONS.items() for row in rows}
    assert not claimed & LATER.keys()
