"""What happens beside decisions, stage by stage: what each event means, and what it lets people know."""
