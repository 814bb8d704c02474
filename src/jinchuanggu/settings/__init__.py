"""Settings: `base` runs the product, `test` the suite."""
