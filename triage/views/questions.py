"""One page of questions at a time, then the answers to check."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from triage import services
from triage.forms import PageForm, in_words
from triage.rules.questionnaire import page_after, page_before, pages, progress
from triage.views.begin import closed
from triage.views.own import own_intake, where


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request, reference, page):
    """Show a page of questions, or save it. ``?change=1`` comes from check-your-answers and goes straight back there."""
    intake = own_intake(request, reference)
    rows = {row.link_id: row for row in intake.answers.current()}
    shown = _shown_page(intake, rows, page)
    if shown is None:
        return redirect(where(intake))
    if request.method == "POST":
        return _save(request, intake, shown)
    return _show(request, intake, shown, PageForm(page=shown, rows=rows, revision=intake.revision))


def _shown_page(intake, rows, page_id):
    """The page if this intake is being filled in and its answers lead to it, else None."""
    if intake.status != intake.Status.IN_PROGRESS:
        return None
    answers = {link_id: row.value for link_id, row in rows.items()}
    return next((part for part in pages(intake.questionnaire.content, answers) if part.id == page_id), None)


def _show(request, intake, shown, form, *, status=200, conflict=None):
    context = {
        "intake": intake,
        "page": shown,
        "form": form,
        "progress": progress(intake.questionnaire.content, shown.id),
        "changing": _changing(request),
        "conflict": conflict,
        "more": request.GET.get("more") == "1",
    }
    return render(request, "triage/page.html", context, status=status)


def _save(request, intake, shown):
    typed = PageForm(request.POST, page=shown).typed()
    try:
        saved = services.save_page(
            intake=intake,
            page_id=shown.id,
            raw=typed,
            revision=_revision(request),
            by=request.patient,
            now=timezone.now(),
        )
    except services.ChangedMeanwhile as refusal:
        labels = {item.link_id: item for item in shown.questions}
        there = [(labels[row.link_id].label, in_words(labels[row.link_id], row)) for row in refusal.answers]
        form = PageForm(request.POST, page=shown, revision=refusal.revision)
        return _show(request, intake, shown, form, status=409, conflict={"message": refusal.message, "answers": there})
    except (services.AlreadySent, services.PageGone):
        intake.refresh_from_db()
        return redirect(where(intake))
    if saved.stopped:
        return redirect("triage:stop", reference=intake.reference)
    if request.POST.get("go") == "back":
        return redirect(_back(request, saved, shown.id))
    form = PageForm(request.POST, page=shown, revision=saved.intake.revision)
    if not form.is_valid():
        return _show(request, saved.intake, shown, form, status=422)
    return redirect(_next(request, saved, shown))


def _next(request, saved, shown) -> str:
    """The address after a page that was answered: straight back to check-your-answers unless the change opened questions."""
    intake = saved.intake
    content = intake.questionnaire.content
    asked = {item.link_id for item in shown.questions}
    now_here = next((part for part in pages(content, saved.answers) if part.id == shown.id), None)
    if now_here and any(item.link_id not in asked for item in now_here.questions):
        return _page_address(intake, shown.id, _changing(request))
    if _changing(request):
        if saved.opened:
            return _page_address(intake, saved.opened[0], True)
        missing = services.next_to_do(intake)
        following = missing.id if missing else None
    else:
        after = page_after(content, saved.answers, shown.id)
        following = after.id if after else None
    if following:
        return _page_address(intake, following, _changing(request))
    return reverse("triage:answers", args=[intake.reference])


def _back(request, saved, page_id) -> str:
    if _changing(request):
        return reverse("triage:answers", args=[saved.intake.reference])
    before = page_before(saved.intake.questionnaire.content, saved.answers, page_id)
    return _page_address(saved.intake, before.id, False) if before else reverse("triage:start")


def _page_address(intake, page_id, changing) -> str:
    address = reverse("triage:page", args=[intake.reference, page_id])
    return f"{address}?change=1" if changing else address


def _changing(request) -> bool:
    return request.GET.get("change") == "1"


def _revision(request) -> int:
    """The revision that the page was shown at; 0, older than anything, when it cannot be read."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request, reference):
    """Check your answers, and send them. After that the same page shows what was sent."""
    intake = own_intake(request, reference)
    if request.method == "POST":
        return _send(request, intake)
    if not intake.is_finished and (intake.status != intake.Status.IN_PROGRESS or services.next_to_do(intake)):
        return redirect(where(intake))
    context = {"intake": intake, "sections": _sections(intake), "back": _last_page(intake)}
    return render(request, "triage/answers.html", context)


def _send(request, intake):
    if intake.status != intake.Status.IN_PROGRESS:
        return redirect(where(intake))
    try:
        assessment = services.finish_intake(intake=intake, by=request.patient, now=timezone.now())
    except services.StillOpen as refusal:
        messages.warning(request, refusal.message)
        return redirect(_page_address(intake, refusal.page_id, True))
    except services.NoResultNow as refusal:
        return closed(request, refusal.message)
    return redirect(where(assessment.intake))


def _sections(intake) -> list[dict]:
    """The enabled questions with their answers, by part of the form; each with the way to change it."""
    rows = {row.link_id: row for row in intake.answers.current()}
    given = {link_id: row.value for link_id, row in rows.items()}
    sections = {}
    for part in pages(intake.questionnaire.content, given):
        for item in part.questions:
            sections.setdefault(part.section, []).append(
                {
                    "label": item.label,
                    "value": in_words(item, rows.get(item.link_id)),
                    "change_url": "" if intake.is_finished else _change_address(intake, part.id, item),
                    "change_what": item.label,
                }
            )
    return [{"title": title, "rows": rows} for title, rows in sections.items()]


def _change_address(intake, page_id, item) -> str:
    """The page of the question, at the question when there are several."""
    return f"{_page_address(intake, page_id, True)}#q-{item.link_id}"


def _last_page(intake) -> str:
    parts = pages(intake.questionnaire.content, services.current_answers(intake))
    return _page_address(intake, parts[-1].id, False)


@require_POST
def again(request, reference):
    """Change answers that were sent: a new intake that begins with them."""
    try:
        fresh = services.answer_again(intake=own_intake(request, reference), by=request.patient, now=timezone.now())
    except services.NotTakingIntakes as refusal:
        return closed(request, refusal.message)
    return redirect(where(fresh))
