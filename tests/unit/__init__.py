"""Pure tests: no sockets, no clock, no AWS."""
