"""Help, what the words mean, and the statements that a public service has."""
