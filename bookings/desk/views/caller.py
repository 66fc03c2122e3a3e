"""A new caller: who it is, the safety questions, a time, and reading it back before it is booked."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings import services
from bookings.desk.forms import CallerForm, OverlapForm, SafetyForm
from bookings.desk.rules.board import MINUTE, SHORTEST_FREE, apart, day_bounds
from bookings.desk.services.people import add_patient, possible_duplicates
from bookings.desk.views.board import LAST_PLACE
from bookings.desk.views.frame import board_address, day_words, desk_page, main_zone, time_words, typed, with_query
from bookings.desk.views.people import patient_or_404
from bookings.desk.views.visits import by_hand, day_or_none, moment_or_404, nearest_rows, number
from bookings.models import Service
from bookings.rules.capability import Outcome
from bookings.rules.states import Mode
from clinic.models import Location, Practitioner
from clinic.references import new_reference
from clinic.rules import consent
from clinic.rules.levels import Level
from clinic.services import Refused
from triage.models import Intake
from triage.pathways import QUICK_SCREEN
from triage.rules.wording import for_level
from triage.services import NotTakingIntakes, answer_quick_check, effective_level, live_questionnaire

page_or_form = require_http_methods(["GET", "HEAD", "POST"])
DAYS_SHOWN = 14


def slot(request) -> dict:
    """The free time that was clicked on the board, carried through the steps; it belongs to the clinic and names nobody."""
    return {name: request.GET.get(name, "") for name in ("with", "at")}


def step(name, patient, request) -> str:
    return with_query(reverse(f"desk:{name}", args=[patient.reference]), **slot(request))


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
        request, "desk/new_who.html", {"form": form, "alike": alike, "slot": _slot_words(request)}, status=status
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
            "slot": _slot_words(request),
        },
        status=422 if form.errors else 200,
    )


def must_ask(allowed, known, now) -> bool:
    """Whether the safety questions come before any time. With a guardian on the line they are asked like everybody's."""
    if allowed.outcome is Outcome.WITH_GUARDIAN:
        return known is None or not known.booking_open(now)
    return allowed.outcome in {Outcome.ASK_FIRST, Outcome.ASK_AGAIN, Outcome.ASK_ALL}


@require_http_methods(["GET", "HEAD"])
def times(request, reference):
    """What can be booked, and when: service, how, whom, where, then a day and its free times."""
    patient = patient_or_404(reference)
    now = timezone.now()
    allowed = services.what_may_be_booked(patient=patient, now=now)
    known = effective_level(patient, now)
    if must_ask(allowed, known, now):
        return redirect(step("new_safety", patient, request))
    context = {
        "patient": patient,
        "known": known,
        "words": words_to_say(known),
        "outcome": allowed.outcome,
        "slot": _slot_words(request),
    }
    if allowed.outcome is Outcome.ADVICE:
        return desk_page(request, "desk/new_stop.html", {**context, "location": Location.objects.main()})
    choice = _choice(request, allowed)
    if choice is None:
        return desk_page(request, "desk/new_times.html", {**context, "choice": None})
    found = _find(choice, patient, now)
    day = choice["day"] or (found["days"][0]["day"] if found["days"] else None)
    return desk_page(
        request,
        "desk/new_times.html",
        {
            **context,
            "choice": choice,
            "within": _within(allowed, choice, now),
            "days": [
                {**row, "address": _filter_address(request, choice, day=row["day"].isoformat())}
                for row in found["days"]
            ],
            "day": day,
            "day_words": day_words(day, None) if day else "",
            "people": _people_on(found["times"], day, choice, patient, found["practitioners"]),
            "later": _filter_address(
                request, choice, start=(choice["start"] + timedelta(days=DAYS_SHOWN)).isoformat(), day=""
            ),
            "overlap_form": OverlapForm(practitioners=found["practitioners"].values(), initial={"day": day}),
            "confirm": _confirm_address(patient, choice),
            "every_address": "" if choice["every"] else _filter_address(request, choice, day=day, every="1"),
            "searched_to": day_words(choice["start"] + timedelta(days=DAYS_SHOWN - 1), None),
        },
    )


def words_to_say(known):
    """The clinic's words for this level, to read out; None when nothing is known.

    The variants that speak of an answer are for answers that were given to the desk itself.
    """
    if known is None or known.quick_only:
        return None
    told_here = known.assessment.intake.channel == Intake.Channel.DESK
    return for_level(known.level, known.assessment if told_here else None)


