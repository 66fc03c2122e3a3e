"""What an admin page shows of an intake: each question with the answer that counts and the earlier ones beside it."""

from dataclasses import dataclass, field

from triage.forms import in_words
from triage.models import Intake
from triage.rules.questionnaire import all_pages, enabled


@dataclass
class Answered:
    """One question on paper: ``earlier`` are the answers it had before, the newest first."""

    link_id: str
    label: str
    text: str
    said: str = ""
    at: object = None
    asked: bool = True
    matters: bool = False
    earlier: list = field(default_factory=list)


def answers_on_paper(intake: Intake, matters=frozenset()) -> list[tuple[str, list[Answered]]]:
    """Every question that was answered, by part of the form. ``matters`` are the linkIds that made a rule fire."""
    content = intake.questionnaire.content
    rows = {}
    for row in intake.answers.order_by("-pk"):
        rows.setdefault(row.link_id, []).append(row)
    current = {link_id: found[0] for link_id, found in rows.items() if found[0].superseded_at is None}
    asked = enabled(content, {link_id: row.value for link_id, row in current.items()})
    sections: dict[str, list[Answered]] = {}
    for page in all_pages(content):
        for item in page.questions:
            if item.link_id not in rows:
                continue
            counts = current.get(item.link_id)
            sections.setdefault(page.section, []).append(
                Answered(
                    link_id=item.link_id,
                    label=item.label,
                    text=item.text,
                    said=in_words(item, counts) if counts else "",
                    at=counts.answered_at if counts else None,
                    asked=item.link_id in asked,
                    matters=item.link_id in matters,
                    earlier=[(in_words(item, row), row.answered_at) for row in rows[item.link_id] if row is not counts],
                )
            )
    return list(sections.items())
