"""Signing in and being allowed: what a role may do in the admin, and staff accounts that nobody can open for themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend

from clinic.rules.access import ROLE_PERMISSIONS, Role


class RoleBackend(AuthenticationBackend):
    """Signs staff in by e-mail and grants what the role table grants: no permission rows to keep in step with it."""

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(ROLE_PERMISSIONS[Role(user_obj.role)])

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return self.get_all_permissions(user_obj, obj)

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager in the admin; nobody signs up."""

    def is_open_for_signup(self, request):
        return False
