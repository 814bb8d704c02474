"""Long work with progress. Start it with `from jinchuanggu.foundation.jobs.jobs import run`."""
