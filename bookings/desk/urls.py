"""Addresses of the front desk. No name, number or answer ever stands in one."""

from django.urls import path

from bookings.desk.views import board, caller, calls, check, people, times, visits

app_name = "desk"

urlpatterns = [
    path("", board.board, name="board"),
    path("at/<slug:place>/", board.board, name="board_at"),
    path("at/<slug:place>/<slug:day>/", board.board, name="board_on"),
    path("at/<slug:place>/<slug:day>/sheet/", board.sheet, name="sheet"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/state/", visits.state, name="visit_state"),
    path("visits/<int:pk>/undo/", visits.undo, name="visit_undo"),
    path("visits/<int:pk>/move/", visits.move, name="visit_move"),
    path("visits/<int:pk>/move/to/", visits.move_to, name="visit_move_to"),
    path("visits/<int:pk>/how/", visits.switch, name="visit_switch"),
    path("visits/<int:pk>/cancel/", visits.cancel, name="visit_cancel"),
    path("callbacks/", calls.callbacks, name="callbacks"),
    path("callbacks/<int:pk>/claim/", calls.claim, name="call_claim"),
    path("callbacks/<int:pk>/release/", calls.release, name="call_release"),
    path("callbacks/<int:pk>/tried/", calls.tried, name="call_tried"),
    path("callbacks/<int:pk>/close/", calls.close, name="call_close"),
    path("to-tell/<int:pk>/done/", calls.told, name="told"),
    path("find/", people.find, name="find"),
    path("patients/<slug:reference>/", people.patient, name="patient"),
    path("patients/<slug:reference>/contact/", people.contact, name="contact"),
    path("new/", caller.who, name="new"),
    path("new/<slug:reference>/safety/", caller.safety, name="new_safety"),
    path("new/<slug:reference>/times/", times.times, name="new_times"),
    path("new/<slug:reference>/confirm/", caller.confirm, name="new_confirm"),
    path("new/<slug:reference>/check/", check.check, name="check"),
    path("new/<slug:reference>/check/stop/", check.stop, name="check_stop"),
    path("new/<slug:reference>/check/mistake/", check.mistake, name="check_mistake"),
    path("new/<slug:reference>/check/end/", check.end, name="check_end"),
    path("new/<slug:reference>/check/q/<str:page>/", check.page, name="check_page"),
]
