"""What is behind a value: records, filings, reports."""
