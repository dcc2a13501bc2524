"""How much is kept of one child and of one referral: far more than any has, and far less than an item takes.

Whoever sends more has a fault, or means harm: each event makes the item that every later one reads and writes
a little longer, and from 400 KB on DynamoDB takes no decision for the child any more.
"""

from typing import Final

MOST_OF_AN_ITEM: Final = 400 * 1024
"""Bytes; DynamoDB's limit, the names of attributes among them."""

MOST_CHALLENGES: Final = 50
"""Of one child, open or settled: 193 bytes at most for one, so 10 KB. Few children have one."""
MOST_INVESTIGATIONS: Final = 50
"""That one source names, of one child: 81 bytes for one, so 4 KB for each of the few that a stage lets say
so. Each has a bound of its own: a feed that names them without end shuts out no other's word that one has
ended."""
MOST_ASKED: Final = 100
"""Agencies asked for what they know of one child: 34 bytes for one, so 3 KB; an event names 19."""
MOST_UPDATES: Final = 999
"""In one series of one child. Its number takes no more room, but each is an item of its own for each reader,
and whoever takes in the next event reads them all. A plan that changes every week has so many in 19 years."""
MOST_WAITING: Final = 100
"""Events of one referral, of one source, that wait for what they are about: an item, a clock and perhaps a
task each. Each source has a bound of its own, for the same reason."""

# What else grows in a child's item ends elsewhere: with its 9,999 versions the referrals of which it was a
# duplicate (190 KB), with the registry those from whom a version is withheld (66 bytes for one).
