"""The force's own desk supplies a form's metadata: what is outstanding, and what is recorded of it."""
