"""Rule texts while they are written: the form and the text are two views of one YAML document."""
