"""A referral's key opens what it sealed, beside the record it was sealed for, and nothing else."""

import base64
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.errors import BusyError, UnreadableError
from functions.adapters.vault import DataKey, Vault
from tests.adapters.unreached import OVERLOADED, REFUSED, UNREACHED
from tests.stage_tables import REGION
from tests.world import a_key

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

SCOPE = "R#NS-26-7KQ4ZP"
RECORD = f"{SCOPE}|00112233445566778899aabbccddeeff"
NONCE = bytes(range(12))
KEY = DataKey(plain=bytes(range(32)), wrapped=b"wrapped")
ANOTHER_KEY = DataKey(plain=bytes(32), wrapped=b"wrapped")


def counting() -> Callable[[int], bytes]:
    """Nonces that a test can tell apart."""
    numbers = iter(range(1000))
    return lambda size: next(numbers).to_bytes(size)


@pytest.fixture
def vault(aws: None) -> Vault:
    return Vault(boto3.client("kms", region_name=REGION), a_key(), counting())


@given(st.binary(max_size=200), st.binary(min_size=12, max_size=12))
def test_what_was_sealed_opens_beside_its_record(content: bytes, nonce: bytes) -> None:
    cipher = KEY.seal(content, bound_to=RECORD, nonce=nonce)
    assert KEY.open(cipher, bound_to=RECORD) == content


def test_sealed_content_does_not_open_beside_another_record_or_with_another_key() -> None:
    cipher = KEY.seal(b"codes", bound_to=RECORD, nonce=NONCE)
    for key, record in [(ANOTHER_KEY, RECORD), (KEY, RECORD + "0"), (KEY, "R#NS-26-OTHER|" + RECORD[-32:])]:
        with pytest.raises(UnreadableError):
            key.open(cipher, bound_to=record)


@given(st.data())
def test_sealed_content_with_any_byte_changed_or_missing_does_not_open(data: st.DataObject) -> None:
    cipher = KEY.seal(b"codes", bound_to=RECORD, nonce=NONCE)
    at = data.draw(st.integers(0, len(cipher) - 1))
    flipped = bytearray(cipher)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(flipped), cipher[:at], cipher + b"0"):
        with pytest.raises(UnreadableError):
            KEY.open(damaged, bound_to=RECORD)


def test_a_key_shows_itself_nowhere() -> None:
    shown = f"{KEY!r} {KEY} {[KEY]}"
    assert shown == "DataKey(...) DataKey(...) [DataKey(...)]"


def test_a_fingerprint_tells_equal_from_different_under_one_key_alone() -> None:
    assert KEY.fingerprint(b"codes") == KEY.fingerprint(b"codes")
    assert KEY.fingerprint(b"codes") != KEY.fingerprint(b"other")
    assert KEY.fingerprint(b"codes") != ANOTHER_KEY.fingerprint(b"codes")
    assert len(KEY.fingerprint(b"")) == 32


def test_a_kept_key_is_the_same_key_when_unwrapped(vault: Vault) -> None:
    made = vault.new_key(SCOPE)
    assert len(made.plain) == 32
    assert made.plain not in made.wrapped
    kept = vault.unwrap(SCOPE, made.wrapped)
    assert (kept.plain, kept.wrapped) == (made.plain, made.wrapped)
    assert vault.new_key(SCOPE).plain != made.plain


def test_a_key_kept_for_one_referral_does_not_unwrap_for_another(vault: Vault) -> None:
    made = vault.new_key(SCOPE)
    with pytest.raises(UnreadableError):
        vault.unwrap("R#NS-26-OTHER", made.wrapped)


def test_a_damaged_wrapping_does_not_unwrap(vault: Vault) -> None:
    made = vault.new_key(SCOPE)
    with pytest.raises(UnreadableError):
        vault.unwrap(SCOPE, made.wrapped[:-1] + bytes([made.wrapped[-1] ^ 1]))


def test_a_senders_vault_makes_no_keys(aws: None) -> None:
    kms = boto3.client("kms", region_name=REGION)
    with pytest.raises(TypeError, match="only unwraps"):
        Vault(kms, None, counting()).new_key(SCOPE)


def test_every_nonce_is_new_and_twelve_bytes(vault: Vault) -> None:
    nonces = [vault.nonce() for _ in range(20)]
    assert len(set(nonces)) == 20
    assert {len(nonce) for nonce in nonces} == {12}


def test_sealed_content_is_not_merely_encoded() -> None:
    cipher = KEY.seal(b"S47J" * 10, bound_to=RECORD, nonce=NONCE)
    assert b"S47J" not in cipher
    assert base64.b64encode(b"S47J" * 10) not in cipher


class NoKeyService:
    """A key service that cannot be reached, or will not."""

    exceptions = SimpleNamespace(InvalidCiphertextException=KeyError)

    def __init__(self, error: Exception) -> None:
        self._error = error

    def decrypt(self, **_: object) -> None:
        raise self._error

    def generate_data_key(self, **_: object) -> None:
        raise self._error


def vault_of(error: Exception) -> Vault:
    return Vault(cast("KMSClient", NoKeyService(error)), "key", counting())


@pytest.mark.parametrize("error", [*UNREACHED, *OVERLOADED], ids=str)
def test_a_key_service_without_an_answer_is_to_be_tried_later(error: Exception) -> None:
    with pytest.raises(BusyError):
        vault_of(error).unwrap(SCOPE, b"wrapped")
    with pytest.raises(BusyError):
        vault_of(error).new_key(SCOPE)


@pytest.mark.parametrize("error", REFUSED, ids=str)
def test_one_that_refuses_is_no_better_later(error: ClientError) -> None:
    with pytest.raises(ClientError) as caught:
        vault_of(error).unwrap(SCOPE, b"wrapped")
    assert caught.value is error
