"""What several handlers share, or one cannot hold in a screen: accept, claim-render-send-commit, sweep."""
