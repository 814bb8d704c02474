"""Audit: `record` and `act` write sealed events; `seal.verify` proves them."""
