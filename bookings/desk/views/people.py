"""Finding a patient, and the page about one."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.desk.forms import ContactForm
from bookings.desk.rules.search import read_query
from bookings.desk.services.people import MOST_FOUND, change_contact, find_patients, possible_duplicates
from bookings.desk.views.asked import page_or_form, patient_or_404, typed
from bookings.desk.views.frame import desk_page, is_fragment, main_zone, short_day_words, time_words
from bookings.models import Appointment
from bookings.rules.states import Status
from clinic.models import Message, Task
from clinic.services import audit
from triage.models import Intake
from triage.services import effective_level

SEARCH = "desk_search"
MOST_VISITS = 60
MOST_MESSAGES = 20


@page_or_form
def find(request):
    """Find a patient. Names and numbers never stand in an address: the search is posted and kept for the way back."""
    today = timezone.now().astimezone(main_zone()).date()
    if request.method == "POST":
        request.session[SEARCH] = typed(request.POST, "q", 100)
        if not is_fragment(request):
            return redirect("desk:find")
    query = read_query(request.session.get(SEARCH, ""), today)
    found = find_patients(query)
    template = "desk/find.html#found" if is_fragment(request) else "desk/find.html"
    return desk_page(
        request,
        template,
        {"query": query, "found": found[:MOST_FOUND], "more": len(found) > MOST_FOUND, "most": MOST_FOUND},
    )


@require_safe
def patient(request, reference):
    """What the desk may know of a patient: the level and one line why, never an answer. Looking is written down."""
    found = patient_or_404(reference)
    now = timezone.now()
    audit.record(actor=request.user, action="patient-seen", target=found, patient=found, now=now)
    visits = list(
        Appointment.objects.filter(patient=found)
        .on_the_books()
        .select_related("service", "practitioner", "location", "room")
        .order_by("-starts_at")[:MOST_VISITS]
    )
    intake = Intake.objects.filter(patient=found).select_related("questionnaire").order_by("-started_at").first()
    open_tasks = Task.objects.open().filter(Q(patient=found) | Q(kind=Task.Kind.CALL_BACK)).select_related("claimed_by")
    tasks = list(open_tasks.most_urgent_first())
    return desk_page(
        request,
        "desk/patient.html",
        {
            "patient": found,
            "age": found.age_on(now.date()),
            "known": effective_level(found, now),
            "ahead": [_row(visit) for visit in reversed(visits) if visit.status in AHEAD and visit.ends_at > now],
            "past": [_row(visit) for visit in visits if not (visit.status in AHEAD and visit.ends_at > now)],
            "no_shows": sum(visit.status == Status.NOSHOW for visit in visits),
            "intake": intake,
            "tasks": [task for task in tasks if task.patient_id == found.pk],
            "messages_sent": _messages(found, now),
            "alike": possible_duplicates(
                first_name=found.first_name,
                last_name=found.last_name,
                date_of_birth=found.date_of_birth,
                phone=found.phone,
                without=found,
            ),
            "now": now,
        },
        waiting=sum(task.kind == Task.Kind.CALL_BACK for task in tasks),
    )


AHEAD = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.IN_SESSION)


def _row(visit) -> dict:
    zone = visit.location.zone
    return {
        "visit": visit,
        "day": short_day_words(visit.starts_at, zone),
        "year": timezone.localtime(visit.starts_at, zone).year,
        "time": time_words(visit.starts_at, zone),
    }


def _messages(found, now) -> list[dict]:
    """What was written to the patient and what became of it."""
    zone = main_zone()
    rows = []
    for message in Message.objects.filter(patient=found).order_by("-created_at", "-pk")[:MOST_MESSAGES]:
        if message.sent_at:
            state, at = _("Sent"), message.sent_at
        elif message.failed_at:
            state, at = _("Could not be delivered"), message.failed_at
        elif message.cancelled_at:
            state, at = _("Not sent, no longer true"), message.cancelled_at
        else:
            state, at = _("Waiting to be sent"), message.created_at
        rows.append(
            {
                "subject": message.subject,
                "to": message.to,
                "state": state,
                "bad": bool(message.failed_at),
                "when": f"{short_day_words(at, zone)} {time_words(at, zone)}",
            }
        )
    return rows


@page_or_form
def contact(request, reference):
    """Change the contact facts. A surname is only ever filled in here, never replaced."""
    found = patient_or_404(reference)
    form = ContactForm(request.POST or None, instance=found)
    if found.last_name:
        del form.fields["last_name"]
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            change_contact(patient=found, changed=changed, by=request.user, now=timezone.now())
            messages.success(request, _("The contact details are saved."))
        return redirect(reverse("desk:patient", args=[found.reference]))
    return desk_page(request, "desk/contact.html", {"patient": found, "form": form}, status=422 if form.errors else 200)
