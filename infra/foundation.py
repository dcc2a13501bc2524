"""What every part of the service stands on."""

from dataclasses import dataclass

from infra.audit_store import AuditStore
from infra.keyring import Keyring
from infra.service_function import Runtime
from infra.stage import StageParameters


@dataclass(frozen=True)
class Foundation:
    """Made once by the stack and handed to each part."""

    stage: StageParameters
    keyring: Keyring
    store: AuditStore
    runtime: Runtime
