"""The hub's own words: labels, teams, councils and services by the names in its directory, and no others."""

from collections.abc import Callable
from typing import Final

import pytest
from pydantic import ValidationError

from functions.domain.wording.message import NO_OWN_REF, compose
from functions.domain.wording.outcomes import FIXED
from schemas.codes import AgencyType, Level, NextStep, Outcome, SupportCode
from schemas.notice import FrozenLabels, SupportContact
from tests.notices import a_hub_contact, a_notice, pins
from tests.unit.test_wording import TOLD, TOLD_IN_FULL, prose

HOSTILE: Final = {
    "markup": "<b>Northshire</b>",
    "line feed": "Northshire\nBcc: someone@else.example",
    "carriage return": "Northshire\r\nSubject: other",
    "right-to-left override": "Northshire \u202ehsam",
    "zero-width space": "North\u200bshire",
    "template": "{{ contact }}",
    "format field": "{phone}",
    "double quote": 'Northshire" onmouseover="x',
    "letters that only look alike": "N\u043erthshire",
    "line separator": "North\u2028shire",
    "nothing": "",
    "too much": "N" * 201,
}


@pytest.mark.parametrize("outcome", TOLD_IN_FULL)
def test_the_hubs_own_name_for_an_outcome_is_said_once(outcome: Outcome) -> None:
    notice = a_notice(outcome=outcome, labels=FrozenLabels(outcomes={outcome: "Our  own words."}))
    assert compose(notice, pins()).paragraphs[0].endswith(" We call this: Our own words.")


def test_an_additional_outcome_has_the_hubs_own_name() -> None:
    labels = FrozenLabels(outcomes={Outcome.EHF: "Family Help"})
    notice = a_notice(additional=(Outcome.EHF, Outcome.STR), labels=labels)
    told = compose(notice, pins()).paragraphs
    assert "We have also decided: Family Help." in told
    assert "We have also decided: strategy discussion." in told


@pytest.mark.parametrize("outcome", TOLD)
def test_a_label_shows_neither_in_a_notice_nor_beside_a_fixed_sentence(outcome: Outcome) -> None:
    labels = FrozenLabels(outcomes=dict.fromkeys(Outcome, "Our own words"))
    recipients = [pins(level=Level.NOTICE)] + ([pins()] if outcome in FIXED else [])
    for recipient in recipients:
        assert "Our own words" not in repr(compose(a_notice(outcome=outcome, labels=labels), recipient))


def test_a_team_that_the_directory_does_not_list_is_not_repeated() -> None:
    notice = a_notice(lead_team_code="JANE_SMITH_TEAM", labels=FrozenLabels())
    said = repr(compose(notice, pins())).lower()
    assert "jane" not in said
    assert "the lead contact is the duty social worker. to reach them, call us on 01632 960 100." in said


@pytest.mark.parametrize(
    ("name", "accepted", "said"),
    [
        (
            "West Moorshire Council",
            True,
            "We have passed your referral to West Moorshire Council. They have accepted it.",
        ),
        (
            "West Moorshire Council",
            False,
            (
                "We have passed your referral to West Moorshire Council."
                " They have not yet told us that they accept it."
            ),
        ),
        (
            None,
            None,
            (
                "We have passed your referral to the other council."
                " They have not yet told us that they accept it."
            ),
        ),
    ],
)
def test_a_transfer_names_the_council_as_listed_and_whether_it_has_accepted(
    name: str | None, said: str, *, accepted: bool | None
) -> None:
    notice = a_notice(
        outcome=Outcome.TRF,
        receiving_la="JANE_SMITHSHIRE",
        transfer_accepted=accepted,
        labels=FrozenLabels(receiving_la=name),
    )
    message = compose(notice, pins())
    assert said in message.paragraphs
    assert "jane" not in repr(message).lower()


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({}, ("Family hub.", "School nursing.", "Call us for their contact details.")),
        (
            {SupportCode.FAMILY_HUB: SupportContact(name="Northshire Family Hub", phone="01632 960 120")},
            (
                "Northshire Family Hub, 01632 960 120.",
                "School nursing.",
                "Call us for the other contact details.",
            ),
        ),
        (
            {
                SupportCode.FAMILY_HUB: SupportContact(name="Northshire Family Hub", phone="01632 960 120"),
                SupportCode.SCHOOL_NURSING: SupportContact(name="School Nurses", phone="01632 960 121"),
            },
            ("Northshire Family Hub, 01632 960 120.", "School Nurses, 01632 960 121."),
        ),
        (
            {SupportCode.FAMILY_HUB: SupportContact(name="Northshire Family Hub")},
            ("Northshire Family Hub.", "School nursing.", "Call us for their contact details."),
        ),
    ],
)
def test_a_service_has_the_name_and_number_of_the_directory(
    listed: dict[SupportCode, SupportContact], said: tuple[str, ...]
) -> None:
    notice = a_notice(
        outcome=Outcome.NFA,
        support_codes=(SupportCode.FAMILY_HUB, SupportCode.SCHOOL_NURSING),
        labels=FrozenLabels(support=listed),
    )
    assert compose(notice, pins()).support == said


