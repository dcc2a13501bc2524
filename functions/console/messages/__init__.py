"""The list of messages, one of them, and its acts."""
