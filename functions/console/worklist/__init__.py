"""What needs a person, one task of it, and the dip sample."""
