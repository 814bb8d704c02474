"""Published figures of all valleys as a sheet: read and judged, written once, exported to be sent back."""
