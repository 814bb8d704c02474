"""Writes `table.yaml` from what the code declares: `python -m tests.access.write_table`. Read the difference
before
committing it: it is a change of who may do what.
"""

from __future__ import annotations

import json
import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuanggu.settings.test")
    import django

    django.setup()
    from tests.access.routes import TABLE, routes, spelled

    lines = [
        "# Who may call which address. Objects behind it are the scope's business (docs/access.md).",
        "# everybody: also without signing in; signed_in: any account; every_role: any hat; nobody: closed.",
    ]
    for route in sorted(routes(), key=lambda route: route.path):
        who = spelled(route.declared or frozenset())
        lines.append(
            f"{json.dumps(route.path)}: {who if isinstance(who, str) else '[' + ', '.join(who) + ']'}"
        )
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
