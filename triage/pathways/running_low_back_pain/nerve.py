"""Cauda equina and nerve rules (section 2.1 of the evidence).

A positive answer acts alone. "Not sure" on the feeling between the legs acts like yes; on another cauda equina question it
means a person rings today, and an emergency as soon as there is any leg symptom or a second doubt (P3). Old and
unchanged means a therapist looks at it (P4). Whether the pain eases plays no part (P9).
"""

from clinic.rules.levels import Level
from triage.pathways.running_low_back_pain.families import NERVE
from triage.pathways.running_low_back_pain.signs import (
    CES_ITEMS,
    CES_STATES,
    CES_UNSURE,
    LEG_SYMPTOM,
    NEW_WEAKNESS,
)
from triage.rules.conditions import Blank, all_of, any_of, at_least, is_, is_new, is_old, is_unsure
from triage.rules.pathway import Rule

CARD = "Cauda equina warning card (Greenhalgh et al.); GIRFT cauda equina pathway; NHS"
ACT = "Pressure on the cauda equina can leave lasting loss of bladder, bowel and sexual function within hours to days."

EMERGENCIES = (
    Rule(
        code="CES-1",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New numbness or change of feeling between the legs",
        question="Is the skin between the legs numb, tingling or different?",
        when=is_new("saddle_numbness"),
        reason=ACT + " Changed feeling there: odds ratio 3.03 (1.31 to 6.99), sensitivity 0.60 (334 referrals).",
        source=CARD + "; BMJ Best Practice 3000164",
    ),
    Rule(
        code="CES-1-UNSURE",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="Not sure about the feeling between the legs",
        question="Is the skin between the legs numb, tingling or different?",
        when=is_unsure("saddle_numbness"),
        reason="The most telling cauda equina question: a doubt here is examined today (P3).",
        source=CARD,
        evidence="D",
    ),
    Rule(
        code="CES-2",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New trouble passing urine, or not feeling the bladder",
        question="Is there new trouble starting, a weak flow, not emptying, or not feeling the bladder?",
        when=is_new("bladder_trouble"),
        reason=ACT
        + " Bladder trouble: sensitivity 0.72, specificity 0.36. The bladder scan is the hospital's business.",
        source=CARD,
    ),
    Rule(
        code="CES-3",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New leaking of urine",
        question="Is there new leaking, wetting without noticing, or a need for pads?",
        when=is_new("bladder_leak"),
        reason=ACT + " Long-standing unchanged leaking with effort is not this rule (P4).",
        source=CARD + "; BestBETs 2565",
    ),
    Rule(
        code="CES-4",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New loss of bowel control or feeling",
        question="Is stool leaking, or has the feeling of needing to go or of passing stool or wind gone?",
        when=is_new("bowel_change"),
        reason=ACT + " Constipation alone does not count.",
        source=CARD + "; York back pain pathway",
    ),
    Rule(
        code="CES-5",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New change in genital feeling or sexual function",
        question="Is there a new change in genital feeling, erection, ejaculation or feeling during sex?",
        when=is_new("sexual_change"),
        reason=ACT + " Everybody in this intake has back or leg pain, so it acts alone.",
        source=CARD + "; BMJ Best Practice 3000164",
    ),
    Rule(
        code="CES-6",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New symptoms in both legs, or spread from one leg to both",
        question="Is there pain, tingling, numbness or weakness in both legs?",
        when=is_("both_legs", "new"),
        reason="Pain in both legs: odds ratio 5.03 (2.16 to 11.68). Sore muscles after a race are a separate answer.",
        source="NHS Lothian RefHelp (mirrors NICE CKS); NHS 999 list",
    ),
    Rule(
        code="CES-P3",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="Not sure on a cauda equina question, with a leg symptom or a second doubt",
        question="Any cauda equina question answered “not sure”?",
        when=any_of(all_of(CES_UNSURE, LEG_SYMPTOM), at_least(2, *(is_unsure(item) for item in CES_ITEMS))),
        reason="Combination 7: a doubt is never read as no, and with a leg symptom it is treated as yes.",
        source="Principle P3; combination 7",
        evidence="D",
    ),
    Rule(
        code="NEU-1",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="Leg weakness that is worsening, in both legs, or with foot drop or trouble walking",
        question="Is the weakness getting worse, in both legs, or does the foot drop or the leg give way?",
        when=is_("weakness_signs", "worse", "foot_drop", "heel_toe", "giving_way", "both_legs", "cannot_walk"),
        reason="Leg weakness: odds ratio 5.35 (2.23 to 12.85). Acute foot drop wants an early surgical opinion.",
        source="NHS Lothian RefHelp; sciatica referral paths",
    ),
    Rule(
        code="NEU-1-UNKNOWN",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New leg weakness, and nothing known about it",
        question="Is the weakness getting worse, in both legs, or does the foot drop?",
        when=all_of(NEW_WEAKNESS, Blank("weakness_signs")),
        reason="Without the details it could be any of NEU-1. A blank is never a no.",
        source="Principle P3",
        evidence="D",
    ),
    Rule(
        code="NEU-3",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="New unsteadiness, clumsy hands, or shocks on bending the neck",
        question="Newly unsteady, clumsy with the hands, or electric shocks on bending the neck?",
        when=is_new("unsteady"),
        reason="Signs that the spinal cord may be under pressure.",
        source="NICE NG234",
        evidence="K",
    ),
)

