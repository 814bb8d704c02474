"""Every route, every role: what is declared, what the table in this folder says, and what really happens."""
