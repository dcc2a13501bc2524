"""A month's police forms are drawn for people to grade."""
