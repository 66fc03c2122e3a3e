"""``manage.py assess``: JSON in, JSON out, one clear line and exit 2 for bad input. No database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.triage.rules.people import CALM
from triage.management.commands import assess as command
from triage.pathways import PATHWAYS
from triage.rules.assess_file import BadInput, read_case

ROOT = Path(__file__).parents[3]


def run(case, *options):
    """What the command prints for ``case`` on standard input."""
    out = io.StringIO()
    text = case if isinstance(case, str) else json.dumps(case)
    original, command.sys.stdin = command.sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        call_command("assess", "-", *options, stdout=out)
    finally:
        command.sys.stdin = original
    return json.loads(out.getvalue())


def refused(case):
    with pytest.raises(BadInput) as refusal:
        read_case(case if isinstance(case, str) else json.dumps(case), PATHWAYS)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_empty_object_is_priority():
    assert run({})["level"] == "priority"


def test_conclusion_has_what_was_promised():
    conclusion = run({"pathway": "running_low_back_pain", "age": 34, "answers": CALM})

    assert conclusion["level"] == "self_care"
    assert {
        "level",
        "findings",
        "factors",
        "cautions",
        "unanswered_safety",
        "contradictions",
        "ignored",
        "ruleset",
    } <= set(conclusion)


def test_findings_carry_id_and_because():
    finding = run({"age": 34, "answers": {**CALM, "saddle_numbness": "new"}})["findings"][0]

    assert finding["id"] == "CES-1"
    assert finding["because"] == ["Feeling between the legs: Yes, it is new or has changed"]


def test_answers_to_questions_that_are_not_asked_are_listed():
    assert run({"age": 34, "answers": {**CALM, "weakness_signs": ["worse"]}})["ignored"] == ["weakness_signs"]


def test_it_needs_no_database():
    nowhere = {**os.environ, "CLINIC_MODE": "test", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    case = json.dumps({"age": 34, "answers": CALM})

    done = subprocess.run(
        [sys.executable, "manage.py", "assess", "-"], input=case, env=nowhere, cwd=ROOT, capture_output=True, text=True
    )

    assert done.stderr == ""
    assert json.loads(done.stdout)["level"] == "self_care"


def test_explain_lists_every_rule():
    rules = {row["id"]: row for row in run({"age": 34, "answers": CALM}, "--explain")["rules"]}

    assert set(rules) == {rule.code for rule in PATHWAYS["running_low_back_pain"].all_rules}
    assert not rules["CES-1"]["fired"]


def test_reads_a_file(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"age": 14, "answers": {"saddle_numbness": "new"}}))
    out = io.StringIO()

    call_command("assess", str(file), stdout=out)

    assert json.loads(out.getvalue())["level"] == "emergency"


def test_quick_screen_too():
    answers = {"saddle_genital": "no", "bladder_bowel": "no", "legs": "no", "serious": "no"}

    assert run({"pathway": "quick_screen", "answers": answers})["findings"] == []


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ({"pathway": "knee"}, "pathway: there is no 'knee'"),
        ({"pathway": ["x"]}, "pathway: there is no"),
        ({"ages": 3}, "ages: not known"),
        ({"age": "34"}, "age: "),
        ({"age": -1}, "age: "),
        ({"age": 34.5}, "age: "),
        ({"age": True}, "age: "),
        ({"answers": []}, "answers: expected an object"),
        ({"answers": {"nowhere": "no"}}, "nowhere: there is no such question"),
        ({"answers": {"safety": "no"}}, "safety: there is no such question"),
        ({"answers": {"saddle_numbness": "maybe"}}, 'saddle_numbness: "maybe" is not one of: no, new, old, unsure'),
        ({"answers": {"saddle_numbness": ["new"]}}, "saddle_numbness: "),
        ({"answers": {"saddle_numbness": 1}}, "saddle_numbness: "),
        ({"answers": {"sudden_signs": "none"}}, "sudden_signs: "),
        ({"answers": {"sudden_signs": ["x"]}}, "sudden_signs: "),
        ({"answers": {"pain_worst": 11}}, "pain_worst: 11 is not a whole number from 0 to 10"),
        ({"answers": {"pain_worst": "4"}}, "pain_worst: "),
        ({"answers": {"pain_worst": 4.5}}, "pain_worst: "),
        ({"answers": {"comments": ["x"]}}, "comments: "),
        ({"answers": {"comments": "x" * 2001}}, "comments: "),
    ],
)
def test_bad_input_is_one_line_that_names_the_link_id(case, words):
    assert refused(case).startswith(words) or words in refused(case)


def test_bad_input_exits_with_2(capsys):
    with pytest.raises(SystemExit) as leaving:
        run({"answers": {"saddle_numbness": "maybe"}})

    assert leaving.value.code == 2
    assert capsys.readouterr().err == '-: saddle_numbness: "maybe" is not one of: no, new, old, unsure\n'


def test_a_file_that_is_not_there_exits_with_2(capsys):
    with pytest.raises(SystemExit) as leaving:
        call_command("assess", "nowhere.json")

    assert leaving.value.code == 2
    assert capsys.readouterr().err == "nowhere.json: cannot be read as UTF-8 text\n"


@pytest.mark.parametrize("blank", [None, "", []])
def test_blank_values_are_not_answered(blank):
    assert "sudden_signs" in run({"age": 34, "answers": {**CALM, "sudden_signs": blank}})["unanswered_safety"]


def test_none_beside_another_tick_is_a_contradiction_and_not_bad_input():
    conclusion = run({"age": 34, "answers": {**CALM, "sudden_signs": ["none", "vomiting"]}})

    assert [note["id"] for note in conclusion["contradictions"]] == ["CON-2"]
