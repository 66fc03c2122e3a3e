"""Age, inflammation, severity, history, time, crisis, and answers that are missing or doubtful (section 2.2, P3, P12)."""

from clinic.rules.levels import Level
from triage.pathways.running_low_back_pain.families import (
    COMBINATION,
    COMPLETENESS,
    COURSE,
    CRISIS,
    HISTORY,
    INFLAMMATORY,
    PAIN,
    YOUNG,
)
from triage.pathways.running_low_back_pain.signs import (
    CONSTANT,
    IMPACT,
    LOW_ENERGY,
    NERVE_SIGN,
    NOT_BETTER,
    OVER_2_WEEKS,
    OVER_6_WEEKS,
    UPPER_BACK,
    WORSE,
    both_sides,
)
from triage.rules.conditions import Not, aged, all_of, any_of, at_least, is_, named, number
from triage.rules.flags import AnyUnsure, SafetyUnanswered, WeakFlags
from triage.rules.pathway import Rule

INFLAMMATORY_SIGNS = (
    number("onset_age", high=34),
    is_("spa_signs", "half_night"),
    any_of(is_("spa_signs", "buttock"), is_("pain_where", *both_sides("buttock"))),
    is_("spa_signs", "better_moving"),
    is_("spa_signs", "anti_inflammatory"),
    is_("spa_signs", "relative"),
    is_("spa_signs", "arthritis"),
    is_("spa_signs", "heel"),
    is_("spa_signs", "psoriasis"),
)
"""The count of NICE NG65, for pain of more than 3 months that began before 45."""
FOUR_SIGNS = named("four or more inflammatory signs", at_least(4, *INFLAMMATORY_SIGNS))
THREE_SIGNS = named("three or more inflammatory signs", at_least(3, *INFLAMMATORY_SIGNS))
BEFORE_45 = named(
    "pain of more than 3 months that began before 45",
    all_of(is_("duration", "over_3_months"), number("onset_age", high=44)),
)
ARCHING_OR_IMPACT = any_of(is_("pain_features", "arching"), IMPACT)

AGE_RULES = (
    Rule(
        code="P12-UNDER-16",
        family=YOUNG,
        level=Level.PRIORITY,
        finding="Under 16: a phone call with a guardian",
        question="Under 16?",
        when=aged(0, 16),
        reason="No online triage under 16. Emergency and urgent rules still act.",
        source="Principle P12; NICE NG59 begins at 16",
        strength="C",
    ),
    Rule(
        code="YTH-1",
        family=YOUNG,
        level=Level.PRIORITY,
        finding="Aged 16 or 17",
        question="Aged 16 or 17?",
        when=aged(16, 18),
        reason="Up to 47 % of young athletes with back pain had a stress injury of the arch of a vertebra; 5 % of adults.",
        source="Sports Health 2009, citing Micheli and Wood 1995",
        strength="C",
    ),
    Rule(
        code="YTH-2",
        family=YOUNG,
        level=Level.URGENT,
        finding="Under 18 with night or rest pain, fever, a nerve sign, weight loss or worsening over 2 weeks",
        question="Under 18, and a sign that is not mechanical?",
        when=all_of(
            aged(0, 18),
            any_of(
                CONSTANT,
                is_("ill_signs", "fever", "sweats", "shaking", "very_ill"),
                NERVE_SIGN,
                is_("body_changes", "weight_loss"),
                all_of(WORSE, OVER_2_WEEKS),
            ),
        ),
        reason="A published case of discitis had no fever and white cells in range.",
        source="AMSSM case 372",
    ),
    Rule(
        code="YTH-3",
        family=YOUNG,
        level=Level.PRIORITY,
        finding="Under 18 with arching or impact pain for more than 2 weeks",
        question="Under 18, and arching or impact pain for more than 2 weeks?",
        when=all_of(aged(0, 18), ARCHING_OR_IMPACT, OVER_2_WEEKS),
        reason="Impact stops until examined.",
        source="Abel, case 9",
    ),
    Rule(
        code="YTH-3-URGENT",
        family=YOUNG,
        level=Level.URGENT,
        finding="Under 18 with arching or impact pain for more than 2 weeks and a sign of low energy",
        question="The same, and a sign of low energy?",
        when=all_of(aged(0, 18), ARCHING_OR_IMPACT, OVER_2_WEEKS, LOW_ENERGY),
        reason="Low energy makes a stress injury more likely.",
        source="Abel, case 9; IOC REDs CAT2 2023",
    ),
)

INFLAMMATORY_RULES = (
    Rule(
        code="INF-SPA",
        family=INFLAMMATORY,
        level=Level.PRIORITY,
        finding="Four or more signs of an inflammatory back",
        question="Began before 45, more than 3 months, and how many signs?",
        when=all_of(BEFORE_45, FOUR_SIGNS),
        reason="Referral to rheumatology is considered. No single missing sign clears it.",
        source="NICE NG65",
        doctor_note=True,
    ),
    Rule(
        code="INF-SPA-3",
        family=INFLAMMATORY,
        level=Level.PRIORITY,
        finding="Three signs of an inflammatory back",
        question="Began before 45, more than 3 months, and how many signs?",
        when=all_of(BEFORE_45, THREE_SIGNS, Not(FOUR_SIGNS)),
        reason="The doctor may test for HLA-B27.",
        source="NICE NG65",
        doctor_note=True,
    ),
    Rule(
        code="INF-SPA-EYE",
        family=INFLAMMATORY,
        level=Level.URGENT,
        finding="A red, painful eye with long-standing back pain",
        question="A red, painful eye?",
        when=is_("spa_signs", "red_eye"),
        reason="Inflammation inside the eye is treated the same day.",
        source="NICE NG65",
        same_day=True,
    ),
)

