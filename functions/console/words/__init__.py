"""What every screen says alike: moments, acts, and what was just done."""
