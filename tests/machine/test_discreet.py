"""What is written down about a request."""

import io
import logging

import pytest

from clinic.discreet import DiscreetPaths, discreet


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/", "/"),
        ("/desk/callbacks/", "/desk/callbacks/"),
        ("/exercises/bird-dog/", "/exercises/bird-dog/"),
        ("/admin/clinic/task/12/change/", "/admin/clinic/task/12/change/"),
        ("/static/css/base.3f2a9c1b.css", "/static/css/base.3f2a9c1b.css"),
        ("/visit/Zk3-x_9QvT7aLw2pYc8uRb5nHd0eGf1j/move/", "/visit/…/move/"),
        ("/check/7hq2k9mzv4t8xw3r5bnc6jpd2f/result/", "/check/…/result/"),
        ("/visit/Zk3-x_9QvT7aLw2pYc8uRb5nHd0eGf1j/visit.ics", "/visit/…/visit.ics"),
        ("/desk/find/?q=Ada", "/desk/find/"),
        ("/find/+1 555 0123/", "/find/…/"),
        ("/find/5550123456/", "/find/…/"),
        ("/Ada/", "/…/"),
    ],
)
def test_the_log_keeps_plain_words_and_hides_what_could_name_a_person_or_open_a_page(path, logged):
    assert discreet(path) == logged


def test_what_django_says_about_a_refused_request_hides_it_too():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(DiscreetPaths())
    logger = logging.Logger("django.request")
    logger.addHandler(handler)

    logger.warning("Not Found: %s", "/visit/Zk3-x_9QvT7aLw2pYc8uRb5nHd0eGf1j/")
    logger.warning("Forbidden (%s): %s", "no token", "/check/7hq2k9mzv4t8xw3r5bnc6jpd2f/result/")

    assert out.getvalue() == "Not Found: /visit/…/\nForbidden (no token): /check/…/result/\n"
