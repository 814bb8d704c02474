"""晋创谷 · the operating system of a provincial innovation programme."""

__version__ = "0.1.0"
