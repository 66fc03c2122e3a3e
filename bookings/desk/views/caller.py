"""A new caller: who it is, the safety questions, a time, and reading it back before it is booked."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import services
from bookings.desk.forms import CallerForm, SafetyForm
from bookings.desk.rules.asking import must_ask
from bookings.desk.services.people import add_patient, possible_duplicates
from bookings.desk.views.asked import (
    by_hand,
    moment_or_404,
    number,
    page_or_form,
    patient_or_404,
    slot,
    slot_words,
    step,
    typed,
)
from bookings.desk.views.frame import (
    board_address,
    day_words,
    desk_page,
    nearest_rows,
    time_words,
    with_query,
)
from bookings.models import Service
from bookings.rules.states import Mode
from clinic.models import Location, Practitioner
from clinic.references import new_reference
from clinic.rules import consent
from clinic.rules.levels import Level
from clinic.services import Refused
from triage.pathways import QUICK_SCREEN
from triage.services import NotTakingIntakes, answer_quick_check, effective_level, live_questionnaire


@page_or_form
def who(request):
    """Who is calling. Whoever resembles the caller is shown, and a person decides: nobody is merged or overwritten."""
    form = CallerForm(request.POST or None)
    alike = []
    if request.method == "POST" and form.is_valid():
        fields = form.patient_fields()
        alike = possible_duplicates(
            first_name=fields["first_name"],
            last_name=fields["last_name"],
            date_of_birth=fields["date_of_birth"],
            phone=fields["phone"],
        )
        chosen = request.POST.get("match", "")
        same = next((person for person in alike if person.reference == chosen), None)
        if same:
            return redirect(step("new_safety", same, request))
        if not alike or chosen == "new":
            patient = add_patient(**fields, by=request.user, now=timezone.now())
            return redirect(step("new_safety", patient, request))
    status = 422 if form.errors else 200
    return desk_page(
        request, "desk/new_who.html", {"form": form, "alike": alike, "slot": slot_words(request)}, status=status
    )


@page_or_form
def safety(request, reference):
    """The four safety questions, unless fresh answers are known. Anything but "no" leads to the whole check."""
    patient = patient_or_404(reference)
    now = timezone.now()
    allowed = services.what_may_be_booked(patient=patient, now=now)
    if request.method != "POST" and not must_ask(allowed, effective_level(patient, now), now):
        return redirect(step("new_times", patient, request))
    try:
        questions = live_questionnaire(QUICK_SCREEN.slug).content.questions
        form = SafetyForm(request.POST or None, patient=patient, questions=questions, initial={"token": ""})
        if request.method == "POST" and form.is_valid():
            check = answer_quick_check(
                answers=form.answers(),
                consent_version=consent.VERSION,
                patient=patient,
                by=request.user,
                now=now,
            )
            if check.intake is None:
                return redirect(step("new_times", patient, request))
            messages.warning(request, _("Not a clear “no”: please go through the whole check with them now."))
            return redirect(with_query(reverse("desk:check", args=[patient.reference]), **slot(request)))
    except NotTakingIntakes as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:patient", patient.reference)
    return desk_page(
        request,
        "desk/new_safety.html",
        {
            "patient": patient,
            "form": form,
            "outcome": allowed.outcome,
            "location": Location.objects.main(),
            "whole_check": step("check", patient, request),
            "slot": slot_words(request),
        },
        status=422 if form.errors else 200,
    )


@page_or_form
def confirm(request, reference):
    """Read back patient, weekday, date, time and therapist; only the button books."""
    patient = patient_or_404(reference)
    fields = request.POST if request.method == "POST" else request.GET
    service = get_object_or_404(Service, slug=typed(fields, "service"))
    mode = Mode(fields["mode"]) if fields.get("mode") in Mode else service.modes[0]
    location = get_object_or_404(Location.objects.active(), slug=typed(fields, "place"))
    reason = typed(fields, "reason", 120)
    set_by_hand = "day" in request.POST
    if set_by_hand:
        practitioner, starts_at, reason = by_hand(request.POST, location)
        if practitioner is None:
            messages.error(request, _("To overlap on purpose, choose a therapist, a day and a time, and say why."))
            back = reverse("desk:new_times", args=[reference])
            return redirect(with_query(back, service=service.slug, mode=mode, place=location.slug))
    else:
        practitioner = get_object_or_404(Practitioner.objects.active(), pk=number(fields.get("with")))
        starts_at = moment_or_404(fields.get("at"))
    wish = {
        "service": service,
        "practitioner": practitioner,
        "location": location,
        "mode": mode,
        "starts_at": starts_at,
        "patient": patient,
        "overlap_reason": reason,
    }
    if request.method == "POST" and not set_by_hand:
        return _book(request, wish)
    return _read_back(request, wish, key=new_reference())


def _book(request, wish):
    phone = typed(request.POST, "phone", 40)
    key = typed(request.POST, "key", 64) or new_reference()
    try:
        visit = services.book_appointment(
            **wish, phone=phone, idempotency_key=key, tell="tell" in request.POST, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return _read_back(request, wish, key=new_reference(), phone=phone, refusal=refusal)
    messages.success(
        request,
        _("Booked: %(name)s, %(day)s, %(time)s, with %(who)s.")
        % {
            "name": visit.patient.name,
            "day": day_words(visit.starts_at, visit.location.zone),
            "time": time_words(visit.starts_at, visit.location.zone),
            "who": visit.practitioner.name,
        },
    )
    return redirect(board_address(visit))


def _read_back(request, wish, *, key, phone=None, refusal=None):
    patient, service, mode, location = (wish[name] for name in ("patient", "service", "mode", "location"))
    starts_at = wish["starts_at"]
    zone = location.zone
    address = reverse("desk:new_confirm", args=[patient.reference])
    choice = {"service": service.slug, "mode": mode, "place": location.slug}
    known = effective_level(patient, timezone.now())
    return desk_page(
        request,
        "desk/new_confirm.html",
        {
            **wish,
            "day": day_words(starts_at, zone),
            "time": _("%(start)s to %(end)s")
            % {"start": time_words(starts_at, zone), "end": time_words(starts_at + service.duration, zone)},
            "stamp": int(starts_at.timestamp()),
            "phone": patient.phone if phone is None else phone,
            "by_phone": mode is Mode.PHONE,
            "key": key,
            "known": known,
            "urgent": bool(known and known.level >= Level.URGENT),
            "refused": refusal.message if refusal else "",
            "nearest": nearest_rows(getattr(refusal, "nearest", []), address, service=service.slug, mode=mode),
            "back": with_query(reverse("desk:new_times", args=[patient.reference]), **choice),
        },
        status=409 if refusal else 200,
    )