def test_a_service_kept_from_a_reader_is_kept_by_its_own_name_too() -> None:
    listed = {SupportCode.DOMESTIC_ABUSE_SERVICE: SupportContact(name="Safe Harbour", phone="01632 960 130")}
    notice = a_notice(
        support_codes=(SupportCode.DOMESTIC_ABUSE_SERVICE,), labels=FrozenLabels(support=listed)
    )
    assert compose(notice, pins()).support == ("Safe Harbour, 01632 960 130.",)
    assert compose(notice, pins(agency_type=AgencyType.SCHOOL)).support == ("Call us about support.",)


@pytest.mark.parametrize(
    ("days", "said"), [(1, "1 working day"), (5, "5 working days"), (10, "10 working days")]
)
def test_early_help_makes_contact_within_the_hubs_own_days(days: int, said: str) -> None:
    notice = a_notice(
        outcome=Outcome.EHF,
        next_step_codes=(NextStep.EARLY_HELP_CONTACT,),
        labels=FrozenLabels(early_help_working_days=days),
    )
    assert compose(notice, pins()).next_steps == (
        f"The early help team will contact the family within {said}.",
    )


BUILDERS: Final[dict[str, Callable[[str], object]]] = {
    "outcomes": lambda text: FrozenLabels(outcomes={Outcome.EHF: text}),
    "team": lambda text: FrozenLabels(team=text),
    "receiving_la": lambda text: FrozenLabels(receiving_la=text),
    "name": lambda text: SupportContact(name=text),
    "phone": lambda text: SupportContact(name="Family hub", phone=text),
    "hub_name": lambda text: a_hub_contact(hub_name=text),
    "duty_hours": lambda text: a_hub_contact(duty_hours=text),
    "duty_phone": lambda text: a_hub_contact(duty_phone=text),
    "out_of_hours_phone": lambda text: a_hub_contact(out_of_hours_phone=text),
    "marking": lambda text: a_hub_contact(marking=text),
    "escalation_url": lambda text: a_hub_contact(escalation_url=text),
    "publisher_url": lambda text: a_hub_contact(publisher_url=text),
    "reply_to": lambda text: a_hub_contact(reply_to=text),
}


@pytest.mark.parametrize("hostile", sorted(HOSTILE))
@pytest.mark.parametrize("field", sorted(BUILDERS))
def test_a_hostile_configured_value_is_refused_by_its_field(field: str, hostile: str) -> None:
    around = {"escalation_url": ("https://a.example/", ""), "reply_to": ("", "@a.example")}
    before, after = around.get(field, ("", "")) if hostile not in {"nothing", "too much"} else ("", "")
    with pytest.raises(ValidationError) as refused:
        BUILDERS[field](f"{before}{HOSTILE[hostile]}{after}")
    assert field in {str(part) for part in refused.value.errors()[0]["loc"]}


@pytest.mark.parametrize("own_ref", ["A1\u202eB2", "A1\u200bB2", "A1\x1b[31m", "\u0410\u0411/1", "  "])
def test_an_own_reference_with_letters_that_hide_or_turn_is_not_shown(own_ref: str) -> None:
    assert compose(a_notice(), pins(own_ref=own_ref)).references.yours == NO_OWN_REF


def test_a_label_is_never_taken_for_a_template() -> None:
    labels = FrozenLabels.model_construct(
        outcomes={Outcome.S47J: "{phone} {{ m }}"},
        team="{phone}",
        receiving_la=None,
        support={},
        early_help_working_days=5,
    )
    notice = a_notice().model_copy(update={"labels": labels})
    said = prose(compose(notice, pins()))
    assert "We call this: {phone} {{ m }}" in said
    assert "duty social worker, {phone}." in said
