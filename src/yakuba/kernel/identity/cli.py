"""``yakuba account first``."""

from __future__ import annotations

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.identity.services.change_password import hashed_password, one_time_password
from yakuba.kernel.identity.services.open_first_account import open_first_account
from yakuba.kernel.parameters.api import town_clock


@click.group()
def account() -> None:
    """アカウント。"""


@account.command("first")
@click.option("--number", required=True, help="職員番号")
@click.option("--name", required=True, help="氏名（例: 山田　花子）")
def first(*, number: str, name: str) -> None:
    """空の町の最初のアカウントを作り、一度だけ使えるパスワードを表示する。"""
    password = one_time_password()
    opened = open_first_account(
        by=system_person("command"), number=number, name=name, hashed=hashed_password(password), clock=town_clock()
    )
    click.echo(f"{opened.display_name}さん（職員番号 {opened.sign_in_name}）のアカウントを作りました。")
    click.echo("人事担当と情報システム担当の権限があります。")
    click.echo(f"最初のパスワード: {password}")
    click.echo("このパスワードは二度と表示されません。最初のログインで変更します。")


commands = [account]
