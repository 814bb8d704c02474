"""The API's addresses. Every operation is open to read; what it answers with is the caller's own scope."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import BaseRenderer

from jinchuanggu import __version__
from jinchuanggu.api.valleys import router
from jinchuanggu.foundation.access.guards import public


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson; decimals are written as exact strings."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


api = NinjaAPI(
    title="晋创谷 API",
    version=__version__,
    description="Read access to valleys and published figures. 模拟 data carries origin = simulated.",
    renderer=OrjsonRenderer(),
    urls_namespace="api",
    docs_url=None,  # the interactive page loads scripts from elsewhere, which our content policy forbids
)
api.add_router("/v1", router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, problem: Http404) -> HttpResponse:
    """A miss and a refusal look the same."""
    return api.create_response(request, {"code": "not_found", "message": "没有找到 · not found"}, status=404)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """All mistakes of a request at once, each with its place."""
    errors = [
        {"field": ".".join(str(part) for part in error["loc"][1:]), "message": error["msg"]}
        for error in problem.errors
    ]
    return api.create_response(
        request, {"code": "invalid", "message": "参数有误 · invalid parameters", "errors": errors}, status=422
    )


urlpatterns = api.urls[0]
for pattern in urlpatterns:
    public(pattern.callback)
