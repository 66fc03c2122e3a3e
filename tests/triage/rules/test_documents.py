"""What the documents say is true: every linkId, every test that the safety case names, every rule of the evidence."""

import re
from pathlib import Path

import pytest

from triage.pathways import PATHWAYS, RUNNING_LOW_BACK_PAIN
from triage.rules.documentation import as_markdown

ROOT = Path(__file__).parents[3]
SAFETY_CASE = (ROOT / "docs" / "clinical-safety.md").read_text(encoding="utf-8")
NAMED_TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", SAFETY_CASE)))
EVIDENCE = (
    *(f"CES-{number}" for number in range(1, 7)),
    *(f"NEU-{number}" for number in range(1, 5)),
    *("INF-1", "INF-2", "INF-3", "INF-SPA"),
    *(f"CAN-{number}" for number in range(1, 9)),
    *("FRX-1", "FRX-2", "FRX-3", "BSI-1", "BSI-2", "RED-1", "YTH-1", "YTH-2", "YTH-3"),
    *("VAS-1", "VAS-2", "VAS-3", "VAS-4", "BLD-1", "REN-1", "REN-2", "RHB-1", "OBS-1", "OBS-2", "OBS-3"),
    *("GYN-1", "GIT-1", "PAIN-1", "MH-1", "HX-1", "TIME-1"),
)
"""The rule ids of sections 2.1 and 2.2."""


def test_questionnaires_document_is_what_the_questionnaires_say():
    """Write it again with: python -m triage.rules.documentation > docs/questionnaires.md"""
    assert (ROOT / "docs" / "questionnaires.md").read_text(encoding="utf-8") == as_markdown(PATHWAYS.values())


def test_the_safety_case_names_tests():
    assert len(NAMED_TESTS) > 30


@pytest.mark.parametrize(("file", "name"), NAMED_TESTS)
def test_every_test_that_the_safety_case_names_exists(file, name):
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("trap", range(1, 17))
def test_every_trap_has_its_test(trap):
    row = next(line for line in SAFETY_CASE.splitlines() if line.startswith(f"| {trap} "))

    assert "::test_" in row


def test_every_hazard_has_a_control_and_a_proof():
    rows = [line.split("|")[1:-1] for line in SAFETY_CASE.splitlines() if re.match(r"\| H\d+ ", line)]

    assert len(rows) >= 20
    assert [row[0] for row in rows if len(row) != 4 or not row[2].strip() or "::test_" not in row[3]] == []


@pytest.mark.parametrize("code", EVIDENCE)
def test_every_rule_of_the_evidence_is_built(code):
    assert code in {rule.code for rule in RUNNING_LOW_BACK_PAIN.all_rules}


def test_rules_that_the_safety_case_speaks_of_exist():
    codes = {rule.code for pathway in PATHWAYS.values() for rule in pathway.all_rules}
    families = "CES|NEU|INF|CAN|FRX|BSI|RED|YTH|VAS|BLD|REN|RHB|OBS|GYN|GIT|PAIN|MH|HX|TIME|CON|CMB|P3|P12"
    spoken_of = set(re.findall(rf"\b(?:{families})-[A-Z0-9]+(?:-[A-Z0-9]+)*\b", SAFETY_CASE))

    assert spoken_of - codes == set()
