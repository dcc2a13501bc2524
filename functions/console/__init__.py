"""The read side for people: what pages show, how they look, and what is served beside them."""
