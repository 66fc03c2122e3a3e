"""What the admin of exercises and of topics has in common: identities that start drafts, versions that pass a review."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.utils import flatten
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from clinic.services import Refused
from exercises.models import APPROVE, WITHDRAW, Status
from exercises.rules.difference import differences
from exercises.rules.document import content_hash
from exercises.services import review
from exercises.services.documents import document_of

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
SEND = "send_to_review"
ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"

VERBS = {
    Status.DRAFT: [SEND, "discard"],
    Status.IN_REVIEW: ["approve", "send_back"],
    Status.PUBLISHED: ["withdraw", "start_draft"],
    Status.WITHDRAWN: ["start_draft"],
}
"""What can be done with a version, by its status."""


def admin_address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


class PartInline:
    """A part of a version: whoever may edit the version may edit its parts, while it is a draft."""

    extra = 0

    def _may_edit(self, request, obj):
        return bool(obj and obj.is_draft and request.user.has_perm(self._edit_permission))

    @property
    def _edit_permission(self):
        return f"exercises.change_{self.parent_model._meta.model_name}"

    def get_fields(self, request, obj=None):
        """Read-only, the place in the order is what the row holds; edited, it is what the editor types."""
        fields = super().get_fields(request, obj)
        if self._may_edit(request, obj):
            return fields
        return ["position" if field == "order" else field for field in fields]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(f"exercises.view_{self.parent_model._meta.model_name}")

    def has_add_permission(self, request, obj=None):
        return self._may_edit(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_edit(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_edit(request, obj)


class IdentityAdmin(admin.ModelAdmin):
    """Exercises or topics as such. Their words are in their versions."""

    actions = ["start_draft"]
    search_fields = ["slug"]
    ordering = ["slug"]
    list_select_related = ["live_version"]
    facts = ["slug", "uuid", "live", "open_version", "archived_at"]

    def get_fields(self, request, obj=None):
        return self.facts if obj else self.new_form.base_fields

    def get_readonly_fields(self, request, obj=None):
        return self.facts if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            return self.new_form
        return super().get_form(request, obj, change=change, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("live version"))
    def live(self, obj):
        version = obj.live_version
        return format_html('<a href="{}">{}</a>', admin_address(version), version) if version else "-"

    @admin.display(description=_("next check by"), ordering="live_version__review_due_on")
    def due(self, obj):
        return obj.live_version.review_due_on if obj.live_version else None

    @admin.display(description=_("in work"))
    def open_version(self, obj):
        version = next((version for version in obj.versions.all() if version.status in VERBS_OPEN), None)
        if version is None:
            return "-"
        return format_html('<a href="{}">{}</a>', admin_address(version), version.get_status_display())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    @admin.action(description=_("Start a draft"), permissions=["change"], location=EVERYWHERE)
    def start_draft(self, request, queryset):
        drafts = []
        for identity in queryset:
            try:
                drafts.append(review.start_draft(identity=identity, by=request.user, now=timezone.now()))
            except Refused as refusal:
                self.message_user(request, f"{identity}: {refusal.message}", messages.ERROR)
        if len(drafts) == 1:
            return HttpResponseRedirect(admin_address(drafts[0]))
        return None

    def save_model(self, request, obj, form, change):
        """A new one begins with its first draft; a known one has nothing to save."""
        if change:
            return
        draft = self.create(form.cleaned_data, by=request.user, now=timezone.now())
        obj.__dict__.update(draft.identity.__dict__)

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(admin_address(obj.versions.get()))


VERBS_OPEN = (Status.DRAFT, Status.IN_REVIEW)


class VersionAdmin(admin.ModelAdmin):
    """Versions: edited while they are drafts, read-only ever after. What happens to them are verbs, and call services."""

    actions = [SEND, "approve", "send_back", "withdraw", "start_draft", "discard"]
    list_filter = ["status", "kind"]
    list_display_links = ["__str__"]
    ordering = ["status", "-submitted_at", "pk"]
    facts = [
        ("status", "number", "author", "created_at"),
        ("submitted_by", "submitted_at"),
        ("approved_by", "published_at", "review_due_on"),
        ("withdrawn_by", "withdrawn_at", "withdrawn_reason"),
        "missing",
        "changes",
    ]
    facts_of = {
        Status.DRAFT: [0, 4, 5],
        Status.IN_REVIEW: [0, 1, 4, 5],
        Status.PUBLISHED: [0, 1, 2, 5],
        Status.WITHDRAWN: [0, 1, 2, 3],
    }
    """Which rows of facts say something, by status."""

    class Media:
        css = {"all": ["css/exercises.css"]}

    # Who may

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_approve_permission(self, request):
        return request.user.has_perm(APPROVE)

    def has_withdraw_permission(self, request):
        return request.user.has_perm(WITHDRAW)

    def get_readonly_fields(self, request, obj=None):
        return flatten(self.facts)

    def known_facts(self, obj):
        return [self.facts[row] for row in self.facts_of[obj.status]] if obj else []

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """On the page of one version: what can be done with it as it is now."""
        actions = super().get_actions(request, action_location)
        if action_location == ActionLocation.CHANGE_LIST:
            return {name: action for name, action in actions.items() if name not in {"withdraw", "discard"}}
        obj = self.get_object(request, request.resolver_match.kwargs.get("object_id", ""))
        return {name: action for name, action in actions.items() if obj and name in VERBS[obj.status]}

    # What an editor sees beside the fields

    def stored(self, obj):
        """The version as it is in the database: what was typed and refused must not be taken for it."""
        if not hasattr(obj, "_stored"):
            obj._stored = self.get_queryset(None).get(pk=obj.pk)
        return obj._stored

    @admin.display(description=_("what is missing"))
    def missing(self, obj):
        problems = review.problems_of(self.stored(obj))
        if not problems:
            return _("Nothing: it can be sent to a colleague.")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in problems)))

    @admin.display(description=_("what changes for patients"))
    def changes(self, obj):
        live = obj.identity.live_version
        if live is None:
            return _("Patients see nothing of it yet.")
        if live.pk == obj.pk:
            return _("This is what patients see.")
        rows = differences(document_of(live), document_of(self.stored(obj)))
        if not rows:
            return _("Nothing: it says the same as the live version.")
        lines = [
            (part, sign, line)
            for part, out, into in rows
            for sign, texts in ((_("out"), out), (_("in"), into))
            for line in texts
        ]
        body = format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", lines)
        return format_html('<table class="changes">{}</table>', body)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {
                "preview_url": reverse(self.preview_name, args=[obj.pk]),
                "seen_hash": content_hash(document_of(self.stored(obj))),
                "identity_url": admin_address(obj.identity),
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving a draft

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """ "Send to review" pressed on a form saves what was typed first: an edit is never lost by choosing the other button."""
        if request.method == "POST" and request.POST.get(ACTION) == SEND and "seen_revision" in request.POST:
            request.POST = request.POST.copy()
            request.POST.pop(ACTION)
            request.POST["_continue"] = request.POST["_send"] = "1"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_formset(self, request, form, formset, change):
        if not hasattr(formset.form.base_fields, "get") or "order" not in formset.form.base_fields:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        kept = [
            row for row in formset.forms if row not in formset.deleted_forms and (row.instance.pk or row.has_changed())
        ]
        last = len(kept) + 1_000_000
        kept.sort(key=lambda row: row.cleaned_data.get("order") or row.instance.position or last)
        for place, row in enumerate(kept, start=1):
            if row.has_changed() or row.instance.position != place:
                row.instance.position = place
                row.instance.save()

    def save_related(self, request, form, formsets, change):
        """Whoever changed a word, a step or a dose is known from now on as one who does not approve it."""
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            review.record_edit(version=form.instance, by=request.user)

    def response_change(self, request, obj):
        if "_send" in request.POST:
            self._do(request, review.submit_for_review, obj, _("“%(name)s” waits for a colleague now."))
            return HttpResponseRedirect(admin_address(obj))
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse(self.preview_name, args=[obj.pk]))
        return super().response_change(request, obj)

    # Verbs

    def _do(self, request, use_case, obj, done, **more):
        """Call a service and say how it went. Returns its result, or None when it refused."""
        try:
            result = use_case(version=obj, by=request.user, now=timezone.now(), **more)
        except Refused as refusal:
            self.message_user(request, f"{obj}: {refusal.message}", messages.ERROR)
            return None
        self.message_user(request, done % {"name": obj}, messages.SUCCESS)
        return result

    @admin.action(description=_("Send to review"), permissions=["change"], location=EVERYWHERE)
    def send_to_review(self, request, queryset):
        for obj in queryset:
            self._do(request, review.submit_for_review, obj, _("“%(name)s” waits for a colleague now."))

    @admin.action(description=_("Approve and publish"), permissions=["approve"], location=EVERYWHERE)
    def approve(self, request, queryset):
        seen = request.POST.get("seen_hash", "") if len(queryset) == 1 else ""
        for obj in queryset:
            self._do(request, review.approve, obj, _("“%(name)s” is on the page now."), seen_hash=seen)

    @admin.action(description=_("Back to draft"), permissions=["change"], location=EVERYWHERE)
    def send_back(self, request, queryset):
        for obj in queryset:
            self._do(request, review.send_back, obj, _("“%(name)s” is a draft again."))

    @admin.action(description=_("Withdraw"), permissions=["withdraw"], location=ActionLocation.CHANGE_FORM)
    def withdraw(self, request, queryset):
        reason = request.POST.get("withdraw_reason", "")
        for obj in queryset:
            self._do(request, review.withdraw, obj, _("“%(name)s” is off the page."), reason=reason)

    @admin.action(description=_("Start a new draft from this"), permissions=["change"], location=EVERYWHERE)
    def start_draft(self, request, queryset):
        for obj in queryset:
            try:
                draft = review.start_draft(identity=obj.identity, by=request.user, now=timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{obj}: {refusal.message}", messages.ERROR)
            else:
                return HttpResponseRedirect(admin_address(draft))
        return None

    @admin.action(description=_("Throw this draft away"), permissions=["change"], location=ActionLocation.CHANGE_FORM)
    def discard(self, request, queryset):
        for obj in queryset:
            identity, name = obj.identity, str(obj)
            try:
                review.discard_draft(version=obj, by=request.user, now=timezone.now())
            except Refused as refusal:
                self.message_user(request, f"{name}: {refusal.message}", messages.ERROR)
            else:
                self.message_user(request, _("“%(name)s” is gone.") % {"name": name}, messages.SUCCESS)
                return HttpResponseRedirect(admin_address(identity))
        return None
