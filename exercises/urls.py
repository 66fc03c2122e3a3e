"""Addresses of the library and of the topic pages."""

from django.urls import path

from exercises import views

app_name = "exercises"

urlpatterns = [
    path("exercises/", views.library, name="library"),
    path("exercises/versions/<int:pk>/preview/", views.preview, name="preview"),
    path("exercises/<slug:slug>/", views.detail, name="detail"),
    path("running/", views.topics, name="topics"),
    path("running/versions/<int:pk>/preview/", views.preview_topic, name="preview_topic"),
    path("running/<slug:slug>/", views.topic, name="topic"),
]
