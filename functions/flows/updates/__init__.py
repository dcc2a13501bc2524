"""What is told beside the decisions: to whom, how much, and the row that says so."""
