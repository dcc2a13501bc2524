"""What the mail service says of an e-mail afterwards: recorded once, and whatever must follow set going."""
