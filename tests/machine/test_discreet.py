"""What is written down about a request."""

import copy
import io
import logging
import logging.config

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


def test_the_clinic_writes_its_log_that_way(settings):
    """The handler that settings name, not one made here."""
    configuration = copy.deepcopy(settings.LOGGING)
    out = io.StringIO()
    configuration["handlers"]["console"]["stream"] = out
    console = logging.config.DictConfigurator(configuration)
    for part in ("filters", "formatters"):
        for name, entry in configuration[part].items():
            configuration[part][name] = getattr(console, f"configure_{part[:-1]}")(entry)
    handler = console.configure_handler(configuration["handlers"]["console"])
    logger = logging.Logger("django.request")
    logger.addHandler(handler)

    quoted = "no\nDETAIL:  Failing row contains (Ada Lovelace)."
    try:
        raise ValueError(quoted)
    except ValueError:
        logger.exception("Internal Server Error: %s", "/visit/Zk3-x_9QvT7aLw2pYc8uRb5nHd0eGf1j/move/")
    logger.warning("Not Found: %s", "/visit/Zk3-x_9QvT7aLw2pYc8uRb5nHd0eGf1j/\nWARNING forged")

    assert "/visit/…/move/" in out.getvalue()
    assert "Zk3" not in out.getvalue()
    assert "Ada" not in out.getvalue()
    assert not any(line.startswith("WARNING") for line in out.getvalue().splitlines())
