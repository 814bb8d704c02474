"""A simulated run of months: further valleys, their firms, filings and records, made from one seed and told by the actions.

Everything here is made up and marked simulated; it lives in the simulated province and touches nothing real.
"""
