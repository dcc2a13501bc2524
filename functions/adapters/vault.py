"""One data key per referral, wrapped by KMS; without it the referral's notices and forms cannot be read."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.adapters.errors import UnreadableError, busy_told

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """A referral's key in the clear and as it is kept; neither is ever logged."""

    plain: bytes
    wrapped: bytes

    def __repr__(self) -> str:
        return "DataKey(...)"

    def seal(self, content: bytes, *, bound_to: str, nonce: bytes) -> bytes:
        """`content` encrypted with AES-GCM, readable only beside the record `bound_to` (its `pk|uid`)."""
        return nonce + AESGCM(self.plain).encrypt(nonce, content, bound_to.encode())

    def open(self, cipher: bytes, *, bound_to: str) -> bytes:
        """The content that `seal` encrypted; raises UnreadableError if key, record or bytes are not the
        same."""
        try:
            return AESGCM(self.plain).decrypt(cipher[:_NONCE_BYTES], cipher[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError) as exc:  # ValueError: too short to hold a nonce
            raise UnreadableError("sealed content does not open") from exc

    def fingerprint(self, content: bytes) -> str:
        """Tells equal contents from different ones, and tells nothing once the key is destroyed."""
        return hmac.new(self.plain, content, hashlib.sha256).hexdigest()[:32]


class Vault:
    """Makes and unwraps data keys. The encryption context binds each to its scope, a state partition."""

    def __init__(self, kms: "KMSClient", key_arn: str | None, nonce: Callable[[int], bytes]) -> None:
        self._kms = kms
        self._key_arn = key_arn
        self._nonce = nonce

    def new_key(self, scope: str) -> DataKey:
        """A fresh key for `scope`; the caller keeps `wrapped`."""
        if self._key_arn is None:
            raise TypeError("this vault only unwraps")
        with busy_told():
            answer = self._kms.generate_data_key(
                KeyId=self._key_arn, KeySpec="AES_256", EncryptionContext={"pk": scope}
            )
        return DataKey(plain=answer["Plaintext"], wrapped=answer["CiphertextBlob"])

    def unwrap(self, scope: str, wrapped: bytes) -> DataKey:
        """The key kept as `wrapped` for `scope`; raises UnreadableError if it was kept for another."""
        try:
            with busy_told():
                answer = self._kms.decrypt(CiphertextBlob=wrapped, EncryptionContext={"pk": scope})
        except self._kms.exceptions.InvalidCiphertextException as exc:
            raise UnreadableError("the data key does not unwrap") from exc
        return DataKey(plain=answer["Plaintext"], wrapped=wrapped)

    def nonce(self) -> bytes:
        """Twelve bytes never used before with any key."""
        return self._nonce(_NONCE_BYTES)
