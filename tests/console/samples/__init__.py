"""Made-up pages, one for each screen and state."""
