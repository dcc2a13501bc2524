"""A page as the browser gets it, and what is served beside it."""
