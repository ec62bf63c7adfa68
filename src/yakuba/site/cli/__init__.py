"""The ``yakuba`` command: own commands here, each app's in its ``cli.py``."""

from __future__ import annotations

import os
import sys

import click


class TownHallGroup(click.Group):
    """Adds the commands of the apps (``commands`` in their ``cli.py``) once one of them is asked for."""

    def _with_apps(self) -> None:
        from yakuba.site.cli.apps import commands_of_apps

        for command in commands_of_apps():
            if command.name not in self.commands:
                self.add_command(command)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands:
            self._with_apps()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._with_apps()
        return sorted(super().list_commands(ctx))


@click.group(cls=TownHallGroup, context_settings={"help_option_names": ["-h", "--help"]})
def yakuba() -> None:
    """役場: 町のDX推進計画をまるごと動かすシステム。"""


def _register() -> None:
    from yakuba.site.cli import sample, service

    for command in [*service.commands, *sample.commands]:
        yakuba.add_command(command)


def main() -> None:
    """Entry point of the ``yakuba`` command; exit code 2 for wrong use, 1 for a refusal, 0 when done."""
    os.umask(0o077)  # databases, logs and files are for this service alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.site.settings")
    from yakuba.kernel.values.api import Refusal

    _register()
    try:
        yakuba.main(prog_name="yakuba", standalone_mode=True)
    except Refusal as refusal:
        click.echo(f"できません: {refusal.message}", err=True)
        if refusal.hint:
            click.echo(f"次に: {refusal.hint}", err=True)
        sys.exit(1)
