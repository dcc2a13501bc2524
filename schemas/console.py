"""What a hub decides of its console: how it looks, who comes in as what, and who is let near."""

from typing import Annotated

from pydantic import AfterValidator, Field, RootModel

from schemas.base import Contract
from schemas.codes import ConsoleRole

_ENOUGH = 4.5
"""WCAG 2.2, success criterion 1.4.3: of white words on the colour."""
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


ConsoleBase = Annotated[
    str,
    Field(
        pattern=r"^(https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*|http://127\.0\.0\.1:[0-9]{1,5})$",
        max_length=160,
    ),
]
"""Where the console stands, without a slash at its end; without TLS on this very machine alone."""


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


class SignIn(Contract):
    """The council's directory, by OpenID Connect; without an `issuer` the stack's own user pool.

    `issuer` ends without a slash; `client_secret` is the name of a secret in Secrets Manager, empty for a
    public client.
    """

    issuer: str = Field(default="", pattern=r"^(https://[^\s?#]*[^\s?#/])?$", max_length=300)
    client_id: str = Field(default="", max_length=200)
    client_secret: str = Field(default="", max_length=200)
    groups_claim: str = Field(default="cognito:groups", min_length=1, max_length=60)
    roles: ConsoleRoles
