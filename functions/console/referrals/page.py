"""The list of referrals: what became of each, by the counts, narrowed by a form with an address to share."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from functions.adapters.ledger.listing import MOST_DAYS_LOOKED_AT, MOST_LOOKED_AT, Place, first_day_looked_at
from functions.adapters.registry.directory import Entry
from functions.console.asking import cursor
from functions.console.asking.narrowing import DAY_HINT, MOST_DAYS, day_field, further_back, select
from functions.console.door.request import Answer, Elsewhere, Page, Request
from functions.console.door.visit import Visit, came_to
from functions.console.referrals.standing import Standing
from functions.console.shown.form import Chip, Filters, Line
from functions.console.shown.listing import Around
from functions.console.shown.parts import Link, Tag, Tone
from functions.console.shown.referrals import ReferralLine, Referrals
from functions.console.words.moments import counted, short
from functions.domain.clock import uk_day
from functions.domain.typed import day_typed, id_typed
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_day as uk_day_words
from functions.story.named import upper
from functions.story.vocabulary import FORMS
from schemas.codes import Outcome, RaStatus

A_PAGE = 25
DAYS_BACK = 91
"""Unless somebody asks for more."""
ABOVE = (Link(text="Overview", path="/"),)
GAVE_UP = (
    f"One page looks at {MOST_LOOKED_AT} referrals, or at those of {MOST_DAYS_LOOKED_AT} days. "
    "Narrow the dates, or go on."
)
TOLD_WORDS = {"yes": "Told", "notice": "Notice only", "no": "Not told yet", "held": "Held"}
UNTOLD = "untold"
"""What the overview counts: a child whose referrer the outcome has not reached, whatever keeps it."""
TOLD_CHOICES = {**TOLD_WORDS, UNTOLD: "Not told the outcome, whatever the reason"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody asked for; what is no such value is as if nobody had asked."""

    told: str
    form: str
    outcome: str
    agency: str
    since: date
    until: date
    decided: date | None
    """From which day on."""

    @classmethod
    def of(cls, request: Request, today: date) -> "Narrowed":
        until = min(day_typed(request.asked("until")) or today, today)
        since = day_typed(request.asked("since")) or until - timedelta(days=DAYS_BACK)
        return cls(
            told=request.asked("told") if request.asked("told") in TOLD_CHOICES else "",
            form=request.asked("form") if request.asked("form") in set(RaStatus) else "",
            outcome=request.asked("outcome") if request.asked("outcome") in set(Outcome) else "",
            agency=id_typed(request.asked("agency")),
            since=min(max(since, until - timedelta(days=MOST_DAYS)), until),
            until=until,
            decided=day_typed(request.asked("decided")),
        )

    def takes(self, one: Standing) -> bool:
        """Whether a referral is among them."""
        return (
            self._takes_told(one)
            and (not self.form or one.forms.get(RaStatus(self.form), 0) > 0)
            and (not self.outcome or one.decided_since(self.decided, Outcome(self.outcome)) > 0)
            and (not self.agency or one.referrer == self.agency)
            and (not self.decided or one.decided_since(self.decided) > 0)
        )

    def _takes_told(self, one: Standing) -> bool:
        if self.told == UNTOLD:
            return one.untold_since(self.decided) > 0
        return self.told in ("", one.told_code)

    def children(self, found: Iterable[Standing]) -> str:
        """How many children that is where one thing is asked of them, as the overview counts them: the counts
        do not say of which child each is, so that of two things nobody knows."""
        narrowed = [one for one in (self.form, self.told, self.outcome) if one]
        if narrowed == [UNTOLD]:
            number, what = sum(one.untold_since(self.decided) for one in found), "whose referrer is not told"
        elif self.outcome and narrowed == [self.outcome]:
            outcome = Outcome(self.outcome)
            number = sum(one.decided_since(self.decided, outcome) for one in found)
            what = "with this outcome"
        elif self.decided and not narrowed:
            number, what = sum(one.decided_since(self.decided) for one in found), "decided since then"
        else:
            return ""
        return f", {counted(number, 'child', 'children')} {what}"

    @property
    def asked(self) -> dict[str, str]:
        """As the address says it."""
        codes = {"told": self.told, "form": self.form, "outcome": self.outcome, "agency": self.agency}
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        decided = {"decided": self.decided.isoformat()} if self.decided else {}
        return {name: value for name, value in codes.items() if value} | decided | days

    def address_from(self, day: date) -> str:
        """Of the same from that day on."""
        return f"/referrals?{urlencode(self.asked | {'since': day.isoformat()})}"

    def noted(self, agencies: Collection[str]) -> dict[str, str]:
        """As the trail says it: an agency only if it is one of these."""
        return {name: value for name, value in self.asked.items() if name != "agency" or value in agencies}


