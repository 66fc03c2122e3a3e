"""The addresses of the check."""

from django.urls import path

from triage import views

app_name = "triage"

urlpatterns = [
    path("check/", views.start, name="start"),
    path("check/quick/", views.quick, name="quick"),
    path("check/not-me/", views.not_me, name="not_me"),
    path("check/<slug:reference>/q/<str:page>/", views.page, name="page"),
    path("check/<slug:reference>/answers/", views.answers, name="answers"),
    path("check/<slug:reference>/again/", views.again, name="again"),
    path("check/<slug:reference>/leave/", views.leave, name="leave"),
    path("check/<slug:reference>/stop/", views.stop, name="stop"),
    path("check/<slug:reference>/stop/phone/", views.add_phone, name="phone"),
    path("check/<slug:reference>/stop/mistake/", views.mistake, name="mistake"),
    path("check/<slug:reference>/result/", views.result, name="result"),
]
