"""The engine's own place in the office's menu."""

from yakuba.kernel.access.api import Role, role
from yakuba.kernel.home.api import menu_item

menu_item(group="運用", title="バックアップ", url_name="backups", may=role(Role.IT, Role.AUDITOR), order=15)
