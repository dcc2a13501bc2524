"""One file for each door: event in, rows and messages out, compared whole."""
