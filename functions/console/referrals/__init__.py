"""The list of referrals, one of them, and its acts."""
