"""A therapist in the admin: reviews an assessment, writes a draft that a colleague approves; and what patients see of it."""

from clinic.management.demo.signins import COLLEAGUE, LEAD, THERAPIST
from clinic.rules.levels import Level
from exercises.models import ExerciseVersion
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.driving import Pointer, go, sign_in
from triage.models import Assessment, Review


def waiting(level):
    return Assessment.objects.filter(level=level, reviews=None).order_by("pk").first()


def test_a_therapist_confirms_a_level(demo, desktop, look):
    assessment = waiting(Level.ROUTINE)
    sign_in(desktop, THERAPIST)
    look(desktop, "admin")
    desktop.goto("/admin/triage/assessment/")
    look(desktop, "admin-assessments")
    assert assessment.patient.last_name in desktop.locator("#result_list").inner_text()

    desktop.goto(f"/admin/triage/assessment/{assessment.pk}/change/")
    look(desktop, "admin-assessment")
    go(desktop.get_by_role("button", name="Confirm"))

    review = Review.objects.get(assessment=assessment)
    assert (review.level, review.by.email) == (Level.ROUTINE, THERAPIST.email)


def test_changing_a_level_asks_for_the_reason(demo, desktop, look):
    assessment = waiting(Level.ROUTINE)
    sign_in(desktop, THERAPIST)
    desktop.goto(f"/admin/triage/assessment/{assessment.pk}/change/")
    desktop.get_by_label("Priority").check()
    Pointer(desktop).press("Change the level")
    look(desktop, "admin-assessment-error")
    assert not Review.objects.filter(assessment=assessment).exists()

    if not desktop.get_by_label("Priority").is_checked():
        desktop.get_by_label("Priority").check()
    desktop.get_by_label("Reason").fill("Pain wakes them at night")
    Pointer(desktop).press("Change the level")

    assert Review.objects.get(assessment=assessment).level == Level.PRIORITY


def test_a_draft_becomes_the_page_that_patients_see(demo, open_page, look):
    author, reader, patient = open_page(width=DESKTOP), open_page(width=DESKTOP), open_page(width=PHONE)
    live = ExerciseVersion.objects.get(exercise__slug="bird-dog", status="published")
    new_purpose = "Teaches your back to stay calm while an arm and a leg move."

    sign_in(author, THERAPIST)
    author.goto(f"/admin/exercises/exerciseversion/{live.pk}/change/")
    look(author, "admin-exercise-live")
    go(author.get_by_role("button", name="draft"))
    author.locator("[name='purpose']").fill(new_purpose)
    go(author.locator("[name='_continue']"))
    look(author, "admin-exercise-draft")
    go(author.get_by_role("link", name="Preview"))
    look(author, "exercise-preview")
    assert new_purpose in author.locator("main").inner_text()
    author.go_back(wait_until="load")
    go(author.get_by_role("button", name="Send to review"))

    patient.goto("/exercises/bird-dog/")
    assert new_purpose not in patient.locator("main").inner_text()

    draft = ExerciseVersion.objects.get(exercise__slug="bird-dog", status="in_review")
    sign_in(reader, COLLEAGUE)
    reader.goto(f"/admin/exercises/exerciseversion/{draft.pk}/change/")
    look(reader, "admin-exercise-in-review")
    go(reader.get_by_role("button", name="Approve"))

    patient.goto("/exercises/bird-dog/")
    look(patient, "exercise-changed")
    assert new_purpose in patient.locator("main").inner_text()


def test_nobody_approves_their_own_draft(demo, desktop):
    live = ExerciseVersion.objects.get(exercise__slug="bird-dog", status="published")
    sign_in(desktop, THERAPIST)
    desktop.goto(f"/admin/exercises/exerciseversion/{live.pk}/change/")
    go(desktop.get_by_role("button", name="draft"))
    desktop.locator("[name='purpose']").fill("My own words, approved by nobody.")
    go(desktop.locator("[name='_continue']"))
    go(desktop.get_by_role("button", name="Send to review"))

    draft = ExerciseVersion.objects.get(exercise__slug="bird-dog", status="in_review")
    desktop.goto(f"/admin/exercises/exerciseversion/{draft.pk}/change/")
    button = desktop.get_by_role("button", name="Approve")
    if button.count():
        go(button)

    draft.refresh_from_db()
    assert draft.status == "in_review"


def test_the_lists_of_the_admin_can_be_read_by_everybody(demo, desktop, look):
    """As the clinical lead, who sees the most."""
    sign_in(desktop, LEAD)

    lists = sorted(
        {link.get_attribute("href") for link in desktop.locator("#content-main th a[href^='/admin/']").all()}
    )
    assert len(lists) > 5
    for address in lists:
        desktop.goto(address)
        look(desktop, address.strip("/").replace("/", "-"))
