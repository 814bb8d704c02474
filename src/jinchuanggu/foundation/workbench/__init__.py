"""Each hat's first screen, the search, and the small switches of the frame (hat, data kind, theme)."""
