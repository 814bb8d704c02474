"""The REST API: read access to what the caller may see, documented by OpenAPI at /api/docs and /api/openapi.json."""