def decided_since(day: date, today: date, **narrowed: str) -> str:
    """The address of what was decided on that day or later, whenever it came in: a year back, at most."""
    came_in = today - timedelta(days=MOST_DAYS)
    return f"/referrals?{urlencode({**narrowed, 'decided': day.isoformat(), 'since': came_in.isoformat()})}"


def referrals(visit: Visit) -> Answer:
    """A page of them; a reference that is typed in leads straight to it."""
    if ref := visit.request.asked("ref"):
        visit.note("REFERRAL_BY_REFERENCE", 1)
        return Elsewhere(f"/referrals/{quote(ref.upper(), safe='')}")
    asked = Narrowed.of(visit.request, uk_day(visit.now))
    found = _page(visit, asked)
    agencies = visit.desk.reads.directory.all()
    names = {one.agency_id: one.name for one in agencies}
    shown = came_to(one.ref for one in found.referrals)
    visit.note("REFERRALS", len(found.referrals), {**asked.noted(names), **shown})
    lines = tuple(_line(one, names, visit.now) for one in found.referrals)
    goes_on = cursor.told(found.goes_on, visit.session) if found.goes_on else None
    around = _around(found, asked, agencies, goes_on=goes_on)
    return Page("referrals", "Referrals", Referrals(around=around, lines=lines), above=ABOVE)


@dataclass(frozen=True, slots=True)
class _Found:
    """The referrals of a page; where the next goes on, if there may be one; and whether nobody looked any
    further for some that fit."""

    referrals: list[Standing]
    goes_on: Place | None = None
    gave_up: bool = False


def _page(visit: Visit, asked: Narrowed) -> _Found:
    given = visit.request.asked("from")
    start = cursor.read(given, visit.session) if given else Place(asked.until)
    since = first_day_looked_at(asked.since, start)
    found, last = list[Standing](), start
    for looked_at, listed in enumerate(visit.desk.reads.listing.newest_first(since, start), 1):
        one = Standing.of(listed)
        if asked.takes(one):
            if len(found) == A_PAGE:
                return _Found(found, last)
            found.append(one)
        last = listed.place
        if looked_at == MOST_LOOKED_AT:
            return _Found(found, last, gave_up=True)
    if since > asked.since:
        return _Found(found, Place(since - timedelta(days=1)), gave_up=True)
    return _Found(found)


def _line(one: Standing, names: Mapping[str, str], now: datetime) -> ReferralLine:
    return ReferralLine(
        reference=Link(text=one.ref, path=f"/referrals/{quote(one.ref, safe='')}"),
        about=counted(one.children, "child", "children") if one.children > 1 else "",
        outcome=_outcome_words(one),
        decided=f"Came in: {short(one.first_at, now)}",
        told=_told(one),
        told_detail=f"{one.told} of {one.due_to_be_told}" if one.due_to_be_told > 1 else "",
        police_form=_form(one),
        police_detail=_of_each_child(one),
        referred_by=_referred_by(one, names),
    )


def _referred_by(one: Standing, names: Mapping[str, str]) -> str:
    if one.referrer:
        return names.get(one.referrer, one.referrer)
    return "Not an agency" if one.has_a_source else "Not known yet"


def _outcome_words(one: Standing) -> str:
    several = one.children > 1
    words = []
    for outcome, number in one.outcomes.items():
        of_how_many = f" ({counted(number, 'child', 'children')})" if several else ""
        words.append(f"{upper(LABELS[outcome])}{of_how_many}")
    return ", ".join(words) or "Not decided yet"


