"""Topic pages and their versions in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from exercises.admin.base import IdentityAdmin, PartInline, VersionAdmin
from exercises.admin.forms import NewTopicForm, SectionForm, TopicVersionForm
from exercises.models import Topic, TopicSection, TopicVersion
from exercises.services.review import create_topic


class SectionInline(PartInline, admin.StackedInline):
    model = TopicSection
    form = SectionForm
    fields = ["order", "heading", "text", "contested", "source"]
    extra = 1


@admin.register(Topic)
class TopicAdmin(IdentityAdmin):
    """Every topic page."""

    list_display = ["slug", "live", "due", "open_version", "archived_at"]
    new_form = NewTopicForm

    def create(self, cleaned, by, now):
        return create_topic(slug=cleaned["slug"], title=cleaned["title"], kind=cleaned["kind"], by=by, now=now)


@admin.register(TopicVersion)
class TopicVersionAdmin(VersionAdmin):
    """Drafts of topic pages, what waits for a colleague, and everything that was ever published."""

    form = TopicVersionForm
    preview_name = "exercises:preview_topic"
    list_display = ["__str__", "status", "kind", "author", "submitted_at", "published_at", "review_due_on"]
    search_fields = ["title", "topic__slug"]
    inlines = [SectionInline]

    def get_fieldsets(self, request, obj=None):
        editable = self.has_change_permission(request, obj)
        words = ["title", "summary", "kind", "position", "language", "review_months"]
        return [
            (_("Where it stands"), {"fields": self.known_facts(obj)}),
            (_("Words"), {"fields": [*words, *(["seen_revision"] if editable else [])]}),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("topic__live_version", "author")
