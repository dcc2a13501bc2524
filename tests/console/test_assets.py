"""What is served beside the pages: fit for a council, named by its content, and as it was vendored."""

import hashlib
import re

import pytest

from functions.console.paint.assets import NotAColourError, assets, image, stylesheet
from infra.govuk_css import STATIC, UpstreamChangedError, council_css

GREEN, BLUE, MARKING = "#00594f", "#12436d", "OFFICIAL-SENSITIVE"
UPSTREAM = (
    ':root{--govuk-frontend-version:"6.6.0";--govuk-brand-colour:#1d70b8;}'
    "@font-face{font-family:GDS Transport;src:url(/a.woff2)}@font-face{font-family:GDS Transport;src:url(/b)}"
    ".govuk-body{font-family:GDS Transport,arial,sans-serif}"
    '.govuk-footer__crown,.govuk-body>a[href^="{"]:not(.b,.c){color:red}'
    "@media print{.govuk-header{color:red}.govuk-tag{a:b}}@supports (a:b){.govuk-panel{c:d}}"
    ".govuk-footer__copyright-logo{a:url(govuk-crest.svg);b:url(govuk-crest.svg);c:url(govuk-crest.svg)}"
)


def test_the_council_sheet_keeps_what_we_use_and_nothing_a_council_may_not() -> None:
    assert council_css(UPSTREAM) == (
        ':root{--govuk-frontend-version:"6.6.0";--govuk-brand-colour:#00594f;}'
        '.govuk-body{font-family:"Helvetica Neue",Helvetica,Arial,sans-serif}'
        '.govuk-body>a[href^="{"]:not(.b,.c){color:red}'
        "@media print{.govuk-tag{a:b}}\n"
    )


@pytest.mark.parametrize(
    ("known", "changed"),
    [
        ('"6.6.0"', '"6.7.0"'),
        ("#1d70b8", "#000000"),
        ("@font-face{font-family:GDS Transport;src:url(/b)}", ""),
        ("GDS Transport,arial,sans-serif", "GDS Transport,sans-serif"),
        (".govuk-body{", ".govuk-body{background:url(govuk-crown.svg);"),
        ("c:url(govuk-crest.svg)", ""),
    ],
)
def test_what_upstream_changes_is_noticed(known: str, changed: str) -> None:
    with pytest.raises(UpstreamChangedError):
        council_css(UPSTREAM.replace(known, changed))


def test_the_vendored_sheet_is_as_it_was_made() -> None:
    lines = (STATIC / "govuk-frontend.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert (
        listed["govuk-frontend.css"]
        == hashlib.sha256((STATIC / "govuk-frontend.css").read_bytes()).hexdigest()
    )
    assert "govuk-frontend-6.6.0.tgz" in listed
    assert "6.6.0" in (STATIC / "LICENCE-govuk-frontend.txt").read_text(encoding="utf-8")


def test_nothing_remote_no_crown_and_no_font_of_the_governments_is_served() -> None:
    served = b"".join(asset.body for asset in assets(GREEN, MARKING).values()).decode()
    assert not re.search(r"url\(|@import|@font-face|crown|crest|GDS Transport", served)


def test_a_name_changes_with_the_content_and_with_nothing_else() -> None:
    assert stylesheet(GREEN, MARKING).path == stylesheet(GREEN, MARKING).path
    assert stylesheet(GREEN, MARKING).path != stylesheet(BLUE, MARKING).path
    assert image("icon.svg").path != image("hub.svg").path


def test_a_hub_has_its_own_colour_and_its_marking_on_every_sheet_of_paper() -> None:
    sheet = stylesheet(BLUE, MARKING).body.decode()
    assert sheet.rindex("--govuk-brand-colour:#12436d") > sheet.index("--govuk-brand-colour:#00594f")
    assert r'@top-center{font:700 9pt Arial,sans-serif;content:"OFFICIAL\00002dSENSITIVE"}' in sheet


def test_a_marking_cannot_leave_its_string() -> None:
    sheet = stylesheet(GREEN, '"}*{display:none}').body.decode()
    assert r'content:"\000022\00007d\00002a\00007bdisplay\00003anone\00007d"' in sheet


@pytest.mark.parametrize("colour", ["", "green", "#FFF", "#00594f;}", "#00594F"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(NotAColourError):
        stylesheet(colour, MARKING)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG counts it."""
    lights = []
    for colour in (one, other):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize(
    ("part", "colour", "least"),
    [
        ("bar", "#12436d", 4.5),
        ("part", "#12436d", 4.5),
        ("line", "#12436d", 4.5),
        ("dot", "#12436d", 4.5),
        ("before", "#0b0c0c", 4.5),
        ("target", "#801650", 4.5),
        ("goal", "#801650", 4.5),
        ("quiet", "#484949", 4.5),
        ("foot", "#484949", 3),
    ],
)
def test_what_axe_cannot_tell_of_a_chart_stands_out_from_white(part: str, colour: str, least: float) -> None:
    rules = "".join(
        re.findall(
            rf"\.mo-chart__{part} \{{([^}}]*)\}}", (STATIC / "console.css").read_text(encoding="utf-8")
        )
    )
    assert colour in rules
    assert contrast(colour, "#ffffff") >= least


def test_white_stands_out_from_the_colour_of_the_sample_hub() -> None:
    assert contrast(GREEN, "#ffffff") == pytest.approx(8.26, abs=0.01)
