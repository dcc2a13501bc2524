"""What the sweep does when a time has come: tasks that nobody did, agencies that nobody has told."""
