"""Who comes in, what they may ask, and the record of it: nothing is shown that goes past here."""
