"""The police desk's checklist: empty, wrong, and with a newer form that came meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.form import Line, Radios, Select
from functions.console.shown.parts import Done, Fact, Link, Tag, Tone
from functions.console.shown.police_desk import Checklist, FormOnRecord, Part, Rule
from functions.domain.wording.police_rules import RULE_WORDS
from tests.console.samples.around import DESK, Sample, frame
from tests.console.samples.forms import options

ADVICE = ("RA16", "RA19")
MISSING = ("RA10", "RA13", "RA15")


def question(code: str) -> Radios | Line | Select:
    if code == "RA01":
        return Line(name=code, question="Police reference", width=20)
    if code == "RA13":
        return Select(name=code, question="Risk grade", options=options("Choose a grade", "High", "Standard"))
    return Radios(
        name=code,
        question=f"Is {code} on the form?",
        options=options("Yes", "No", "Not asked for"),
        is_inline=True,
    )


RULES = tuple(
    Rule(
        code=code.value,
        words=words,
        is_mandatory=code.value not in ADVICE,
        fields=(question(code.value),),
        missing="Missing from the form we hold" if code.value in MISSING else None,
        is_missing=code.value in MISSING,
    )
    for code, words in RULE_WORDS.items()
)


def part(heading: str, *rules: Rule) -> Part:
    missing = sum(rule.is_missing for rule in rules)
    state = (
        Tag(text=f"{missing} missing", tone=Tone.WARN)
        if missing
        else Tag(text="Nothing missing", tone=Tone.GOOD)
    )
    return Part(heading=heading, rules=rules, state=state)


FIRST = FormOnRecord(
    heading="The form we hold",
    facts=(
        Fact(label="From", text="Police feed"),
        Fact(label="Came", text="Today, 7:58am"),
        Fact(label="Check", tag=Tag(text="Not complete: 3 items missing", tone=Tone.WARN)),
    ),
    missing=(
        "RA10 neglect questions not answered in full",
        "RA13 risk grade missing or not on the scale",
        "RA15 first action not recorded in full",
    ),
)
EMPTY = Checklist(
    reference="NS-26-004179",
    about="Police risk assessment, child 1",
    panel=(
        Fact(label="Form", tag=Tag(text="Not complete: 3 items missing", tone=Tone.WARN)),
        Fact(label="Due", text="Today, 5:00pm"),
        Fact(label="Force", text="Northshire Police"),
    ),
    on_record=(FIRST,),
    parts=(part("References and dates", *RULES[:4]), part("The child and their risks", *RULES[4:])),
    path="/police-desk/NS-26-004179/1",
)
TWO = replace(
    EMPTY,
    notice="A newer form arrived at 8:44am. Yours was not saved. Compare the two.",
    on_record=(
        replace(
            FIRST,
            heading="The newer form",
            facts=(
                Fact(label="From", text="Police feed"),
                Fact(label="Came", text="Today, 8:44am"),
                Fact(label="Check", tag=Tag(text="Complete", tone=Tone.GOOD)),
            ),
            missing=(),
        ),
        replace(FIRST, heading="The form you started from"),
    ),
    parts=(part("References and dates", *RULES[:2]),),
)
WRONG = replace(
    EMPTY,
    on_record=(),
    parts=(
        part(
            "References and dates",
            replace(
                RULES[0],
                fields=(Line(name="RA01", question="Police reference", error="Enter the reference"),),
            ),
            replace(
                RULES[12],
                fields=(
                    Select(
                        name="RA13",
                        question="Risk grade",
                        options=options("Choose a grade", "High"),
                        error="Choose a grade",
                    ),
                ),
            ),
        ),
    ),
    done=Done(title="Draft kept", text="What you chose is below."),
)


def samples() -> Iterator[Sample]:
    above = (Link(text="Police desk", path="/police-desk"),)
    for name, page, is_wrong in (
        ("checklist", EMPTY, False),
        ("checklist-newer-form", TWO, False),
        ("checklist-wrong", WRONG, True),
    ):
        around = frame(page.reference, "Police desk", above, user=DESK, is_wrong=is_wrong)
        yield Sample(name=name, template="checklist", frame=around, page=page)
