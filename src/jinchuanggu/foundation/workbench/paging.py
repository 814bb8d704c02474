"""Links of a keyset page: an older page and the way back to the newest."""

from __future__ import annotations

from django.http import HttpRequest


def pages(request: HttpRequest, key: str, older: int | None) -> dict[str, str]:
    """Context of components/pagination.html for a list that goes by `?key=<last number shown>`."""
    query = request.GET.copy()
    began = key in query
    query.pop(key, None)
    newest = f"?{query.urlencode()}"
    if older is not None:
        query[key] = str(older)
    return {
        "previous_url": newest if began else "",
        "next_url": f"?{query.urlencode()}" if older is not None else "",
    }
