"""What no registry may say: misleading mail domains, endpoints inside, addresses nobody verified."""

from datetime import date, timedelta
from typing import Any

import pytest

from functions.domain.entitlement import MANAGED_DOMAINS
from functions.domain.registry_rules import (
    Problem,
    Stage,
    misleading,
    problems,
    stale_verifications,
    unfit_target,
)
from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.codes import AgencyType

TODAY = date(2026, 11, 24)
LOCAL = Stage(managed_domains=("secure.example",), local_receivers=("http://127.0.0.1:8080",))


def an_agency(**changes: Any) -> Agency:
    values: dict[str, Any] = {
        "id": "north-police",
        "type": AgencyType.POLICE,
        "name": "North Police",
        "channels": (),
        "own_ref_pattern": "[0-9]{4}",
    }
    return Agency(**{**values, **changes})


def a_mailbox(address: str = "mash@north-police.example", days_ago: int = 0) -> Mailbox:
    return Mailbox(address=address, verified_at=TODAY - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("domain", "like"),
    [
        # a managed domain inside, but not at the end
        ("police.uk.example", "police.uk"),
        ("north.police.uk.example", "police.uk"),
        ("gov.uk.com", "gov.uk"),
        ("nhs.net.example", "nhs.net"),
        ("secure.example.north.example", "secure.example"),
        # its dots written otherwise
        ("gov-uk.example", "gov.uk"),
        ("northshire-gov-uk.example", "gov.uk"),
        ("nhsnet.example", "nhs.net"),
        ("mail-nhsnet.example", "nhs.net"),
        # glued to another word
        ("notgov.uk", "gov.uk"),
        ("northshire-gov.uk", "gov.uk"),
        ("mail.northpolice.uk", "police.uk"),
        ("trust-nhs.net", "nhs.net"),
        # one letter more, fewer, other, or in the other order
        ("nhs.ent", "nhs.net"),
        ("nsh.net", "nhs.net"),
        ("go.uk", "gov.uk"),
        ("goov.uk", "gov.uk"),
        ("gov.ukk", "gov.uk"),
        ("gav.uk", "gov.uk"),
        ("north.polce.uk", "police.uk"),
        ("secure.exampl", "secure.example"),
        # a digit for a letter, or two letters that look like one
        ("g0v.uk", "gov.uk"),
        ("po1ice.uk", "police.uk"),
        ("north.p0lice.uk", "police.uk"),
        ("judlclary.uk", "judiciary.uk"),
        ("nhs.vvales", "nhs.wales"),
        ("p0l1ce.uk.example", "police.uk"),
    ],
)
def test_a_domain_that_looks_like_a_managed_one_is_named_with_it(domain: str, like: str) -> None:
    words = misleading(domain, LOCAL.managed_domains)
    assert words == f"looks like {like} and is not: ask the agency for its real domain"


@pytest.mark.parametrize(
    "domain",
    [
        *MANAGED_DOMAINS,
        *(f"north.{domain}" for domain in MANAGED_DOMAINS),
        "secure.example",
        "police.secure.example",
        "north-police.example",
        "oakfield-school.example",
        "northshire.sch.uk",
        "mod.uk",
        "parliament.uk",
        "gov.scot",
        "gov.wales",
        "trust.org.uk",
        "college.ac.uk",
        "company.co.uk",
        "cjsm.net",
        "trust.nhs.example",
        "policing.example",
        "a.example",
    ],
)
def test_a_plain_domain_is_none_of_our_business(domain: str) -> None:
    assert misleading(domain, LOCAL.managed_domains) is None


