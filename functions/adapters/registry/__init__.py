"""The agencies and the hub's own words in the tables: read, compared, applied; endpoints and secrets."""
