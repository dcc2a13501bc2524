"""Signing in with the council's own directory: OpenID Connect's code flow with PKCE, at any issuer."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures with a public key: with `none`, or an HMAC, whoever knows the public key could sign."""
SCOPES: Final = "openid profile email"
DOCUMENT_KEPT: Final = timedelta(hours=1)
KEYS_KEPT: Final = timedelta(hours=1)
KEYS_ASKED_AGAIN_AFTER: Final = timedelta(minutes=1)
"""An unknown key is asked for at once, so that a rotation shuts nobody out; not for each forged token."""
LEEWAY_SECONDS: Final = 60
ANSWER_SECONDS: Final = 8.0
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")

Claims: TypeAlias = Mapping[str, Any]


class SignInFailedError(Exception):
    """The issuer did not answer, or what it answered proves nothing; `why` is one of DIRECTORY_FAULTS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What the issuer knows us by; without a secret we are a public client, which PKCE alone protects.
    `secret` reads it where it is kept.

    `discovery` is where the issuer's document is found, which is below its own name wherever that is an
    address.
    """

    issuer: str
    discovery: str
    client_id: str
    secret: Callable[[], str | None]
    redirect_uri: str


@dataclass(slots=True)
class Issuer:
    """One issuer: its document, its keys and our secret are read when they are first needed, and then kept
    for an hour; the secret no longer than until it is refused."""

    client: Client
    http: httpx.Client
    now: Callable[[], datetime]
    _document: Mapping[str, Any] = field(default_factory=dict)
    _known_at: datetime | None = None
    _keys: KeySet | None = None
    _read_at: datetime | None = None
    _secret: str | None = None
    _secret_read_at: datetime | None = None

    def sign_in_at(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. Raises SignInFailedError: an ISSUER_... code."""
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "response_type": "code",
            # In the address, so that the browser brings the Lax cookie that began it.
            "response_mode": "query",
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self._known()['authorization_endpoint']}?{urlencode(asked)}"

    def claims(self, code: str, *, verifier: str, nonce: str) -> Claims:
        """Who signed in, by the id token that the code is worth.

        Raises SignInFailedError.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "client_id": self.client.client_id,
            "code_verifier": verifier,
        }
        if secret := self._client_secret():
            form["client_secret"] = secret
        answer = self._asked(lambda: self.http.post(self._known()["token_endpoint"], data=form))
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInFailedError("TOKEN_REFUSED")
        return self._checked(token, nonce)

    def read(self) -> None:
        """Its document and its keys, as a sign-in needs them; raises SignInFailedError: an ISSUER_ code."""
        self._key_set()

    def sign_out_at(self, back_to: str) -> str | None:
        """Where the browser goes so that the directory forgets it too; None if the issuer has no such page.

        By OpenID Connect RP-Initiated Logout 1.0; `logout_uri` is what Cognito calls the way back. Raises
        SignInFailedError if the issuer does not answer.
        """
        page = self._known().get("end_session_endpoint")
        if page is None:
            return None
        _require_safe(page)
        asked = {
            "client_id": self.client.client_id,
            "post_logout_redirect_uri": back_to,
            "logout_uri": back_to,
        }
        return f"{page}?{urlencode(asked)}"

    def _checked(self, token: str, nonce: str) -> Claims:
        """OpenID Connect Core 3.1.3.7."""
        try:
            try:
                read = jwt.decode(token, self._key_set(), algorithms=list(ALGORITHMS))
            except InvalidKeyIdError:
                read = jwt.decode(token, self._key_set(anew=True), algorithms=list(ALGORITHMS))
            rules = JWTClaimsRegistry(
                now=lambda: int(self.now().timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self.client.issuer},
                aud={"essential": True, "value": self.client.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            rules.validate(read.claims)
        except (JoseError, ValueError) as exc:
            raise SignInFailedError("TOKEN_INVALID") from exc
        audience, party = read.claims["aud"], read.claims.get("azp")
        is_for_several = isinstance(audience, list) and len(audience) > 1
        if party != self.client.client_id and (party is not None or is_for_several):
            raise SignInFailedError("TOKEN_INVALID")
        return cast("Claims", read.claims)

    def _known(self) -> Mapping[str, Any]:
        if self._known_at is None or self.now() - self._known_at >= DOCUMENT_KEPT:
            document = self._asked(lambda: self.http.get(self.client.discovery))
            if document.get("issuer") != self.client.issuer:
                raise SignInFailedError("ISSUER_IS_ANOTHER")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _require_safe(document.get(name))
            self._document, self._known_at = document, self.now()
        return self._document

    def _key_set(self, *, anew: bool = False) -> KeySet:
        kept = KEYS_ASKED_AGAIN_AFTER if anew else KEYS_KEPT
        if self._keys is None or self._read_at is None or self.now() - self._read_at >= kept:
            found = self._asked(lambda: self.http.get(self._known()["jwks_uri"]))
            self._keys, self._read_at = _keys_in(found), self.now()
        return self._keys

    def _client_secret(self) -> str | None:
        """A secret that has been mended since must let people in again without a deployment."""
        if self._secret_read_at is None or self.now() - self._secret_read_at >= KEYS_KEPT:
            self._secret, self._secret_read_at = self.client.secret(), self.now()
        return self._secret

    def _asked(self, ask: Callable[[], httpx.Response]) -> Mapping[str, Any]:
        try:
            answer = ask()
            if answer.is_client_error:
                self._secret_read_at = None
                was_read = answer.request.method == "GET"
                raise SignInFailedError("ISSUER_UNREADABLE" if was_read else "TOKEN_REFUSED")
            answer.raise_for_status()
            read = answer.json()
        except (httpx.HTTPError, ValueError) as exc:
            raise SignInFailedError("ISSUER_SILENT") from exc
        if not isinstance(read, dict):
            raise SignInFailedError("ISSUER_SILENT")
        return read


def _keys_in(found: Mapping[str, Any]) -> KeySet:
    """RFC 7517, section 5. Raises SignInFailedError for what holds no keys: it proves nothing of a token."""
    try:
        return KeySet.import_key_set(cast("Any", found))
    except (JoseError, KeyError, TypeError, ValueError) as exc:
        raise SignInFailedError("ISSUER_SILENT") from exc


def _require_safe(address: object) -> None:
    """TLS, or this very machine (RFC 8252, section 7.3): what is read there decides who comes in."""
    split = urlsplit(str(address))
    if split.scheme != "https" and split.hostname not in _LOOPBACK:
        raise SignInFailedError("ISSUER_UNSAFE")
