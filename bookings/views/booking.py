"""From what the level allows to a booked visit: start, times, details, done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.forms import DetailsForm
from bookings.models import Service
from bookings.rules.capability import Outcome
from bookings.rules.choice import Choice, read_choice
from bookings.rules.states import Mode
from bookings.services import (
    BookingRefused,
    Contact,
    NotAllowed,
    TimeTaken,
    appointment_calendar,
    book_appointment,
    hold_time,
    what_may_be_booked,
)
from bookings.services.callbacks import ask_for_call
from bookings.services.choosing import what_was_chosen
from bookings.services.messages import visit_path
from bookings.services.visits import hold_of, visit_of
from bookings.services.words import when_words
from bookings.views import shown
from bookings.views.times_page import TimesPage
from clinic.models import Location
from clinic.references import new_reference
from triage.services import urgent_words

MAY_ASK_FOR_A_CALL = {Outcome.CALL_BACK, Outcome.TIMES, Outcome.ASK_AGAIN}


@never_cache
@require_safe
def start(request):
    """What may be booked, or what has to come first."""
    now = timezone.now()
    allowed = what_may_be_booked(patient=request.patient, now=now)
    location = Location.objects.main()
    context = {"allowed": allowed, "outcome": allowed.outcome.value, "clinic_location": location}
    if allowed.outcome is Outcome.CALL_BACK and location:
        context["call"] = shown.call(request.patient, location, now)
    if allowed.outcome is Outcome.TIMES:
        services = {service.slug: service for service in Service.objects.public()}
        context["choices"] = [(row, services[row.service]) for row in allowed.rows if row.service in services]
    return render(request, "bookings/start.html", context)


@require_POST
def call_me(request):
    """Put the visitor on the list of people to ring: for whom no time can be offered, or none suits."""
    now = timezone.now()
    location = Location.objects.main()
    allowed = what_may_be_booked(patient=request.patient, now=now)
    if allowed.outcome not in MAY_ASK_FOR_A_CALL or location is None:
        return redirect("bookings:start")
    if not request.patient.phone:
        messages.error(
            request, _("We have no number for you. Please call us on %(phone)s.") % {"phone": location.phone}
        )
        return redirect("bookings:start")
    task = ask_for_call(patient=request.patient, level=allowed.level, location=location, by=request.patient, now=now)
    messages.success(request, urgent_words(due_at=task.due_at, location=location, has_phone=True, now=now).sentence)
    return redirect("bookings:start")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def times(request):
    """Free times by day. Pressing one keeps it for eight minutes and leads to the details; nothing is booked yet."""
    now = timezone.now()
    allowed = what_may_be_booked(patient=request.patient, now=now)
    if allowed.outcome is not Outcome.TIMES:
        return redirect("bookings:start")
    asked = request.POST if request.method == "POST" else request.GET
    page = TimesPage.asked(asked, allowed=allowed, patient=request.patient, now=now)
    if page is None:
        return render(request, "bookings/none.html", {"clinic_location": Location.objects.main()})
    if request.method != "POST":
        return page.render(request)
    try:
        _hold(request.POST.get("time"), any_therapist=not page.who, patient=request.patient, now=now)
    except BookingRefused as refusal:
        return page.render(request, refusal=refusal, status=409)
    return redirect("bookings:details")


def _hold(text, *, any_therapist, patient, now):
    """Hold the chosen time; when it went to somebody else and any therapist will do, hold it with another one."""
    choice = read_choice(text)
    service, practitioner, location = what_was_chosen(choice)
    wish = {
        "service": service,
        "location": location,
        "mode": choice.mode,
        "starts_at": choice.starts_at,
        "patient": patient,
        "by": patient,
        "now": now,
    }
    try:
        return hold_time(practitioner=practitioner, **wish)
    except TimeTaken:
        if not any_therapist:
            raise
        return hold_time(practitioner=None, **wish)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request):
    """Check the time, say how to reach you, book. What was typed survives every refusal."""
    now = timezone.now()
    if not request.patient:
        return redirect("bookings:start")
    if request.method == "POST":
        return _details_sent(request, now)
    if what_may_be_booked(patient=request.patient, now=now).outcome is not Outcome.TIMES:
        return redirect("bookings:start")
    hold = hold_of(request.patient)
    if hold is None:
        return redirect("bookings:times")
    form = DetailsForm(mode=hold.mode, patient=request.patient, initial=_hidden_of(hold))
    return _details_page(request, form, hold, now)


def _hidden_of(hold) -> dict:
    return {"choice": str(_choice_of(hold)), "key": new_reference()}


def _choice_of(visit) -> Choice:
    return Choice(visit.service.slug, Mode(visit.mode), visit.practitioner_id, visit.location_id, visit.starts_at)


def _details_sent(request, now):
    patient = request.patient
    if "time" in request.POST:  # one of the other times that a refusal offered
        try:
            _hold(request.POST["time"], any_therapist=True, patient=patient, now=now)
        except BookingRefused as refusal:
            return _details_refused(request, refusal, now)
        return _details_again(request, now)
    choice = read_choice(request.POST.get("choice"))
    form = DetailsForm(request.POST, mode=choice.mode if choice else Mode.IN_PERSON, patient=patient)
    try:
        service, practitioner, location = what_was_chosen(choice)
        if not form.is_valid():
            return _details_page(request, form, hold_of(patient), now, status=422)
        contact = Contact(**{name: form.cleaned_data.get(name, "") for name in ("last_name", "email", "phone")})
        visit = book_appointment(
            service=service,
            practitioner=practitioner,
            location=location,
            mode=choice.mode,
            starts_at=choice.starts_at,
            patient=patient,
            phone=(contact.phone or patient.phone) if choice.mode is Mode.PHONE else "",
            contact=contact,
            idempotency_key=form.cleaned_data["key"],
            by=patient,
            now=now,
        )
    except BookingRefused as refusal:
        return _details_refused(request, refusal, now)
    return redirect("bookings:done", visit.reference)


def _details_again(request, now):
    """The same form with another time: what was typed stays, and nothing is marked as wrong yet."""
    hold = hold_of(request.patient)
    typed = {name: request.POST.get(name, "") for name in ("last_name", "email", "phone")}
    form = DetailsForm(mode=hold.mode, patient=request.patient, initial={**_hidden_of(hold), **typed})
    return _details_page(request, form, hold, now)


def _details_refused(request, refusal, now):
    if isinstance(refusal, NotAllowed) and refusal.capability.outcome is not Outcome.TIMES:
        return redirect("bookings:start")  # something has come up since: the first page says what to do
    choice = read_choice(request.POST.get("choice"))
    typed = {name: request.POST.get(name, "") for name in ("last_name", "email", "phone", "choice")}
    mode = choice.mode if choice else Mode.IN_PERSON
    form = DetailsForm(mode=mode, patient=request.patient, initial={**typed, "key": new_reference()})
    return _details_page(request, form, hold_of(request.patient), now, refusal=refusal, status=409)


def _details_page(request, form, hold, now, *, refusal=None, status=200):
    if hold is None and refusal is None:
        refusal = TimeTaken(_("We no longer hold that time. Please choose one again."))
    other = []
    choice = read_choice(form["choice"].value() or "")
    if refusal is not None and choice is not None and refusal.nearest:
        service, _practitioner, location = what_was_chosen(choice)
        other = shown.nearest(refusal.nearest, service=service, mode=choice.mode, location=location)
    context = {
        "form": form,
        "hold": hold,
        "card": shown.card(hold) if hold else None,
        "held": hold is not None and hold.held_until > now,
        "refusal": refusal,
        "other_times": other,
        "times_query": _times_query(hold),
    }
    return render(request, "bookings/details.html", context, status=status)


def _times_query(hold) -> str:
    return f"?service={hold.service.slug}&how={hold.mode}" if hold else ""


@never_cache
@require_safe
def done(request, reference):
    """The booked visit, as it is now, for the browser that booked it."""
    visit = visit_of(request.patient, reference)
    if visit is None:
        raise Http404
    context = {
        "visit": visit,
        "card": shown.card(visit),
        "when": when_words(visit.starts_at, visit.location),
        "clinic_location": visit.location,
    }
    return render(request, "bookings/done.html", context)


@never_cache
@require_safe
def calendar(request, reference):
    visit = visit_of(request.patient, reference)
    if visit is None:
        raise Http404
    return calendar_file(visit)


def calendar_file(visit) -> HttpResponse:
    return HttpResponse(
        appointment_calendar(visit, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="visit.ics"'},
    )


@require_POST
def own_link(request, reference):
    """From the done page to the visit page, for somebody who has no e-mail with the link in it."""
    visit = visit_of(request.patient, reference)
    if visit is None:
        raise Http404
    return redirect(visit_path(visit, now=timezone.now()))
