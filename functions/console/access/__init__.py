"""Who looked at what, for auditors: whose day, or who opened one referral."""
