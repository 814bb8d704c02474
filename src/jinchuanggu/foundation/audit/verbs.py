"""What a verb of the audit is called on screens. Rooms add their own; moves of a process are named by its
file.
"""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

Text = dict[str, str]

_titles: dict[str, Text] = {}


def register(titles: dict[str, Text]) -> None:
    """Name the verbs of a room: `{"document.add": {"zh": "上传文件", "en": "File uploaded"}}`."""
    _titles.update(titles)


@cache
def _of_process(verb: str) -> Text | None:
    from jinchuanggu.foundation.workflow.definition import ProcessError, load

    process, _, event = verb.partition(".")
    try:
        return next((move.title for move in load(process).moves if move.event == event), None)
    except ProcessError:
        return None


def title(verb: str) -> str:
    """The verb in the language of the reader; an unnamed one as it is."""
    text = _titles.get(verb) or _of_process(verb)
    if text is None:
        return verb
    return text["en" if (get_language() or "").startswith("en") else "zh"]


def known() -> list[str]:
    return sorted(_titles)


register(
    {
        "account.create": {"zh": "创建账号", "en": "Account created"},
        "account.disable": {"zh": "停用账号", "en": "Account disabled"},
        "account.enable": {"zh": "启用账号", "en": "Account enabled"},
        "account.invite": {"zh": "发出邀请", "en": "Invitation issued"},
        "account.login": {"zh": "登录", "en": "Signed in"},
        "account.login_failed": {"zh": "登录失败", "en": "Sign-in failed"},
        "account.logout": {"zh": "退出", "en": "Signed out"},
        "account.switch_hat": {"zh": "切换身份", "en": "Hat switched"},
        "account.password_changed": {"zh": "修改密码", "en": "Password changed"},
        "account.password_reset": {"zh": "重置密码", "en": "Password reset"},
        "account.mfa_added": {"zh": "启用两步验证", "en": "Second factor added"},
        "account.mfa_removed": {"zh": "停用两步验证", "en": "Second factor removed"},
        "account.mfa_reset": {"zh": "重置恢复码", "en": "Recovery codes renewed"},
        "account.mfa_failed": {"zh": "两步验证失败", "en": "Second factor failed"},
        "account.sessions_ended": {"zh": "注销其他会话", "en": "Other sessions ended"},
        "hat.grant": {"zh": "授予身份", "en": "Hat granted"},
        "hat.revoke": {"zh": "撤销身份", "en": "Hat revoked"},
        "document.add": {"zh": "上传文件", "en": "Document added"},
        "document.make": {"zh": "生成文件", "en": "File made"},
        "document.version": {"zh": "上传新版本", "en": "New version added"},
        "document.corrupt": {"zh": "发现文件被改动", "en": "Changed file found"},
        "demo.load": {"zh": "装入演示数据", "en": "Demo data loaded"},
        "job.start": {"zh": "启动后台作业", "en": "Job started"},
        "job.cancel": {"zh": "取消后台作业", "en": "Job cancelled"},
        "audit.export": {"zh": "导出审计记录", "en": "Audit exported"},
        "audit.verify": {"zh": "核验审计链", "en": "Audit chain verified"},
    }
)
