"""A simulated year of one hub: every referral ends accounted for, every clock fires once and on time."""
