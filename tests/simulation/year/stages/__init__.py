"""What happens to a referral, a module for each stage of its life; each tells its events and nothing else."""
