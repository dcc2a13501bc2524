"""What a command about agencies works with: the directory, its endpoints and secrets, and who asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

from functions.adapters import aws
from functions.adapters.errors import UnusableSecretError
from functions.adapters.ledger.reading import Asked
from functions.adapters.registry.directory import ACTIVE, Directory, Entry
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.registry.ownership import Ownership, Verdict
from functions.adapters.registry.secret_keeper import Rotation, SecretKeeper
from functions.adapters.signing import SecretShelf, SigningSecret
from functions.adapters.webhook import Outside
from functions.cli.on_record import PATIENCE, chain_of
from functions.cli.stack import Stack
from functions.domain.clock import uk_day
from functions.domain.registry_rules import Stage
from schemas.notice import HubContact


@dataclass(frozen=True, slots=True)
class Office:
    """The tools; `actor` is who the trail says did it."""

    directory: Directory
    asked: Asked
    rows: EndpointRows
    keeper: SecretKeeper
    ownership: Ownership
    stage: Stage
    actor: str
    now: Callable[[], datetime]
    new_uuid: Callable[[], str]

    @classmethod
    def of(cls, stack: Stack, actor: str) -> "Office":
        """The office of a running stack."""
        store = stack.store()
        chain = chain_of(store)
        receivers = stack.local_receivers
        managed = tuple(filter(None, stack.managed_domains.split(",")))
        hub = HubContact.model_validate_json(stack.hub)
        shelf = SecretShelf(aws.secretsmanager(), stack.secret_prefix)
        return cls(
            directory=Directory(store, chain),
            asked=Asked(store, chain),
            rows=EndpointRows(store, chain),
            keeper=SecretKeeper(aws.secretsmanager(), stack.secret_prefix),
            ownership=Ownership(Outside(receivers), shelf, hub.publisher_url),
            stage=Stage(managed_domains=managed, local_receivers=receivers),
            actor=actor,
            now=partial(datetime.now, UTC),
            new_uuid=lambda: str(uuid4()),
        )

    @property
    def today(self) -> date:
        return uk_day(self.now())

    def note(self, asked: str, rows: int) -> None:
        """Puts the question on record before its answer is shown; if that fails, so does the answer."""
        request = self.new_uuid()
        PATIENCE.persist(
            lambda: self.asked.note(
                reader=self.actor, asked=asked, rows=rows, request=request, now=self.now()
            )
        )

    def active(self) -> list[Entry]:
        """The agencies that are told something, or could be."""
        return [entry for entry in self.directory.all() if entry.status == ACTIVE]

    def check_endpoint(self, agency_id: str, url: str) -> Verdict:
        """Asks the owner of `url`, and puts the answer on record."""
        message_id = f"msg_{self.new_uuid().replace('-', '')}"
        verdict = self.ownership.check(agency_id, url, message_id=message_id, now=self.now())
        by, method, now = self.actor, verdict.method.value, self.now()
        if verdict.agreed:
            self.directory.mark_checked(agency_id, url, by=by, method=method, now=now)
        else:
            self.directory.mark_not_checked(
                agency_id, url, by=by, method=method, result=verdict.result, now=now
            )
        return verdict

    def set_secret(self, agency_id: str, secret: SigningSecret, overlap: timedelta) -> Rotation:
        """Makes `secret` the newest one. The row comes first: no key signs that the trail does not know.

        Raises UnusableSecretError, too, for one that signs for another agency: each could confirm for both.
        """
        others = [entry.agency_id for entry in self.directory.all() if entry.agency_id != agency_id]
        if self.keeper.is_live_for(others, secret, self.now()):
            raise UnusableSecretError("it signs for another agency: each agency needs one of its own")
        rotation = self.keeper.prepare(
            agency_id, secret, overlap=overlap, version=self.new_uuid(), now=self.now()
        )
        self.rows.secret_changed(
            agency_id,
            by=self.actor,
            key_id=rotation.key_id,
            older_end_at=rotation.older_end_at,
            live=rotation.live,
            now=self.now(),
        )
        self.keeper.make(rotation)
        return rotation