def _choice(request, allowed) -> dict | None:
    """Service, mode, location and therapist asked for; where nothing was asked, what the level opens first."""
    bookable = list(Service.objects.filter(practitioners__is_active=True).distinct())
    locations = list(Location.objects.active())
    if not bookable or not locations:
        return None
    opened = [row.service for row in allowed.rows]
    bookable.sort(key=lambda one: (opened.index(one.slug) if one.slug in opened else len(opened), one.position, one.pk))
    service = next((one for one in bookable if one.slug == request.GET.get("service")), bookable[0])
    row = allowed.row_for(service.slug)
    modes = [mode for mode in service.modes if row is None or mode in row.modes] or list(service.modes)
    mode = next((one for one in service.modes if one == request.GET.get("mode")), modes[0])
    wanted_place = request.GET.get("place") or request.session.get(LAST_PLACE)
    location = next((one for one in locations if one.slug == wanted_place), locations[0])
    practitioners = list(Practitioner.objects.active().filter(competences__service=service))
    asked = slot(request)
    clicked = moment_or_404(asked["at"]).astimezone(location.zone).date() if asked["at"] else None
    today = timezone.localtime(timezone.now(), location.zone).date()
    return {
        "services": [{"service": one, "opened": one.slug in opened} for one in bookable],
        "service": service,
        "modes": list(service.modes),
        "mode": mode,
        "locations": locations,
        "location": location,
        "practitioners": practitioners,
        "practitioner": next((one for one in practitioners if str(one.pk) == asked["with"]), None),
        "start": max(day_or_none(request.GET.get("start")) or today, today),
        "day": day_or_none(request.GET.get("day")) or clicked,
        "at": asked["at"],
        "every": request.GET.get("every") == "1" or service.step_minutes * MINUTE >= SHORTEST_FREE,
    }


def _find(choice, patient, now) -> dict:
    """The free times of two weeks, and how many each day has."""
    zone = choice["location"].zone
    first = min(choice["start"], choice["day"] or choice["start"])
    last = max(choice["start"] + timedelta(days=DAYS_SHOWN - 1), choice["day"] or choice["start"])
    found = services.find_times(
        service=choice["service"],
        mode=choice["mode"],
        start=day_bounds(first, zone)[0],
        end=day_bounds(last, zone)[1],
        location=choice["location"],
        practitioners=[choice["practitioner"].pk] if choice["practitioner"] else None,
        patient=patient,
        staff=True,
        now=now,
    )
    by_person = {}
    for offer in found.offers:
        by_person.setdefault(offer.practitioner, []).append((offer.starts_at, offer.ends_at))
    if not choice["every"]:
        by_person = {key: apart(ranges, zone) for key, ranges in by_person.items()}
    counted = {}
    for ranges in by_person.values():
        for starts_at, _ends_at in ranges:
            day = starts_at.astimezone(zone).date()
            counted[day] = counted.get(day, 0) + 1
    days = [{"day": day, "words": day_words(day, None), "count": count} for day, count in sorted(counted.items())]
    return {"times": by_person, "days": days, "practitioners": found.practitioners}


def _people_on(times, day, choice, patient, practitioners) -> list[dict]:
    """The free times of one day, by therapist."""
    zone = choice["location"].zone
    address = _confirm_address(patient, choice)
    by_person = {}
    for practitioner, ranges in times.items():
        for starts_at, _ends_at in ranges:
            if starts_at.astimezone(zone).date() == day:
                stamp = int(starts_at.timestamp())
                by_person.setdefault(practitioner, []).append(
                    {
                        "address": f"{address}&with={practitioner}&at={stamp}",
                        "time": time_words(starts_at, zone),
                        "clicked": str(stamp) == choice["at"],
                    }
                )
    return [
        {"person": practitioners[key], "times": found}
        for key, found in sorted(by_person.items(), key=lambda pair: (practitioners[pair[0]].name, pair[0]))
    ]


def _within(allowed, choice, now) -> str:
    """The last day that the level allows for this service, in words; empty when it sets none."""
    row = allowed.row_for(choice["service"].slug)
    until = services.window_end(row=row, location=choice["location"], now=now)
    return day_words(until, choice["location"].zone) if until else ""


def _filter_address(request, choice, **changed) -> str:
    fields = {
        "service": choice["service"].slug,
        "mode": choice["mode"],
        "place": choice["location"].slug,
        "with": choice["practitioner"].pk if choice["practitioner"] else "",
        "start": choice["start"].isoformat(),
        "at": choice["at"],
        **changed,
    }
    return with_query(request.path, **fields)


def _confirm_address(patient, choice) -> str:
    address = reverse("desk:new_confirm", args=[patient.reference])
    return with_query(address, service=choice["service"].slug, mode=choice["mode"], place=choice["location"].slug)


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


def _slot_words(request) -> dict | None:
    """The time that was clicked on the board, in words; None when the caller came first."""
    asked = slot(request)
    practitioner = Practitioner.objects.filter(pk=number(asked["with"])).first()
    if practitioner is None or not asked["at"]:
        return None
    location = Location.objects.active().filter(slug=request.session.get(LAST_PLACE, "")).first()
    zone = location.zone if location else main_zone()
    moment = moment_or_404(asked["at"])
    return {"day": day_words(moment, zone), "time": time_words(moment, zone), "who": practitioner.name}
