"""Times for a caller: service, how, where and with whom, then a day and what is free on it."""

from datetime import timedelta

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import services
from bookings.desk.forms import OverlapForm
from bookings.desk.rules.asking import must_ask
from bookings.desk.rules.board import MINUTE, SHORTEST_FREE, day_bounds
from bookings.desk.rules.picking import apart
from bookings.desk.views.asked import LAST_PLACE, day_or_none, moment_or_404, patient_or_404, slot, slot_words, step
from bookings.desk.views.frame import day_words, desk_page, time_words, with_query, words_to_say
from bookings.models import Service
from bookings.rules.capability import Outcome
from clinic.models import Location, Practitioner
from triage.services import effective_level

DAYS_SHOWN = 14


@require_safe
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
        "slot": slot_words(request),
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
