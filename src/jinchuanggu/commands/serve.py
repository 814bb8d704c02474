"""`jcg serve` and `jcg demo`: web server and job worker under one foreground process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Any

import click

from jinchuanggu.commands.setup import start_django

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 · port")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="网页进程数 · web processes"
)
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="每进程线程 · threads each"
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """启动网页服务与后台作业；Ctrl-C 一并停止 · web server and worker, stopped together by Ctrl-C."""
    start_django()
    from django.conf import settings

    if settings.DEMO and (host not in LOOPBACK or settings.PUBLIC_ADDRESS):
        raise click.ClickException("演示模式只能在本机使用 · demo mode is refused on a public address")
    _port_is_free(host, port)
    migrate()
    mirror_rules()
    run(host, port, workers, threads)


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 · port")
@click.option("--load-only", is_flag=True, help="只装入数据，不启动 · load the data and stop")
@click.option(
    "--full",
    is_flag=True,
    help="装入完整的三年模拟运行（需较长时间） · load the whole three-year run (takes long)",
)
def demo(port: int, load_only: bool, full: bool) -> None:
    """装入演示省份（真实的公开报道数据与标明的模拟数据）并在本机启动 · load the demo province and serve it."""
    os.environ["JCG_DEMO"] = "1"
    if full:
        os.environ["JCG_DEMO_SCALE"] = "full"
    start_django()
    from django.conf import settings

    if settings.PUBLIC_ADDRESS:
        raise click.ClickException("演示模式只能在本机使用 · demo mode is refused with a public address")
    if not load_only:
        _port_is_free("127.0.0.1", port)
    migrate()
    from jinchuanggu.demo import load

    if not load.load_once():
        mirror_rules()  # a newer version of the product brings newer rule files
    if load_only:
        return
    load.welcome(f"http://127.0.0.1:{port}/")
    run("127.0.0.1", port, 1, 8)


def migrate() -> None:
    """Bring the database to the newest shape; quick when nothing is to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def mirror_rules() -> None:
    """Bring policies and indicators up to the files of this version; quick when nothing changed."""
    from django.db import connection

    from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
    from jinchuanggu.indicators.definitions.catalogue import sync_definitions
    from jinchuanggu.policies.actions.sync import sync_official

    sync_official(SYSTEM_ACTOR)
    sync_definitions(SYSTEM_ACTOR)
    connection.close()


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"端口 {port} 不可用，请换一个（make demo PORT=8123） · port {port} is not free: {problem.strerror}"
            ) from problem


def run(host: str, port: int, workers: int, threads: int) -> None:
    """Start gunicorn here and the job worker beside it; whoever ends first takes the other along."""
    from gunicorn.app.base import BaseApplication

    worker = subprocess.Popen(
        [sys.executable, "-m", "jinchuanggu.commands.worker"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "jinchuanggu.settings.base"},
        start_new_session=True,  # Ctrl-C goes to this process alone, which then stops the worker in order
    )

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "preload_app": True,
                "timeout": 120,
                "graceful_timeout": 10,
                "keepalive": 30,
                "loglevel": os.environ.get("JCG_LOG_LEVEL", "warning").lower(),
                "accesslog": None,
                "control_socket_disable": True,
                "on_exit": lambda _server: _stop(worker),
            }
            for key, value in options.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        def load(self) -> Any:
            from jinchuanggu.wsgi import application

            return application

    try:
        Server().run()
    finally:
        _stop(worker)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is not None:
        return
    worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(timeout=15)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
