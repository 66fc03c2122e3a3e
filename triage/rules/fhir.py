"""Reads an HL7 FHIR R4 Questionnaire into ``items`` and names, item by item, what it cannot keep.

Nothing is dropped in silence: ``problems`` lists every part outside the supported subset with its linkId. A problem is
fatal when there would be no sensible form (no linkId, an unknown type, a choice without options); the others are
features that our pages do not have, and a clinical lead decides before publication.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triage.rules.items import (
    CHOICE_TYPES,
    DISPLAY,
    GROUP,
    QUESTION_TYPES,
    EnableWhen,
    Item,
    Option,
    Problem,
    Questionnaire,
)

HL7 = "http://hl7.org/fhir/StructureDefinition/"
OURS = "https://fhir.example.org/StructureDefinition/"
ITEM_CONTROL = HL7 + "questionnaire-itemControl"
MIN_VALUE, MAX_VALUE = HL7 + "minValue", HL7 + "maxValue"
HIDDEN = HL7 + "questionnaire-hidden"
UNIT = HL7 + "questionnaire-unit"
ORIENTATION = HL7 + "questionnaire-choiceOrientation"
EXCLUSIVE = HL7 + "questionnaire-optionExclusive"
ORDINAL = HL7 + "ordinalValue"
SHORT = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-shortText"
WHY, HELP = OURS + "why-we-ask", OURS + "help-text"
SAFETY, SENSITIVE, BODY_CHART = OURS + "safety-item", OURS + "sensitive-item", OURS + "body-chart"

ITEM_EXTENSIONS = {
    ITEM_CONTROL,
    MIN_VALUE,
    MAX_VALUE,
    HIDDEN,
    UNIT,
    ORIENTATION,
    SHORT,
    WHY,
    HELP,
    SAFETY,
    SENSITIVE,
    BODY_CHART,
}
OPTION_EXTENSIONS = {ORDINAL, EXCLUSIVE}
CONTROLS = {"page", "help", "check-box", "radio-button", "drop-down", "text-box", "inline", "prompt"}
OPERATORS = {"exists", "=", "!=", ">", "<", ">=", "<="}
COMPARABLE = {"integer", "decimal", "date"}
ENABLE_ANSWERS = {
    "boolean": ("answerBoolean",),
    "integer": ("answerInteger", "answerDecimal"),
    "decimal": ("answerDecimal", "answerInteger"),
    "date": ("answerDate",),
    "string": ("answerString",),
    "text": ("answerString",),
    "choice": ("answerCoding", "answerString", "answerInteger", "answerDate"),
    "open-choice": ("answerCoding", "answerString", "answerInteger", "answerDate"),
}
INITIAL_VALUES = {
    "boolean": ("valueBoolean",),
    "integer": ("valueInteger",),
    "decimal": ("valueDecimal", "valueInteger"),
    "date": ("valueDate",),
    "string": ("valueString",),
    "text": ("valueString",),
    "choice": ("valueCoding", "valueString", "valueInteger", "valueDate"),
    "open-choice": ("valueCoding", "valueString", "valueInteger", "valueDate"),
}
KEPT_AT_THE_TOP = {
    *("resourceType", "id", "meta", "url", "identifier", "version", "name", "title", "status", "experimental", "date"),
    *("publisher", "contact", "description", "useContext", "jurisdiction", "purpose", "copyright", "approvalDate"),
    *("lastReviewDate", "effectivePeriod", "subjectType", "code", "language", "text", "contained", "item"),
}
KEPT_IN_AN_ITEM = {
    *(
        "id",
        "linkId",
        "definition",
        "code",
        "prefix",
        "text",
        "type",
        "enableWhen",
        "enableBehavior",
        "required",
        "repeats",
    ),
    *("maxLength", "answerValueSet", "answerOption", "initial", "item", "extension"),
}


class QuestionnaireError(ValueError):
    """The JSON is no questionnaire that we could show. ``problems`` says why, linkId by linkId."""

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


def canonical_hash(data: Any) -> str:
    """SHA-256 of the JSON written in one way, so that spacing and the order of keys do not matter."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(data: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire in ``data``. Raises ``QuestionnaireError`` when there is none to show."""
    fatal = tuple(problem for problem in problems(data) if problem.fatal)
    if fatal:
        raise QuestionnaireError(fatal)
    sets = _value_sets(data)
    return Questionnaire(
        url=data.get("url", ""),
        version=data.get("version", ""),
        title=data.get("title", ""),
        status=data.get("status", ""),
        language=data.get("language", "en"),
        items=tuple(_item(part, sets) for part in data["item"]),
        hash=canonical_hash(data),
    )


