"""A reader says that they have read a message: on the page that its link opens, or by their own system."""
