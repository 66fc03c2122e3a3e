"""Small questionnaires for tests, as FHIR JSON."""

from triage.rules.fhir import ITEM_CONTROL, problems


def make(*items, **fields):
    """The JSON of a small questionnaire."""
    return {
        "resourceType": "Questionnaire",
        "url": "https://example.org/q",
        "version": "1",
        "title": "Small",
        "status": "draft",
        "item": list(items),
        **fields,
    }


def question(link_id, kind="choice", **fields):
    if kind in ("choice", "open-choice") and "answerOption" not in fields and "answerValueSet" not in fields:
        fields["answerOption"] = [
            {"valueCoding": {"code": code, "display": code.title()}} for code in ("no", "yes", "unsure")
        ]
    return {"linkId": link_id, "text": f"About {link_id}?", "type": kind, **fields}


def when(question, operator, **answer):
    return {"enableWhen": [{"question": question, "operator": operator, **answer}]}


def page(link_id, *items, **fields):
    control = {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"code": "page"}]}}
    return {
        "linkId": link_id,
        "text": link_id.title(),
        "type": "group",
        "extension": [control],
        "item": list(items),
        **fields,
    }


def found(*items, **fields):
    """The problems of a questionnaire with these items, each as one line."""
    return [str(problem) for problem in problems(make(*items, **fields))]
