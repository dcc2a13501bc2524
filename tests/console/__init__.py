"""The console as people see it: view models, templates, and pages in a real browser where there is one."""
