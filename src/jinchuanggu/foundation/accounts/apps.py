from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "jinchuanggu.foundation.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from jinchuanggu.foundation import navigation
        from jinchuanggu.foundation.accounts import signals  # noqa: F401  (connects itself)
        from jinchuanggu.foundation.organisations.roles import Role

        navigation.add("system", _("账号与身份"), "users-group", "people_admin", {Role.ADMIN}, order=10)
