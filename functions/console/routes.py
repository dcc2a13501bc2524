"""Every page that needs somebody to be signed in, who may look at it, and who may do what it offers."""

from functions.console.access.page import access
from functions.console.agencies.endpoint_acts import (
    endpoint_paused,
    endpoint_resumed,
    pause_page,
    resume_page,
)
from functions.console.agencies.page import agencies, agency
from functions.console.agencies.recovering import recovered, recovery
from functions.console.agencies.trial import trial_sent
from functions.console.door.guard import Route
from functions.console.door.roles import AUDITORS, EVERYBODY, MANAGERS, OF_THE_MASH, POLICE_DESK, TAKERS
from functions.console.help.page import help_page
from functions.console.messages.message import message, preview, send_message_again
from functions.console.messages.page import messages, messages_to_take, take_messages
from functions.console.messages.stop import message_stopped, stop_message
from functions.console.overview.home import home
from functions.console.police_desk.checklist import KEPT, checklist, record_form
from functions.console.police_desk.page import police_desk
from functions.console.referrals.chronology import chronology
from functions.console.referrals.file import record_to_take, take_record
from functions.console.referrals.page import referrals
from functions.console.referrals.phone_call import call_recorded, phone_call
from functions.console.referrals.referral import referral
from functions.console.reports.page import reports, take_away
from functions.console.worklist.item import end_work_item, work_item
from functions.console.worklist.page import worklist
from functions.console.worklist.sampling import sampling

ROUTES: tuple[Route, ...] = (
    Route("/", home, may_look=EVERYBODY),
    Route("/agencies", agencies, may_look=OF_THE_MASH),
    Route(
        "/agencies/<agency_id>",
        agency,
        may_look=OF_THE_MASH,
        does=trial_sent,
        may_act=MANAGERS,
    ),
    Route("/messages", messages, may_look=OF_THE_MASH),
    Route(
        "/messages/<message_id>",
        message,
        may_look=OF_THE_MASH,
        does=send_message_again,
        may_act=MANAGERS,
    ),
    Route(
        "/messages/<message_id>/stop",
        stop_message,
        may_look=MANAGERS,
        does=message_stopped,
        may_act=MANAGERS,
    ),
    Route("/messages/download", messages_to_take, may_look=TAKERS, does=take_messages, may_act=TAKERS),
    Route("/messages/<message_id>/preview", preview, may_look=OF_THE_MASH),
    Route("/worklist", worklist, may_look=OF_THE_MASH),
    Route(
        "/worklist/<partition>/<task>",
        work_item,
        may_look=OF_THE_MASH,
        does=end_work_item,
        may_act=MANAGERS,
    ),
    Route("/referrals", referrals, may_look=OF_THE_MASH),
    Route("/referrals/<ref>", referral, may_look=OF_THE_MASH),
    Route("/referrals/<ref>/chronology", chronology, may_look=OF_THE_MASH),
    Route("/referrals/<ref>/download", record_to_take, may_look=TAKERS, does=take_record, may_act=TAKERS),
    Route(
        "/referrals/<ref>/call",
        phone_call,
        may_look=MANAGERS,
        does=call_recorded,
        may_act=MANAGERS,
    ),
    Route("/agencies/<agency_id>/pause", pause_page, MANAGERS, does=endpoint_paused, may_act=MANAGERS),
    Route("/agencies/<agency_id>/resume", resume_page, MANAGERS, does=endpoint_resumed, may_act=MANAGERS),
    Route("/agencies/<agency_id>/recover", recovery, MANAGERS, does=recovered, may_act=MANAGERS),
    Route("/reports", reports, may_look=OF_THE_MASH, does=take_away, may_act=TAKERS),
    Route("/access", access, may_look=AUDITORS),
    Route("/help", help_page, may_look=EVERYBODY),
    Route("/police-desk", police_desk, may_look=POLICE_DESK),
    Route(
        "/police-desk/<ref>/<child>",
        checklist,
        may_look=POLICE_DESK,
        does=record_form,
        may_act=POLICE_DESK,
        keeps=KEPT,
    ),
    Route("/sampling", sampling, may_look=OF_THE_MASH),
)