def _item(part: Mapping[str, Any], sets: Mapping[str, list]) -> Item:
    known = {found.get("url"): found for found in part.get("extension", [])}
    children = [child for child in part.get("item", []) if not _is_help(child)]
    helps = [child.get("text", "") for child in part.get("item", []) if _is_help(child)]
    return Item(
        link_id=part["linkId"],
        type=part["type"],
        text=part.get("text", ""),
        prefix=part.get("prefix", ""),
        required=part.get("required", False),
        repeats=part.get("repeats", False),
        max_length=part.get("maxLength"),
        options=tuple(_options(part, sets)),
        enable_when=tuple(_enable_when(rule) for rule in part.get("enableWhen", [])),
        enable_behavior=part.get("enableBehavior", "all"),
        initial=_initial(part),
        children=tuple(_item(child, sets) for child in children),
        control=_control(part),
        orientation=known.get(ORIENTATION, {}).get("valueCode", "vertical"),
        minimum=_any_value(known.get(MIN_VALUE)),
        maximum=_any_value(known.get(MAX_VALUE)),
        unit=_unit(known.get(UNIT)),
        hidden=bool(_any_value(known.get(HIDDEN))),
        why=_any_value(known.get(WHY)) or "",
        help=_any_value(known.get(HELP)) or " ".join(helps),
        short=_any_value(known.get(SHORT)) or "",
        safety=bool(_any_value(known.get(SAFETY))),
        sensitive=bool(_any_value(known.get(SENSITIVE))),
        body_chart=bool(_any_value(known.get(BODY_CHART))),
    )


def _any_value(found: Mapping[str, Any] | None, prefix: str = "value") -> Any:
    """The value of a FHIR ``value[x]`` or ``answer[x]``; a coding as its code."""
    for key, value in (found or {}).items():
        if key.startswith(prefix) and key != prefix:
            return value.get("code", value.get("display", "")) if isinstance(value, Mapping) else value
    return None


def _unit(found: Mapping[str, Any] | None) -> str:
    coding = (found or {}).get("valueCoding", {})
    return coding.get("display") or coding.get("code", "")


def _control(part: Mapping[str, Any]) -> str:
    for found in part.get("extension", []):
        if found.get("url") == ITEM_CONTROL:
            codings = found.get("valueCodeableConcept", {}).get("coding", [])
            return codings[0].get("code", "") if codings else ""
    return ""


def _is_help(part: Mapping[str, Any]) -> bool:
    return part.get("type") == DISPLAY and _control(part) == "help"


def _initial(part: Mapping[str, Any]) -> Any:
    values = [_any_value(found) for found in part.get("initial", [])]
    if not values:
        return None
    return values if part.get("repeats") else values[0]


def _options(part: Mapping[str, Any], sets: Mapping[str, list]) -> Iterator[Option]:
    for found in part.get("answerOption", []):
        extensions = {extension.get("url"): extension for extension in found.get("extension", [])}
        coding = found.get("valueCoding")
        if coding is not None:
            code = coding.get("code") or coding.get("display", "")
            text, system, kind = coding.get("display") or code, coding.get("system", ""), "coding"
            ordinal_in = {extension.get("url"): extension for extension in coding.get("extension", [])}
        else:
            value = _any_value(found)
            code = text = str(value)
            system, ordinal_in = "", {}
            kind = next(key for key in found if key.startswith("value")).removeprefix("value").lower()
        yield Option(
            code=code,
            text=text,
            system=system,
            kind=kind,
            exclusive=bool(_any_value(extensions.get(EXCLUSIVE))),
            ordinal=_any_value(extensions.get(ORDINAL) or ordinal_in.get(ORDINAL)),
            initial=found.get("initialSelected", False),
        )
    for concept in sets.get(part.get("answerValueSet", "").removeprefix("#"), []):
        yield Option(concept["code"], concept.get("display") or concept["code"], concept.get("system", ""))


def _value_sets(data: Mapping[str, Any]) -> dict[str, list]:
    """The contained value sets by id, each as a flat list of concepts."""
    found = {}
    for resource in data.get("contained", []):
        if resource.get("resourceType") == "ValueSet":
            listed = [
                {**concept, "system": part.get("system", "")}
                for part in resource.get("compose", {}).get("include", [])
                for concept in part.get("concept", [])
            ]
            found[resource.get("id", "")] = listed or resource.get("expansion", {}).get("contains", [])
    return found


def _enable_when(rule: Mapping[str, Any]) -> EnableWhen:
    return EnableWhen(rule["question"], rule["operator"], _any_value(rule, "answer"))


