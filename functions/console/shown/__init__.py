"""What each page shows, as plain words already written for the UK: no rows, no clock, no AWS."""
