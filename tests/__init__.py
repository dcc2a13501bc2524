"""What the house promises, as sentences that run; a folder for each kind of test by what it may touch."""
