"""The words of acts and of the trail as a page says them: what to press in place of commands, agencies by
their names, and no code of a program's beside its words."""

import re
from collections.abc import Mapping

from functions.story.named import upper

_IN_PLACE_OF: Mapping[str, str] = {
    "`mash resend`": "“Send it again”",
    "ask the engineers to run `mash ready`": "ask the engineers to look",
    "`mash rotate` makes a secret to hand over": "the engineers make a secret to hand over",
    "`mash trail --json` shows it as it stands": "the engineers can show it as it stands",
}
"""What a sentence of the trail's says of a command, and what a page says there."""
_A_CODE = re.compile(r" \([A-Z][A-Z0-9]*(_[A-Z0-9]+)+\)")
"""`offending history (OFFENDING_HISTORY)`: the words before it say the same. The short codes that people at a
MASH use themselves (S47J, RA10) stay."""


def on_a_page(words: str, names: Mapping[str, str]) -> str:
    """The words without a command or a program's code, and with each agency's name in its id's place."""
    words = _A_CODE.sub("", words)
    for command, instead in _IN_PLACE_OF.items():
        words = words.replace(command, instead)
    if not names:
        return upper(words)
    longest_first = sorted(names, key=len, reverse=True)
    an_id = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")
    return upper(an_id.sub(lambda found: names[found[1]], words))
