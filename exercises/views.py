"""The public library and topic pages, and the preview of a version for staff."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from exercises.models import Exercise, ExerciseVersion, Topic, TopicVersion
from exercises.rules.page import ExercisePage, TopicPage, shared_parts
from exercises.rules.vocabulary import TAGS, Direction, TagKind
from exercises.services.documents import document_of
from exercises.services.library import LONGEST_SEARCH, card, count_facets, find_exercises, shown_names, topics_by_kind

PAGE_SIZE = 24
OTHER_SIDE = "other"


@require_safe
def library(request):
    """All exercises, narrowed by the words and the tags in the address."""
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    tags = {str(kind): [code for code in request.GET.getlist(kind) if code in TAGS[kind]] for kind in TAGS}
    found = find_exercises(words=words, tags=tags, today=timezone.localdate())
    paginator = Paginator(found.exercises, PAGE_SIZE)
    if found.count is not None:
        paginator.count = found.count
    page = paginator.get_page(request.GET.get("page"))
    facets = count_facets(found=found, tags=tags)
    return render(
        request,
        "exercises/library.html",
        {
            "page": page,
            "exercises": [card(exercise) for exercise in page],
            "words": words,
            "chosen": [facet for group in facets.values() for facet in group if facet.chosen],
            "groups": [_group(request, kind, facets[kind]) for kind in (TagKind.PURPOSE, TagKind.REGION)],
            "more_groups": [_group(request, kind, facets[kind]) for kind in (TagKind.POSITION, TagKind.EQUIPMENT)],
            "shared_parts": shared_parts(),
        },
    )


def _group(request, kind, facets):
    """One row of filters. Each is a link that turns it on, or off again."""
    links = []
    for facet in facets:
        address = request.GET.copy()
        others = [code for code in address.getlist(kind) if code in TAGS[kind] and code != facet.code]
        address.setlist(kind, others if facet.chosen else [*others, facet.code])
        address.pop("page", None)
        if not address.getlist(kind):
            address.pop(kind, None)
        links.append((facet, f"?{address.urlencode()}" if address else "?"))
    return {"kind": kind, "title": TagKind(kind).label, "links": links}


@require_safe
def detail(request, slug):
    """One exercise. A replaced one leads to what took its place; one whose check is overdue rests."""
    exercise = get_object_or_404(Exercise.objects.select_related("live_version__approved_by", "replaced_by"), slug=slug)
    if exercise.replaced_by:
        return redirect(exercise.replaced_by, permanent=True)
    return _page_of(request, exercise, _exercise_page)


@require_safe
def preview(request, pk):
    """A version as the patient will see it. For staff only."""
    version = get_object_or_404(ExerciseVersion.objects.select_related("exercise", "approved_by"), pk=pk)
    return _exercise_page(request, version, is_preview=True)


@require_safe
def topics(request):
    """Every topic page, by kind."""
    return render(request, "exercises/topics.html", {"groups": topics_by_kind(today=timezone.localdate())})


@require_safe
def topic(request, slug):
    """One topic page."""
    found = get_object_or_404(Topic.objects.select_related("live_version__approved_by"), slug=slug)
    return _page_of(request, found, _topic_page)


@require_safe
def preview_topic(request, pk):
    """A version of a topic page as the patient will see it. For staff only."""
    version = get_object_or_404(TopicVersion.objects.select_related("topic", "approved_by"), pk=pk)
    return _topic_page(request, version, is_preview=True)


def _page_of(request, identity, draw):
    version = identity.live_version
    if version is None or identity.archived_at:
        raise Http404
    if version.review_due_on < timezone.localdate():
        return render(request, "exercises/resting.html", status=404)
    return draw(request, version)


def _exercise_page(request, version, is_preview=False):
    document = document_of(version)
    page = ExercisePage(document, mirrored=request.GET.get("side") == OTHER_SIDE)
    names = shown_names(slugs=[row["to"] for row in document["progressions"]], today=timezone.localdate())
    progressions = [
        {"direction": Direction(row["direction"]).label, "slug": row["to"], "name": names[row["to"]], "how": row["how"]}
        for row in document["progressions"]
        if row["to"] in names
    ]
    context = {"exercise": page, "version": version, "progressions": progressions, "is_preview": is_preview}
    return render(request, "exercises/detail.html", context | {"shared_parts": shared_parts()})


def _topic_page(request, version, is_preview=False):
    page = TopicPage(document_of(version))
    return render(request, "exercises/topic.html", {"topic": page, "version": version, "is_preview": is_preview})