def _told(one: Standing) -> Tag:
    tones = {"yes": Tone.GOOD, "notice": Tone.WARN, "no": Tone.BAD, "held": Tone.WARN, "": Tone.QUIET}
    words = {**TOLD_WORDS, "": "Nobody to tell yet" if not one.outcomes else "No agency referred"}
    return Tag(text=words[one.told_code], tone=tones[one.told_code])


def _form(one: Standing) -> Tag:
    """The worst of its children's."""
    worst = next((status for status in _WORST_FIRST if one.forms.get(status)), None)
    return (
        Tag(text=upper(FORMS[worst]), tone=_TONES[worst])
        if worst
        else Tag(text="Not needed, or not checked yet")
    )


def _of_each_child(one: Standing) -> str:
    """Of several children how many forms stand in which way, where they do not all stand alike."""
    if len([number for number in one.forms.values() if number]) < 2:  # noqa: PLR2004
        return ""
    return ", ".join(f"{one.forms[status]} {FORMS[status]}" for status in one.forms)


_WORST_FIRST = (RaStatus.ABSENT, RaStatus.INCORRECT, RaStatus.UNKNOWN, RaStatus.COMPLETE)
_TONES = {
    RaStatus.ABSENT: Tone.BAD,
    RaStatus.INCORRECT: Tone.BAD,
    RaStatus.UNKNOWN: Tone.WARN,
    RaStatus.COMPLETE: Tone.GOOD,
}


def _around(found: _Found, asked: Narrowed, agencies: list[Entry], *, goes_on: str | None) -> Around:
    address, some = urlencode(asked.asked), found.referrals
    notice = GAVE_UP if found.gave_up else None
    number = counted(len(some), "referral") + (" on this page" if goes_on else "")
    on = Link(text="Older referrals", path=f"/referrals?{address}&from={goes_on}") if goes_on else None
    return Around(
        heading=f"{number}{asked.children(some)}, {uk_day_words(asked.since)} to {uk_day_words(asked.until)}",
        filters=_filters(asked, agencies),
        empty=f"No referrals match that came in since {uk_day_words(asked.since)}.",
        clear="/referrals",
        notice=notice,
        next=on,
        further=None if on else further_back(asked.since, asked.until, asked.address_from),
    )


def _filters(asked: Narrowed, agencies: list[Entry]) -> Filters:
    return Filters(
        path="/referrals",
        fields=(
            Line(name="ref", question="Reference", hint="For example NS-26-2HW7LC", width=20),
            select("told", "Referrer told", TOLD_CHOICES, asked.told),
            select(
                "form",
                "Police risk assessment",
                {one.value: upper(FORMS[one]) for one in RaStatus},
                asked.form,
            ),
            select("outcome", "Outcome", {one.value: upper(LABELS[one]) for one in Outcome}, asked.outcome),
            select("agency", "Referred by", {one.agency_id: one.name for one in agencies}, asked.agency),
            day_field("since", "Came in from", asked.since),
            day_field("until", "Came in until", asked.until),
            Line(
                name="decided",
                question="Decided from",
                value=asked.decided.isoformat() if asked.decided else "",
                hint=DAY_HINT,
                width=10,
            ),
        ),
        chips=tuple(_chips(asked, {one.agency_id: one.name for one in agencies})),
    )


def _chips(asked: Narrowed, names: Mapping[str, str]) -> Iterator[Chip]:
    words = {
        "told": TOLD_CHOICES.get(asked.told, ""),
        "form": upper(FORMS[RaStatus(asked.form)]) if asked.form else "",
        "outcome": upper(LABELS[Outcome(asked.outcome)]) if asked.outcome else "",
        "agency": names.get(asked.agency, asked.agency),
        "decided": f"Decided from {uk_day_words(asked.decided)}" if asked.decided else "",
    }
    for name, text in words.items():
        if text:
            others = {other: value for other, value in asked.asked.items() if other != name}
            yield Chip(text=text, path=f"/referrals?{urlencode(others)}")
