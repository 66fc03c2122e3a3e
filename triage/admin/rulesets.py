"""The rule table in the admin, rendered from the values that decide, and a clinical lead's signature under it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.admin import ReadOnly
from clinic.services import Refused
from triage import services
from triage.models import RulesetApproval
from triage.pathways import PATHWAYS
from triage.rules.engine import definitions, rule_table, ruleset_hash

SIGN = "triage.sign_ruleset"


@admin.register(RulesetApproval)
class RulesetApprovalAdmin(ReadOnly):
    """Who signed which version of which rules. Above the list: the rules as they run now."""

    list_display = ["pathway", "ruleset", "signed_by", "signed_at"]
    list_select_related = ["signed_by"]
    ordering = ["-signed_at", "-pk"]
    change_list_template = "admin/triage/rulesets.html"

    def get_urls(self):
        rules = path(
            "rules/<slug:pathway>/", self.admin_site.admin_view(self.rules_view), name="triage_rulesetapproval_rules"
        )
        return [rules, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        unsigned = dict(services.unsigned_pathways())
        running = [
            {"slug": slug, "title": pathway.title, "ruleset": ruleset_hash(pathway), "signed": slug not in unsigned}
            for slug, pathway in PATHWAYS.items()
        ]
        return super().changelist_view(request, {**(extra_context or {}), "running": running})

    def rules_view(self, request, pathway):
        """The rules of one pathway in words. POST signs the version that was read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if pathway not in PATHWAYS:
            raise Http404
        if request.method == "POST":
            return self._sign(request, pathway)
        rules = PATHWAYS[pathway]
        ruleset = ruleset_hash(rules)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Rules: %(pathway)s") % {"pathway": rules.title},
            "pathway": rules,
            "ruleset": ruleset,
            "rows": rule_table(rules),
            "definitions": definitions(rules),
            "signature": RulesetApproval.objects.select_related("signed_by")
            .filter(pathway=pathway, ruleset=ruleset)
            .first(),
            "may_sign": request.user.has_perm(SIGN),
        }
        return TemplateResponse(request, "admin/triage/rules.html", context)

    def _sign(self, request, pathway):
        if not request.user.has_perm(SIGN):
            raise PermissionDenied
        try:
            services.approve_ruleset(
                pathway=pathway, ruleset=request.POST.get("ruleset", ""), by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("You have signed these rules."))
        return redirect(request.path)
