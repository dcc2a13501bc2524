"""The police's own desk: the forms that are missing, and the checklist that records one."""
