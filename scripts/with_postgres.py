"""Run a command with a throw-away PostgreSQL: `with_postgres.py COMMAND …`; its address is in JCG_DATABASE_URL.

The server listens on a socket in a temporary folder only, and is stopped and removed afterwards. PostgreSQL refuses to
run as root, so there it runs as the account `postgres`.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def _binaries() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    if found:
        return Path(found[-1]).parent
    if path := shutil.which("initdb"):
        return Path(path).parent
    sys.exit("PostgreSQL is not installed: apt-get install postgresql")


def main(command: list[str]) -> int:
    bin_folder = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="jcg-pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(*arguments: str) -> None:
        subprocess.run([*as_owner, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        run(
            str(bin_folder / "initdb"), "-D", str(data), "-U", "jcg", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off"
        run(
            str(bin_folder / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-o",
            options,
            "-l",
            str(folder / "log"),
            "start",
        )
        try:
            url = f"postgres://jcg@{str(folder).replace('/', '%2F')}/postgres"
            return subprocess.run(command, env={**os.environ, "JCG_DATABASE_URL": url}).returncode
        finally:
            run(str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
