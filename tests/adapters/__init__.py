"""Adapters against moto and loopback servers."""
