"""Every change of accounts and hats. Administrators give and take hats; they never wear one of the
programme's.

Three duties stay apart: a person is either administrator, or auditor, or acts in the programme.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations import duties
from jinchuanggu.foundation.organisations.models import Membership, Organisation, Person
from jinchuanggu.foundation.organisations.roles import Role


def _admin(actor: Actor) -> None:
    if actor.role != Role.ADMIN:
        raise Http404


def create_account(
    actor: Actor,
    *,
    name: str,
    username: str,
    email: str,
    organisation: Organisation,
    role: str,
    title: str = "",
) -> Person:
    """Create a person with an account and a first hat. The account has no password: an invitation sets one.

    Raises `ValidationError` by field.
    """
    _admin(actor)
    name, username, email = name.strip(), username.strip(), email.strip().lower()
    wrong: dict[str, list[str]] = {}
    if not name:
        wrong["name"] = [_("请填写姓名")]
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        wrong["username"] = [_("账号只能用文字、数字和 @ . + - _")]
    if User.objects.filter(username__iexact=username).exists():
        wrong["username"] = [_("账号“%(name)s”已存在，请换一个") % {"name": username}]
    try:
        validate_email(email)
    except ValidationError:
        wrong["email"] = [_("请填写有效的电子邮箱，例如 name@example.cn")]
    if "email" not in wrong and User.objects.filter(email__iexact=email).exists():
        wrong["email"] = [_("此邮箱已属于另一账号")]
    if role not in Role.values:
        wrong["role"] = [_("请选择身份")]
    if wrong:
        raise ValidationError(wrong)
    with act(actor, "account.create", detail={"username": username, "role": role}) as deed:
        user = User(username=username, email=email)
        user.set_unusable_password()
        user.save()
        person = Person.objects.create(
            name=name,
            email=email,
            title=title.strip(),
            employer=organisation,
            user=user,
            origin=organisation.origin,
        )
        deed.target = person
        grant_hat(actor, person=person, organisation=organisation, role=role)
    return person


def grant_hat(
    actor: Actor,
    *,
    person: Person,
    organisation: Organisation,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a person a hat. Nobody gives one to oneself; duties that must stay apart are refused.

    A hat that is already worn is returned as it is.
    """
    _admin(actor)
    today = timezone.localdate()
    starts_on = starts_on or today
    if role not in Role.values:
        raise ValidationError({"role": [_("请选择身份")]})
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": [_("止日不能早于起日")]})
    with transaction.atomic():
        # the row lock keeps two administrators from giving two incompatible hats at once
        Person.objects.select_for_update().get(pk=person.pk)
        worn = Membership.objects.filter(person=person, organisation=organisation, role=role, revoked_at=None)
        if (hat := worn.exclude(ends_on__lt=today).first()) is not None:
            return hat
        if wrong := duties.problems(actor, Membership(person=person, role=role)):
            raise ValidationError({field: [words] for field, words in wrong.items()})
        with act(
            actor, "hat.grant", detail={"person": person.pk, "role": role, "organisation": organisation.pk}
        ) as deed:
            hat = Membership.objects.create(
                person=person, organisation=organisation, role=role, starts_on=starts_on, ends_on=ends_on
            )
            deed.target = hat
    return hat


def revoke_hat(actor: Actor, hat: Membership, *, reason: str) -> None:
    """Take a hat off; it stops working with the wearer's next request. The last administrator keeps
    the hat.
    """
    _admin(actor)
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明理由")]})
    today = timezone.localdate()
    with act(actor, "hat.revoke", hat, reason=reason.strip()):
        others = Membership.objects.filter(role=Role.ADMIN).in_force(today).exclude(person_id=hat.person_id)
        if hat.role == Role.ADMIN and not others.filter(person__user__is_active=True).exists():
            raise ValidationError({"reason": [_("不能撤销最后一名系统管理员")]})
        if hat.revoked_at is None:
            hat.revoked_at = timezone.now()
            hat.ends_on = max(min(hat.ends_on or today, today), hat.starts_on)
            hat.save(update_fields=["revoked_at", "ends_on"])


def set_active(actor: Actor, person: Person, *, active: bool, reason: str) -> None:
    """Switch an account off (every session ends with its next request) or on again."""
    _admin(actor)
    if person.user is None:
        raise Http404
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明理由")]})
    if not active and person.pk == actor.person_id:
        raise ValidationError({"reason": [_("不能停用自己的账号")]})
    user = person.user
    with act(actor, "account.enable" if active else "account.disable", user, reason=reason.strip()):
        user.is_active = active
        user.save(update_fields=["is_active"])


def may_be_invited(person: Person) -> bool:
    """An invitation sets a first password; somebody who has one uses "forgot password" and not an
    administrator.
    """
    return person.user is not None and person.user.is_active and not person.user.has_usable_password()


def invitation(actor: Actor, person: Person) -> str:
    """The path of a one-time link that sets the first password; it ends with its use or after three days."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.urls import reverse

    _admin(actor)
    if not may_be_invited(person):
        raise ValidationError(_("此账号已设置密码；如忘记密码，请本人在登录页找回"))
    with act(actor, "account.invite", person.user):
        token = default_token_generator.make_token(person.user)
    uid = user_pk_to_url_str(person.user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


__all__ = ["create_account", "grant_hat", "invitation", "may_be_invited", "revoke_hat", "set_active"]
