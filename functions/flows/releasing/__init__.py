"""A person ends a hold: which, whether it may end, and the messages that a release makes."""
