"""One referral's trail in plain words: a sentence for each row, in UK time."""
