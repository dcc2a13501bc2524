"""Whether a partition's rows are all there and each names the one before it."""

from collections.abc import Iterator

from functions.domain.reconciliation.evidence import Evidence, Finding
from functions.domain.record import GENESIS, commitment
from schemas.codes import FindingCode


def broken_links(evidence: Evidence) -> Iterator[Finding]:
    """A number left out, a commitment that is another's, rows that end elsewhere than the head says."""
    seq, before = 0, GENESIS
    for row in evidence.rows:
        if row.seq != seq + 1:
            yield evidence.finding(FindingCode.SEQUENCE_BROKEN, row.name)
        elif row.said.get("prev") != before:
            yield evidence.finding(FindingCode.LINK_BROKEN, row.name)
        seq, before = row.seq, commitment(row.said)
    tip_seq, tip_hash = evidence.tip or (0, GENESIS)
    if seq != tip_seq:
        yield evidence.finding(FindingCode.SEQUENCE_BROKEN, f"HEAD:{tip_seq}:{seq}")
    elif before != tip_hash:
        yield evidence.finding(FindingCode.LINK_BROKEN, f"HEAD:{tip_seq}")
