"""What a decision means for each recipient: how much, over which channel, held by what, in which words."""
