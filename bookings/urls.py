"""Addresses of booking and of a booked visit."""

from django.urls import path

from bookings.views import booking, visit

app_name = "bookings"

urlpatterns = [
    path("book/", booking.start, name="start"),
    path("book/call-me/", booking.call_me, name="call_me"),
    path("book/times/", booking.times, name="times"),
    path("book/details/", booking.details, name="details"),
    path("book/done/<slug:reference>/", booking.done, name="done"),
    path("book/done/<slug:reference>/visit.ics", booking.calendar, name="calendar"),
    path("book/done/<slug:reference>/change/", booking.own_link, name="own_link"),
    path("visit/<str:token>/", visit.manage, name="manage"),
    path("visit/<str:token>/move/", visit.move, name="move"),
    path("visit/<str:token>/how/", visit.switch, name="switch"),
    path("visit/<str:token>/cancel/", visit.cancel, name="cancel"),
    path("visit/<str:token>/visit.ics", visit.visit_calendar, name="visit_calendar"),
]
