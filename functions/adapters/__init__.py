"""One module for each outside thing: tables, keys, queues, e-mail, webhooks, templates."""
