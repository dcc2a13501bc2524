"""Signing in and having signed out; links, not forms, so that the policy on forms holds over redirects."""

from dataclasses import dataclass

from functions.console.shown.parts import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to sign in; a stage for trying it out has one for each role."""

    link: Link
    hint: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    ways: tuple[Way, ...]
    notice: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOut:
    sign_in: Link
    is_here_only: bool = False
    """Whether the directory may still know this browser."""
