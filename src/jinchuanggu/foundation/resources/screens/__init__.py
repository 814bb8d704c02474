"""The generic screens: list with export, record with history, create and edit."""
