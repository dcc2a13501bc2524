"""What each rule of the police check finds missing, in a few plain words for police and MASH readers."""

from collections.abc import Iterable
from typing import Final

from schemas.risk_assessment import RaRule

RULE_WORDS: Final[dict[RaRule, str]] = {
    RaRule.RA01: "police reference missing or wrong",
    RaRule.RA02: "names another referral",
    RaRule.RA03: "who wrote it is not stated in full",
    RaRule.RA04: "dates or times missing or wrong",
    RaRule.RA05: "children not all listed or counted",
    RaRule.RA06: "not said if the child was seen, or why not",
    RaRule.RA07: "not said if the child was spoken to alone, or why not",
    RaRule.RA08: "what the child said or showed is not recorded in full",
    RaRule.RA09: "adults or their link to the child missing",
    RaRule.RA10: "neglect questions not answered in full",
    RaRule.RA11: "other risk questions not all answered",
    RaRule.RA12: "a records check not done, and no reason",
    RaRule.RA13: "risk grade missing or not on the scale",
    RaRule.RA14: "no reason for the risk grade",
    RaRule.RA15: "first action not recorded in full",
    RaRule.RA16: "no next step recommended",
    RaRule.RA17: "crime or officer details missing",
    RaRule.RA18: "a further assessment missing, and no reason",
    RaRule.RA19: "not said if the family knows or is safe to contact",
    RaRule.RA20: "supervisor's review missing or not valid",
    RaRule.RA21: "answers do not fit together",
    RaRule.RA22: "grade changed without a reason",
}
"""True of every way in which the rule fails, and says nothing about the child: RA18 is asked only where one
concern is present, so its words do not name that concern."""


def rules_in_words(rules: Iterable[str]) -> str:
    """`RA10 (neglect questions not answered in full), RA15 (...)`; empty without rules."""
    return ", ".join(f"{rule} ({RULE_WORDS[RaRule(rule)]})" for rule in rules)
