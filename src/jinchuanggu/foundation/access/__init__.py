"""Who acts, and which doors open to whom."""
