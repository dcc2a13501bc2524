"""The bytes that the trail's hashes stand on: one spelling for each record, for good."""

import hashlib
import json
import unicodedata
from base64 import b64encode
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.record import GENESIS, Record, canonical, commitment, uid

A_RECORD: Final[Record] = {
    "pk": "R#NS-26-7KQ4ZP",
    "sk": "E#000001",
    "v": 1,
    "uid": "00112233445566778899aabbccddeeff",
    "type": "DECISION",
    "at": "2026-11-24T15:02:30.000Z",
    "actor": "mash.case-system",
    "cause": "0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c11",
    "prev": GENESIS,
    "salt": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "child": 1,
    "dver": 1,
    "outcome": "S47J",
    "additional": [],
    "flags": ["REASON_MISSING"],
    "stale": False,
    "cipher": b"\x00\x01\xfe\xff",
}
GOLDEN_BYTES: Final = (
    b'{"actor":"mash.case-system","additional":[],"at":"2026-11-24T15:02:30.000Z",'
    b'"cause":"0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c11","child":1,"cipher":"AAH+/w==","dver":1,'
    b'"flags":["REASON_MISSING"],"outcome":"S47J","pk":"R#NS-26-7KQ4ZP",'
    b'"prev":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"salt":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","sk":"E#000001","stale":false,"type":"DECISION",'
    b'"uid":"00112233445566778899aabbccddeeff","v":1}'
)
GOLDEN_COMMITMENT: Final = "baf83792fccef74950f43a3b225838ff9484b9d48a4926720ceafe048457801d"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    texts | st.integers(-(10**20), 10**20) | st.booleans() | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
records = st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), values, max_size=6)


def test_a_known_record_keeps_its_bytes_and_its_commitment_for_good() -> None:
    assert canonical(A_RECORD) == GOLDEN_BYTES
    assert commitment(A_RECORD) == GOLDEN_COMMITMENT


def test_the_golden_commitment_can_be_computed_without_us() -> None:
    assert hashlib.sha256(b"mash-audit/v1\n" + GOLDEN_BYTES).hexdigest() == GOLDEN_COMMITMENT


@given(records, st.randoms(use_true_random=False))
def test_the_order_in_which_a_record_was_built_leaves_no_mark(record: dict[str, Any], chance: Any) -> None:
    shuffled = list(record.items())
    chance.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(record)


@given(records)
def test_a_records_bytes_are_json_without_spaces_that_reads_back_to_the_same_bytes(
    record: dict[str, Any],
) -> None:
    spelled = canonical(record)
    again = json.loads(spelled)
    assert canonical(again) == spelled
    assert unicodedata.is_normalized("NFC", spelled.decode())


@given(records, st.sampled_from(["a", "v", "new"]))
def test_any_change_changes_the_commitment(record: dict[str, Any], name: str) -> None:
    changed = {**record, name: [record.get(name, ""), 1]}
    assert commitment(changed) != commitment(record)


def test_two_spellings_of_one_letter_are_one_record() -> None:
    composed, decomposed = "re\u00e9", "ree\u0301"
    assert composed != decomposed
    assert canonical({"a": [decomposed]}) == canonical({"a": [composed]}) == '{"a":["re\u00e9"]}'.encode()


def test_truth_is_not_the_number_one() -> None:
    assert canonical({"a": True}) == b'{"a":true}'
    assert canonical({"a": 1}) == b'{"a":1}'


def test_bytes_are_base64_with_padding() -> None:
    assert canonical({"a": b"\xfb\xff\xfe\x00"}) == b'{"a":"' + b64encode(b"\xfb\xff\xfe\x00") + b'"}'


@pytest.mark.parametrize("value", [1.0, 1.5, float("nan"), None, Decimal(1), {1, 2}, object()])
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value], lambda value: {"in": value}])
def test_what_has_more_than_one_spelling_is_refused(value: Any, wrap: Any) -> None:
    with pytest.raises(TypeError, match=f"a record holds no {type(value).__name__}"):
        canonical({"a": wrap(value)})


def test_the_first_record_links_to_thirty_two_zero_bytes() -> None:
    assert bytes.fromhex(GENESIS) == bytes(32)


def test_a_rows_identity_is_the_same_for_the_same_facts_and_no_others() -> None:
    assert uid("DECISION", "R#A", "1") == hashlib.sha256(b"DECISION|R#A|1").hexdigest()[:32]
    assert uid("DECISION", "R#A", "1") != uid("DECISION", "R#A", "2")
