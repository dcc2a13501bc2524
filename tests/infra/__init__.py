"""Assertions on the synthesized template, made once for the session."""
