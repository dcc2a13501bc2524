"""Assertions on the synthesised template, made once for the session."""
