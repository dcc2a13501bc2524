"""What templates must never do: let data through unescaped, name what no model has, or grow heavy."""

import gzip
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, ModuleLoader, UndefinedError, nodes

from functions.adapters import render
from functions.adapters.render import render_console
from functions.console.paint.assets import assets
from functions.console.shown.parts import Link
from functions.console.shown.sign_in import SignedOut
from tests.console.samples.all import SAMPLES
from tests.console.samples.around import HUB, Sample, frame, url
from tests.console.samples.changed import changed

TEMPLATES = Path(__file__).parents[2] / "functions" / "templates" / "console"
FIRST_VISIT = 25 * 1024
HOSTILE = "<script>alert('1')</script>\" onmouseover='x"
AS_IT_IS = {
    *("govuk-checkboxes", "govuk-pagination__item", "govuk-radios", "govuk-table__body", "govuk-table__row"),
    *("govuk-table__head", "govuk-table__caption--s"),
    *("mo-icon--quiet", "mo-seal--quiet", "mo-tag--quiet", "mo-tile--quiet"),
}
"""Classes that need no rule: what they name looks right without one."""


def parsed() -> Iterator[tuple[str, nodes.Template]]:
    for path in sorted(TEMPLATES.glob("*.jinja")):
        yield path.name, Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def test_no_data_reaches_a_macro_as_html() -> None:
    keys = {"html", "summaryHtml", "titleHtml", "descriptionHtml"}
    found = [
        name
        for name, tree in parsed()
        for pair in tree.find_all(nodes.Pair)
        if isinstance(pair.key, nodes.Const) and pair.key.value in keys
    ]
    assert not found


def test_only_words_of_the_template_itself_are_called_safe() -> None:
    safe = [
        (name, one.node)
        for name, tree in parsed()
        for one in tree.find_all(nodes.Filter)
        if one.name == "safe"
    ]
    assert safe
    assert not [name for name, node in safe if not isinstance(node, nodes.Const)]


def test_a_page_is_the_same_by_templates_that_the_package_has_as_python(tmp_path: Path) -> None:
    render.precompile(tmp_path)
    compiled = render._console().overlay()  # noqa: SLF001 - as the package makes it, but for what it loads from
    compiled.loader = ModuleLoader(tmp_path / "console")
    for sample in SAMPLES:
        template = compiled.get_template(f"{sample.template}.html.jinja")
        drawn = template.render(frame=sample.frame, page=sample.page, url=url)
        assert drawn == render_console(sample.template, frame=sample.frame, page=sample.page, url=url)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_hostile_text_is_shown_as_text_wherever_it_stands(sample: Sample) -> None:
    page = render_console(
        sample.template, frame=changed(sample.frame, HOSTILE), page=changed(sample.page, HOSTILE), url=url
    )
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "onmouseover='x" not in page.replace("&#39;", "")


def test_a_field_that_no_model_has_is_a_mistake_at_once_and_not_an_empty_place() -> None:
    other = SignedOut(sign_in=Link(text="Sign in", path="/sign-in"))
    with pytest.raises(UndefinedError, match="no attribute 'notice'"):
        render_console("sign_in", frame=frame("Sign in"), page=other, url=url)


def test_every_class_of_a_page_has_a_rule() -> None:
    sheets = "".join(asset.body.decode() for asset in assets(HUB.brand, HUB.marking).values())
    ruled = set(re.findall(r"\.((?:govuk|mo)-[\w-]+)", sheets))
    used = set(chain.from_iterable(re.findall(r'class="([^"]*)"', sample.html) for sample in SAMPLES))
    unruled = {one for names in used for one in names.split()} - ruled
    assert unruled <= AS_IT_IS


def test_every_link_goes_through_the_stage() -> None:
    for sample in SAMPLES:
        found = re.findall(r'(?:href|action|src)="([^"]*)"', sample.html)
        assert found
        assert not [one for one in found if not one.startswith(("/demo/", "#"))], sample.name


def test_every_form_that_changes_something_carries_the_token() -> None:
    for sample in SAMPLES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', sample.html, re.DOTALL):
            assert 'name="csrf" value="invented-token"' in form, sample.name


def test_no_id_stands_twice_on_a_page() -> None:
    for sample in SAMPLES:
        ids = re.findall(r'\sid="([^"]*)"', sample.html)
        assert len(ids) == len(set(ids)), sample.name


def test_a_first_visit_is_small() -> None:
    beside = sum(len(gzip.compress(one.body, 9)) for one in assets(HUB.brand, HUB.marking).values())
    heaviest = max(len(gzip.compress(sample.html.encode(), 9)) for sample in SAMPLES)
    assert beside + heaviest <= FIRST_VISIT
