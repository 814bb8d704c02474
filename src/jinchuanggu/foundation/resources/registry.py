"""The declared resources by name."""

from __future__ import annotations

from jinchuanggu.foundation import navigation
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.resources.declare import Resource

resources: dict[str, Resource] = {}

VERBS = {
    "create": {"zh": "新增记录", "en": "Record added"},
    "update": {"zh": "修改记录", "en": "Record changed"},
    "upload": {"zh": "上传导入文件", "en": "Import file uploaded"},
    "commit": {"zh": "写入导入数据", "en": "Import written"},
}


def register(resource: Resource) -> Resource:
    """Make a resource known and give it its line in the navigation; called once, from the module that declares it."""
    if resources.get(resource.name, resource) is not resource:
        raise ValueError(f"two resources are called {resource.name}")
    resources[resource.name] = resource
    verbs.register({f"{resource.name}.{verb}": text for verb, text in VERBS.items()})
    if resource.access.view:
        navigation.add(
            resource.group,
            resource.label,
            resource.icon,
            f"{resource.name}_list",
            set(resource.access.view),
            resource.order,
        )
    return resource