PAIN_AND_HISTORY_RULES = (
    Rule(
        code="PAIN-1",
        family=PAIN,
        level=Level.URGENT,
        finding="Pain of 8 or more that stops standing, washing, sleep or thought",
        question="8 to 10, and cannot stand, get to the toilet, sleep or think?",
        when=all_of(any_of(number("pain_worst", 8), number("pain_now", 8)), is_("daily_life", "cannot")),
        reason="What the NHS calls severe pain.",
        source="NHS",
    ),
    Rule(
        code="PAIN-2",
        family=PAIN,
        level=Level.PRIORITY,
        finding="Can hardly walk, or cannot stand, sleep or think for pain",
        question="Can hardly walk, or cannot manage the day?",
        when=any_of(is_("walking", "hardly"), is_("daily_life", "cannot")),
        reason="Seen soon whatever the number on the scale.",
        source="PAIN-1 of the evidence",
        evidence="D",
        strength="C",
    ),
    Rule(
        code="HX-1",
        family=HISTORY,
        level=Level.PRIORITY,
        finding="Spinal surgery, a slipped vertebra or a marked curve",
        question="Previous spinal surgery, spondylolisthesis, severe scoliosis?",
        when=is_("bones", "spine_surgery", "slipped_vertebra", "curved_spine"),
        reason="A therapist chooses what may move.",
        source="HX-1 of the evidence",
        evidence="D",
        strength="B",
    ),
    Rule(
        code="HX-1-SHAPE",
        family=HISTORY,
        level=Level.URGENT,
        finding="The back has changed shape",
        question="A new change of back shape?",
        when=is_("body_changes", "back_shape"),
        reason="On the NHS urgent list.",
        source="NHS (changed shape)",
        doctor_note=True,
    ),
    Rule(
        code="TIME-1",
        family=COURSE,
        level=Level.ROUTINE,
        finding="More than 6 weeks, not improving",
        question="More than 6 weeks, not improving?",
        when=all_of(OVER_6_WEEKS, NOT_BETTER),
        reason="No self-care, and the safety questions again at every contact. Published cancers had no other flag.",
        source="BMJ Best Practice 3000164; Mabry 2014",
        strength="B",
        counts=False,
    ),
    Rule(
        code="TIME-1-PRIORITY",
        family=COURSE,
        level=Level.PRIORITY,
        finding="More than 6 weeks, not improving, in a smoker or at 50 or over",
        question="More than 6 weeks, not improving?",
        when=all_of(OVER_6_WEEKS, NOT_BETTER, any_of(aged(50), is_("conditions", "smoker"))),
        reason="Age and smoking raise the chance of another cause.",
        source="BMJ Best Practice 3000164; Mabry 2014",
        strength="B",
        counts=False,
    ),
    Rule(
        code="TIME-1-URGENT",
        family=COURSE,
        level=Level.URGENT,
        finding="More than 6 weeks, not improving, and constant or in the upper back",
        question="More than 6 weeks, not improving?",
        when=all_of(OVER_6_WEEKS, NOT_BETTER, any_of(CONSTANT, UPPER_BACK)),
        reason="Lasting pain that no position eases, or in the chest part of the spine, is examined by a doctor.",
        source="BMJ Best Practice 3000164; Mabry 2014",
        doctor_note=True,
    ),
)

MISSING_RULES = (
    Rule(
        code="MH-1",
        family=CRISIS,
        level=Level.EMERGENCY,
        finding="Thoughts of self-harm",
        question="Thoughts of harming yourself or of not wanting to live?",
        when=is_("ill_signs", "self_harm"),
        reason="Crisis contacts are shown at once and a person rings.",
        source="Crisis care practice",
        evidence="K",
    ),
    Rule(
        code="P3-UNSURE",
        family=COMPLETENESS,
        level=Level.PRIORITY,
        finding="“I’m not sure” to a safety question",
        question="Any safety question answered “not sure”?",
        when=AnyUnsure(),
        reason="A doubt is never a no: a person asks again.",
        source="Principle P3",
        evidence="D",
        strength="C",
    ),
    Rule(
        code="P3-BLANK",
        family=COMPLETENESS,
        level=Level.PRIORITY,
        finding="A safety question has no answer yet",
        question="Any safety question without an answer?",
        when=SafetyUnanswered(),
        reason="A blank is never a no: a person rings.",
        source="Principle P3",
        evidence="D",
        strength="C",
    ),
)

RULES = AGE_RULES + INFLAMMATORY_RULES + PAIN_AND_HISTORY_RULES + MISSING_RULES

COMBINATIONS = (
    Rule(
        code="CMB-5",
        family=COMBINATION,
        level=Level.URGENT,
        finding="Two weak flags from different families",
        question="Two weak flags from different families?",
        when=WeakFlags(2),
        reason="Each alone asks for an early visit; together one level higher. Weak flags never make an emergency, so that "
        "few people with a sore back are sent to hospital.",
        source="Combination 5; Henschke 2009",
        evidence="D",
        strength="C",
    ),
)
