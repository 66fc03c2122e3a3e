"""What gunicorn writes down about a request."""

import runpy
from pathlib import Path

import pytest

discreet = runpy.run_path(str(Path(__file__).resolve().parents[2] / "gunicorn.conf.py"))["discreet"]


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
        ("/find/+1 555 0123/", "/find/…/"),
        ("/find/5550123456/", "/find/…/"),
        ("/Ada/", "/…/"),
    ],
)
def test_the_log_keeps_plain_words_and_hides_what_could_name_a_person_or_open_a_page(path, logged):
    assert discreet(path) == logged
