"""One delivery through its door: claimed, sent once, closed; or put before a person."""
