"""From answers to caution codes: what holds an exercise back. The vocabulary is ``exercises.rules.cautions``."""

from exercises.rules.cautions import CautionCode
from triage.pathways.running_low_back_pain.signs import (
    BELOW_KNEE,
    BLOOD_THINNER,
    CANCER_EVER,
    CONSTANT,
    ILL,
    IMMUNE_RISK,
    LOW_ENERGY,
    SEVERE,
    STEROIDS,
    STRESS_FRACTURE,
    THIN_BONES,
    both_sides,
)
from triage.rules.conditions import Condition, aged, all_of, any_of, is_, is_old
from triage.rules.flags import AnyUnsure, SafetyUnanswered, fired
from triage.rules.pathway import CautionRule

WHEN: dict[CautionCode, Condition] = {
    CautionCode.LEG_SYMPTOMS: any_of(
        is_("pain_where", *BELOW_KNEE),
        is_old("leg_tingling"),
        is_old("leg_weakness"),
        is_("both_legs", "old", "walking"),
        is_("pain_features", "stretch_tingles", "leg_worse"),
    ),
    CautionCode.LEG_WEAKNESS: any_of(
        is_("leg_weakness", "new", "unsure"),
        is_("leg_tingling", "new", "unsure"),
        is_("both_legs", "new", "unsure"),
        is_("saddle_numbness", "new", "unsure"),
        fired("NEU-1", "NEU-3", "TXT-CES", "TXT-NEU"),
    ),
    CautionCode.BONE_STRESS: any_of(fired("BSI-1"), is_("impact", "yes", "unsure"), is_("one_spot", "yes", "unsure")),
    CautionCode.STRESS_FRACTURE_HISTORY: STRESS_FRACTURE,
    CautionCode.LOW_ENERGY: LOW_ENERGY,
    CautionCode.ACUTE_SEVERE_PAIN: any_of(
        SEVERE, is_("daily_life", "cannot"), is_("walking", "hardly"), is_("sudden_signs", "sudden_severe")
    ),
    CautionCode.NIGHT_PAIN: CONSTANT,
    CautionCode.RECENT_ACCIDENT: any_of(is_("accident", "yes", "old", "unsure"), fired("FRX-2")),
    CautionCode.INFECTION_CONCERN: ILL,
    CautionCode.IMMUNE_RISK: IMMUNE_RISK,
    CautionCode.CANCER_HISTORY: CANCER_EVER,
    CautionCode.INFLAMMATORY: fired("INF-SPA", "INF-SPA-3", "INF-SPA-EYE"),
    CautionCode.ANTICOAGULANT: BLOOD_THINNER,
    CautionCode.UNDER_18: aged(0, 18),
    CautionCode.AGE_65_PLUS: aged(65),
    CautionCode.OSTEOPOROSIS: THIN_BONES,
    CautionCode.STEROIDS: STEROIDS,
    CautionCode.PREGNANCY: is_("pregnancy", "pregnant", "maybe", "declined"),
    CautionCode.POSTPARTUM: is_("pregnancy", "postpartum"),
    CautionCode.PELVIC_FLOOR: is_("bladder_leak", "new", "old", "unsure"),
    CautionCode.EXTENSION_SENSITIVE: is_("pain_features", "arching", "standing"),
    CautionCode.FLEXION_SENSITIVE: is_("pain_features", "bending", "sitting", "cough"),
    CautionCode.PARS_CONCERN: any_of(
        is_("bones", "slipped_vertebra"), all_of(aged(0, 18), is_("pain_features", "arching", "standing"))
    ),
    CautionCode.SPINAL_SURGERY: is_("bones", "spine_surgery"),
    CautionCode.RECENT_SURGERY: is_("conditions", "recent_procedure"),
    CautionCode.SPINE_SHAPE: any_of(is_("bones", "curved_spine"), is_("body_changes", "back_shape")),
    CautionCode.HIP_GROIN_PAIN: is_("pain_where", *both_sides("groin", "hip-side")),
    CautionCode.KNEE_PROBLEM: is_("pain_where", *both_sides("knee")),
    CautionCode.BALANCE: is_("unsteady", "new", "old", "unsure"),
    CautionCode.INCOMPLETE_ANSWERS: any_of(SafetyUnanswered(), AnyUnsure()),
}
"""``WRIST_SHOULDER_PROBLEM`` is not asked here; the therapist asks before an exercise on hands and knees."""

CAUTIONS = tuple(CautionRule(code.value, when) for code, when in WHEN.items())
