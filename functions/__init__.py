"""The running code, in rings: domain, adapters, flows, then handlers and the command line."""