def problems(data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Everything in ``data`` that is ill-formed or beyond the supported subset, in the order of the form."""
    if not isinstance(data, Mapping) or data.get("resourceType") != "Questionnaire":
        return (Problem("", "This is not a FHIR Questionnaire.", fatal=True),)
    if not isinstance(data.get("item"), list) or not data["item"]:
        return (Problem("", "There is no item.", fatal=True),)
    found = [
        Problem("", f"“{name}” is missing.") for name in ("url", "version", "title", "status") if not data.get(name)
    ]
    found += [Problem("", f"“{key}” is not supported.") for key in data if key not in (*KEPT_AT_THE_TOP, "extension")]
    found += [Problem("", f"The extension {part.get('url')} is not supported.") for part in data.get("extension", [])]
    parts = list(_parts(data["item"]))
    known = {part.get("linkId"): part for part in parts if isinstance(part.get("linkId"), str)}
    seen: set[str] = set()
    for part in parts:
        link_id = part.get("linkId")
        if not isinstance(link_id, str) or not link_id.strip():
            found.append(Problem("", f"The item “{part.get('text', '')}” has no linkId.", fatal=True))
            continue
        if link_id in seen:
            found.append(Problem(link_id, "This linkId is used twice.", fatal=True))
        found += [Problem(link_id, what, fatal) for what, fatal in _item_problems(part, _value_sets(data))]
        found += [Problem(link_id, what, fatal) for what, fatal in _enable_problems(part, known, seen)]
        seen.add(link_id)
    return tuple(found)


def _parts(items: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for part in items:
        if isinstance(part, Mapping):
            yield part
            yield from _parts(part.get("item", []))


def _item_problems(part: Mapping[str, Any], sets: Mapping[str, list]) -> Iterator[tuple[str, bool]]:
    kind = part.get("type")
    if kind not in (GROUP, DISPLAY, *QUESTION_TYPES):
        yield f"The type “{kind}” is not supported.", True
        return
    for key in part:
        if key not in KEPT_IN_AN_ITEM:
            yield f"“{key}” is not supported.", False
    if not part.get("text") and kind != GROUP:
        yield "There is no text to show.", False
    for extension in part.get("extension", []):
        if extension.get("url") not in ITEM_EXTENSIONS:
            yield f"The extension {extension.get('url')} is not supported.", False
    if _control(part) and _control(part) not in CONTROLS:
        yield f"The item control “{_control(part)}” is not supported.", False
    if kind == GROUP and part.get("repeats"):
        yield "A repeating group is not supported.", False
    if kind in QUESTION_TYPES and kind not in CHOICE_TYPES and part.get("repeats"):
        yield f"Several answers to a question of type {kind} are not supported.", False
    if kind == DISPLAY and (part.get("required") or part.get("repeats") or part.get("item")):
        yield "A line of text cannot be required, repeat or hold other items.", False
    if "maxLength" in part and kind not in ("string", "text", "open-choice"):
        yield "maxLength is for text only.", False
    yield from _option_problems(part, sets)
    for found in part.get("initial", []):
        if not any(key in found for key in INITIAL_VALUES.get(kind, ())):
            yield "The initial value has another type than the question.", False


def _option_problems(part: Mapping[str, Any], sets: Mapping[str, list]) -> Iterator[tuple[str, bool]]:
    if part["type"] not in CHOICE_TYPES:
        if part.get("answerOption") or part.get("answerValueSet"):
            yield "Answer options are for choices only.", False
        return
    value_set = part.get("answerValueSet", "")
    if value_set and value_set.removeprefix("#") not in sets:
        yield f"The value set {value_set} is not contained in the questionnaire.", True
    for found in part.get("answerOption", []):
        if "valueReference" in found or "valueTime" in found:
            yield "An answer option is a reference or a time.", True
            return
        for extension in found.get("extension", []):
            if extension.get("url") not in OPTION_EXTENSIONS:
                yield f"The option extension {extension.get('url')} is not supported.", False
    codes = [option.code for option in _options(part, sets)]
    if not codes:
        yield "A choice without answer options.", True
    if len(codes) != len(set(codes)):
        yield "Two answer options have one code.", True


def _enable_problems(part: Mapping[str, Any], known: Mapping, seen: set[str]) -> Iterator[tuple[str, bool]]:
    rules = part.get("enableWhen", [])
    if len(rules) > 1 and "enableBehavior" not in part:
        yield "With several enableWhen, enableBehavior must be given.", False
    if part.get("enableBehavior", "all") not in ("all", "any"):
        yield f"The enableBehavior “{part['enableBehavior']}” is not known.", True
    for rule in rules:
        question = rule.get("question")
        if question not in known or known[question].get("type") not in QUESTION_TYPES:
            yield f"enableWhen asks for “{question}”, which is not a question here.", True
            continue
        if question not in seen:
            yield f"enableWhen asks for “{question}”, which comes later in the form.", True
        kind, operator = known[question]["type"], rule.get("operator")
        if operator not in OPERATORS:
            yield f"The operator “{operator}” is not known.", True
        elif operator == "exists":
            if not isinstance(rule.get("answerBoolean"), bool):
                yield "The operator exists needs answerBoolean.", True
        elif not any(key in rule for key in ENABLE_ANSWERS[kind]):
            yield f"enableWhen compares “{question}” ({kind}) with another type of answer.", True
        elif operator not in ("=", "!=") and kind not in COMPARABLE:
            yield f"The operator {operator} cannot compare a {kind}.", True
