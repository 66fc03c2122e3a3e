"""Every address of the clinic."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from clinic import views

urlpatterns = [
    path("", views.home, name="home"),
    path("emergency/", views.emergency, name="emergency"),
    path("privacy/", views.privacy, name="privacy"),
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("robots.txt", views.robots, name="robots"),
    path("staff/", views.staff, name="staff"),
    path("", include("exercises.urls")),
    path("", include("triage.urls")),
    path("", include("bookings.urls")),
    path("desk/", include("bookings.desk.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="admin_login"),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    from clinic import demo_views

    urlpatterns += [
        path("dev/mail/", demo_views.dev_mail, name="dev_mail"),
        path("dev/code/", demo_views.dev_code, name="dev_code"),
        path("dev/mail/<str:name>/", demo_views.dev_mail, name="dev_mail_message"),
    ]

handler400 = "clinic.views.bad_request"
handler403 = "clinic.views.forbidden"
handler404 = "clinic.views.not_found"
