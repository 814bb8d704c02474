"""What this room adds to the navigation."""