@pytest.mark.parametrize("domain", ["xn--bcher-kva.example", "mail.xn--bcher-kva.example", "xn--gv.gov.uk"])
def test_a_domain_in_punycode_is_refused_wherever_it_ends(domain: str) -> None:
    assert "internationalised" in str(misleading(domain, ()))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://outcomes.north-police.example/in", "must begin with https"),
        ("https://outcomes.north-police.example:8443/in", "leave the port out"),
        ("https://outcomes.north-police.example:80/in", "leave the port out"),
        ("https://user@outcomes.north-police.example/in", "no user, no password"),
        ("https://user:word@outcomes.north-police.example/in", "no user, no password"),
        ("https://127.0.0.1/in", "must name a host"),
        ("https://10.1.2.3/in", "must name a host"),
        ("https://169.254.169.254/latest", "must name a host"),
        ("https://8.8.8.8/in", "must name a host"),
        ("https://2130706433/in", "must name a host"),
        ("https://0x7f000001/in", "must name a host"),
        ("https://0x7f.1/in", "must name a host"),
        ("https://0177.0.0.1/in", "must name a host"),
        ("https://127.1/in", "must name a host"),
        ("https://0/in", "must name a host"),
        ("https://localhost/in", "must name a host"),
        ("https://receiver/in", "must name a host"),
        ("https://receiver./in", "must name a host"),
        ("https://receiver..example/in", "must name a host"),
        ("https://-receiver.example/in", "must name a host"),
        ("https://receiver.localhost/in", "inside a network"),
        ("https://receiver.local", "inside a network"),
        ("https://ip-10-0-0-1.eu-west-2.compute.internal/in", "inside a network"),
        ("https://router.home.arpa/in", "inside a network"),
        ("https://xn--bcher-kva.example/in", "internationalised"),
        ("http://127.0.0.1:8081/in", "must begin with https"),
        ("http://127.0.0.1:80800/in", "must begin with https"),
        ("https://127.0.0.1:8080/in", "leave the port out"),
    ],
)
def test_an_endpoint_that_is_no_public_https_name_is_refused_as_it_is_written(url: str, says: str) -> None:
    assert says in str(unfit_target(url, LOCAL.local_receivers))


@pytest.mark.parametrize(
    "url",
    [
        "https://outcomes.north-police.example",
        "https://outcomes.north-police.example/in/a",
        "https://OUTCOMES.north-police.example/in",
        "https://outcomes.north-police.example:443/in",
        "https://outcomes2.police.uk/in",
        "http://127.0.0.1:8080/north-police/outcomes",
    ],
)
def test_a_public_https_name_and_the_local_stages_own_receiver_are_accepted(url: str) -> None:
    assert unfit_target(url, LOCAL.local_receivers) is None


def test_every_problem_names_its_agency_and_field() -> None:
    registry = Registry(
        approved_by="head-of-mash",
        agency=(
            an_agency(
                email=a_mailbox("mash@gov-uk.example"),
                safeguarding_lead=a_mailbox("lead@nhs.ent"),
                webhook=Endpoint(url="http://a.example/"),
                own_ref_pattern="[0-9]{4}\u202e",
            ),
            an_agency(id="south-police", email=a_mailbox(), webhook=Endpoint(url="https://a.example/")),
            an_agency(id="east-police"),
        ),
    )
    found = problems(registry, LOCAL)
    assert [(problem.agency_id, problem.field) for problem in found] == [
        ("north-police", "email.address"),
        ("north-police", "safeguarding_lead.address"),
        ("north-police", "webhook.url"),
        ("north-police", "own_ref_pattern"),
    ]
    assert str(found[2]) == (
        "north-police: webhook.url: must begin with https://: anybody on the way could read the rest"
    )


@pytest.mark.parametrize("pattern", ["[0-9]\n", "[0-9]\x00", "[0-9]\t", "[a-\u0430]"])
def test_a_pattern_with_letters_that_cannot_be_seen_is_refused(pattern: str) -> None:
    registry = Registry(approved_by="head-of-mash", agency=(an_agency(own_ref_pattern=pattern),))
    assert [problem.field for problem in problems(registry, Stage())] == ["own_ref_pattern"]


@pytest.mark.parametrize(
    ("days_ago", "says"),
    [
        (0, None),
        (90, None),
        (91, "2026-08-25 is more than 90 days ago: whoever looks after the agency must ring"),
        (-1, "2026-11-25 has not come yet: write the day"),
    ],
)
def test_an_address_must_have_been_verified_in_the_last_ninety_days(days_ago: int, says: str | None) -> None:
    agency = an_agency(email=a_mailbox(days_ago=days_ago), safeguarding_lead=a_mailbox(days_ago=days_ago))
    found = stale_verifications([agency], TODAY)
    fields = ["email.verified_at", "safeguarding_lead.verified_at"] if says else []
    assert [problem.field for problem in found] == fields
    assert all(says is not None and problem.words.startswith(says) for problem in found)


def test_an_agency_without_mailboxes_has_nothing_to_verify() -> None:
    assert stale_verifications([an_agency()], TODAY) == ()
    assert problems(Registry(approved_by="head-of-mash", agency=(an_agency(),)), Stage()) == ()


def test_a_problem_is_told_in_one_line() -> None:
    assert str(Problem("north-police", "email.address", "no")) == "north-police: email.address: no"
