"""What a hub decides of its console: how it looks, who comes in as what, and who is let near."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, RootModel, field_validator, model_validator

from schemas.base import Contract
from schemas.codes import ConsoleRole

_ENOUGH = 4.5
"""WCAG 2.2, success criterion 1.4.3: of white words on the colour."""
_SECRET_NAME = re.compile(r"mash/[A-Za-z0-9/_+=.@-]{1,200}")
_ISSUER = re.compile(r"https://[^\s?#]*[^\s?#/]")
_DARK = 0.04045
"""Up to here the scale of a colour's brightness is straight."""


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2's own formula."""
    red, green, blue = (
        part / 12.92 if part <= _DARK else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable(colour: str) -> str:
    if (contrast := 1.05 / (_luminance(colour) + 0.05)) < _ENOUGH:
        raise ValueError(f"white words on {colour} have a contrast of {contrast:.2f}; choose a darker colour")
    return colour


_BASE = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5}")


def _is_a_host(base: str) -> str:
    if not _BASE.fullmatch(base):
        raise ValueError("write https:// and a host alone, without a path or a slash at its end")
    return base


ConsoleBase = Annotated[str, Field(max_length=160), AfterValidator(_is_a_host)]
"""Where the console stands: a host alone, since its cookies and links are of the whole host; without TLS on
this very machine alone."""


CLOSED = "The console opens on the council's own network alone. Use it, or the way into it from outside."
"""What API Gateway says before the console to every other network, and to nobody else."""


DIRECTORY_FAULTS = (
    *("ISSUER_SILENT", "ISSUER_UNREADABLE", "ISSUER_IS_ANOTHER", "ISSUER_UNSAFE"),
    *("TOKEN_REFUSED", "TOKEN_INVALID"),
)
"""Why nobody can sign in, whoever they are: the directory, or what the stage says of it, has to be mended."""


class Branding(Contract):
    """What stands around every page; no crown and no GDS Transport, which councils may not use."""

    council: str = Field(min_length=1, max_length=60)
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$"), AfterValidator(_readable)]
    service_desk: str = Field(min_length=1, max_length=40)
    handling: str = Field(min_length=1, max_length=120)
    """What stands behind the marking: under which agreement to handle what is shown."""


class ConsoleRoles(RootModel[dict[str, ConsoleRole]]):
    """Which role each group of the council's directory has in the console, by the group's name or id."""


DOCUMENT = "/.well-known/openid-configuration"
"""Below its issuer's name (OpenID Connect Discovery 1.0, section 4)."""


POOL_GROUPS = ("mash-managers", "mash-viewers", "mash-auditors", "mash-police-desk")
"""Of the stack's own user pool; a stage's table says which role each of them has."""
POOLS_CLAIM = "cognito:groups"
"""Under which a pool's tokens list them."""


class SignIn(Contract):
    """The council's directory, by OpenID Connect; without an `issuer` the stack's own user pool.

    `issuer` ends without a slash; `client_secret` is the name of a secret in Secrets Manager, empty for a
    public client. A name begins with `mash/`, so that neither an ARN nor the secret itself passes for one.
    """

    issuer: str = Field(default="", max_length=300)
    client_id: str = Field(default="", max_length=200)
    client_secret: str = Field(default="", max_length=200)
    groups_claim: str = Field(default=POOLS_CLAIM, min_length=1, max_length=60)
    roles: ConsoleRoles

    @field_validator("issuer")
    @classmethod
    def _is_a_name_that_its_document_stands_below(cls, issuer: str) -> str:
        if issuer.endswith(DOCUMENT):
            raise ValueError(f"this is where its document is: write {issuer.removesuffix(DOCUMENT)}")
        if issuer and not _ISSUER.fullmatch(issuer):
            raise ValueError("write it with https://, and without a slash, a query or a fragment at its end")
        return issuer

    @field_validator("client_secret")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name and not _SECRET_NAME.fullmatch(name):
            raise ValueError(
                "this is no name of a secret of ours: keep the secret itself in Secrets Manager, and write "
                "its name here, such as mash/demo/sign-in, no ARN"
            )
        return name

    @field_validator("roles")
    @classmethod
    def _somebody_manages(cls, roles: ConsoleRoles) -> ConsoleRoles:
        if ConsoleRole.MANAGER not in roles.root.values():
            raise ValueError('nobody could release a message: write which group manages, "GROUP" = "manager"')
        return roles

    @model_validator(mode="after")
    def _names_the_whole_directory(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("client_id is missing: write the id that the directory gave this application")
        for name in ("client_id", "client_secret"):
            if not self.issuer and getattr(self, name):
                raise ValueError(f"issuer is missing: write the directory's, or leave {name} out")
        return self
