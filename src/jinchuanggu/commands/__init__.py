"""The commands of `jcg`, one module each, imported when called."""