WEAKER = (
    Rule(
        code="CES-6-WALKING",
        family=NERVE,
        level=Level.URGENT,
        finding="Long-standing symptoms in both legs, only on walking or standing, eased by sitting",
        question="Both legs, for months, only on standing or walking?",
        when=is_("both_legs", "walking"),
        reason="The pattern of a narrow spinal canal: a doctor examines it soon; a change makes it an emergency.",
        source="CES-6 of the evidence",
        doctor_note=True,
    ),
    Rule(
        code="CES-P3-ALONE",
        family=NERVE,
        level=Level.URGENT,
        finding="Not sure on one cauda equina question",
        question="Any cauda equina question answered “not sure”?",
        when=CES_UNSURE,
        reason="Same day at least: a person asks the question again in other words.",
        source="Principle P3",
        evidence="D",
        same_day=True,
    ),
    Rule(
        code="NEU-2",
        family=NERVE,
        level=Level.URGENT,
        finding="New weakness in one leg, not worsening, walks without trouble",
        question="New weakness in a leg or foot?",
        when=NEW_WEAKNESS,
        reason="Examined within one to two days, because it can worsen.",
        source="NHS Lothian RefHelp",
    ),
    Rule(
        code="NEU-2-UNSURE",
        family=NERVE,
        level=Level.URGENT,
        finding="Not sure about weakness or balance",
        question="Leg weakness, or unsteady?",
        when=any_of(is_unsure("weakness_signs"), is_unsure("unsteady")),
        reason="A doubt about weakening or the spinal cord is asked again by a person today.",
        source="Principle P3",
        evidence="D",
        same_day=True,
    ),
    Rule(
        code="NEU-4",
        family=NERVE,
        level=Level.PRIORITY,
        finding="New numbness or tingling in a leg, without weakness",
        question="Numbness or tingling in a leg or foot?",
        when=is_new("leg_tingling"),
        reason="Nerve irritation until examined; no exercise before that.",
        source="Konstantinou 2012",
        strength="B",
    ),
    Rule(
        code="CES-6-OLD",
        family=NERVE,
        level=Level.PRIORITY,
        finding="Old, unchanged symptoms in both legs",
        question="Pain, tingling, numbness or weakness in both legs?",
        when=is_old("both_legs"),
        reason="Old and unchanged is no emergency (P4); both legs are examined soon all the same.",
        source="Principle P4",
        evidence="D",
        strength="C",
    ),
)

OLD_AND_UNCHANGED = tuple(
    Rule(
        code=f"{code}-OLD",
        family=NERVE,
        level=Level.ROUTINE,
        finding=f"Old and unchanged: {words}",
        question=f"Is there, old and unchanged, {words}?",
        when=is_old(link_id),
        reason="Old and unchanged is no emergency, and a therapist looks at it (P4).",
        source="Principle P4",
        evidence="D",
        strength="C",
    )
    for code, link_id, words in (
        ("CES-1", CES_STATES[0], "changed feeling between the legs"),
        ("CES-2", CES_STATES[1], "trouble passing urine"),
        ("CES-3", CES_STATES[2], "leaking of urine"),
        ("CES-4", CES_STATES[3], "loss of bowel control"),
        ("CES-5", CES_STATES[4], "change in genital feeling"),
        ("NEU-2", "leg_weakness", "weakness of a leg"),
        ("NEU-3", "unsteady", "unsteadiness"),
        ("NEU-4", "leg_tingling", "numbness or tingling of a leg"),
    )
)

RULES = EMERGENCIES + WEAKER + OLD_AND_UNCHANGED
