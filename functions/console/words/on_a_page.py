"""The words of acts and of the trail as a page says them: what to press in place of commands, and agencies by
their names."""

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


def on_a_page(words: str, names: Mapping[str, str]) -> str:
    """The words without a command, and with each agency's name in its id's place."""
    for command, instead in _IN_PLACE_OF.items():
        words = words.replace(command, instead)
    if not names:
        return upper(words)
    longest_first = sorted(names, key=len, reverse=True)
    an_id = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")
    return upper(an_id.sub(lambda found: names[found[1]], words))
