"""A council's directory: an OpenID Connect issuer of our own, with people who are not real.

It checks what the console must send (RFC 6749, RFC 7636), so that whoever it lets in was rightly asked for.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = "mash-console"
GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the directory knows."""

    subject: str
    name: str
    groups: tuple[str, ...]


MANAGER = Person("p-0417", "Priya Shah", ("mash-managers",))
VIEWER = Person("v-0033", "Vic Reed", ("mash-viewers",))
AUDITOR = Person("a-0002", "Ada Quayle", ("mash-auditors",))
POLICE = Person("d-0901", "Sgt Dale", ("mash-police-desk",))
NOBODY = Person("n-0000", "Nobody Much", ("catering",))
ROLES = {
    "mash-managers": "manager",
    "mash-viewers": "viewer",
    "mash-auditors": "auditor",
    "mash-police-desk": "police_desk",
}


@dataclass
class Council:
    """The issuer. `now` is whose clock its tokens go by; `forged` claims replace what it would say."""

    origin: str
    redirect_uri: str
    now: Any
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    forged: dict[str, Any] = field(default_factory=dict)
    signed_with: RSAKey | None = None
    algorithm: str = "RS256"
    is_silent: bool = False
    secret: str | None = None
    """What its token endpoint asks of the console, as of a client that has one."""
    refuses: str = ""
    """At which of its paths it answers 401, as to a client whose secret it does not know."""
    says: dict[str, str] = field(default_factory=dict)
    """What its document says instead."""
    keys: Any = None
    """What it says that its keys are, if not what they are."""
    address: str = "authorize"
    """Below its own, where people sign in."""
    ends_at: str | None = field(init=False)
    """Its page for signing out, if it has one."""
    _codes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ends_at = f"{self.origin}/end-session"

    def sign_in(self, address: str, person: Person) -> str:
        """What its page does once somebody said who they are: back to the console, with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["redirect_uri"] == self.redirect_uri
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**asked, "person": person}
        return f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}"

    def sign_out(self, address: str) -> str:
        """What its page does with whoever leaves: forgets them, and leads back to the console."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        back = f"{self.redirect_uri.removesuffix('/sign-in/back')}/signed-out"
        assert asked == {"client_id": CLIENT_ID, "post_logout_redirect_uri": back, "logout_uri": back}
        return back

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Of its endpoints that the console itself asks."""
        if self.is_silent:
            raise httpx.ConnectError("no answer", request=request)
        if request.url.path == self.refuses:
            return httpx.Response(401, json={"error": "invalid_client"})
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self.document)
            case "/keys":
                return httpx.Response(200, json=self.keys or KeySet([self.key]).as_dict(private=False))
            case "/token":
                return self._token({k: v[0] for k, v in parse_qs(request.content.decode()).items()})
            case _:
                return httpx.Response(404)

    @property
    def document(self) -> dict[str, str]:
        ends = {"end_session_endpoint": self.ends_at} if self.ends_at else {}
        return {
            **ends,
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/{self.address}",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            **self.says,
        }

    def _token(self, form: dict[str, str]) -> httpx.Response:
        asked = self._codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or form["redirect_uri"] != self.redirect_uri:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if form.get("client_secret") != self.secret:
            return httpx.Response(401, json={"error": "invalid_client"})
        return httpx.Response(200, json={"id_token": self.token(asked["person"], asked["nonce"])})

    def token(self, person: Person, nonce: str) -> str:
        """An id token, as it should be but for what is forged."""
        now = int(self._now().timestamp())
        claims = {
            "iss": self.origin,
            "aud": CLIENT_ID,
            "sub": person.subject,
            "name": person.name,
            GROUPS: list(person.groups),
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        }
        said = {name: value for name, value in (claims | self.forged).items() if value is not None}
        key = self.signed_with or self.key
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, json.loads(json.dumps(said)), key)

    def _now(self) -> datetime:
        moment: datetime = self.now()
        return moment
