"""The gates for self-care (section 2.5 of the evidence): every one must be positively true, and no rule may have fired.

``unmet`` is what the patient reads when a gate is the reason for a visit; templates translate it.
"""

from triage.pathways.running_low_back_pain.signs import CES_STATES, LOW_BACK, both_sides
from triage.rules.conditions import aged, all_of, any_of, is_, is_no, none_of, number, only
from triage.rules.pathway import Gate
from triage.rules.pathway import for_translation as _

NEAR_THE_BACK = (*LOW_BACK, *both_sides("hip-side", "thigh-back", "thigh-front", "knee", "flank"), "neck")
HARMLESS_FEATURES = (
    *("none", "bending", "sitting", "cough", "arching", "standing", "turning", "touch", "stiff", "comes_goes"),
)
ABOVE_THE_KNEE = (*NEAR_THE_BACK, *both_sides("sacroiliac", "buttock"))

GATES = (
    Gate("G-AGE", "aged 18 to 64", _("Your age: we like to see people under 18 or over 64 ourselves."), aged(18, 65)),
    Gate(
        "G-PREGNANCY",
        "not pregnant, possibly pregnant or within 6 months of birth",
        _("Pregnancy or a birth in the last 6 months, or an answer we do not know yet."),
        is_no("pregnancy"),
    ),
    Gate(
        "G-NERVE",
        "“no” to every cauda equina and nerve question",
        _("An answer about feeling, bladder, bowel or your legs that a therapist should look at."),
        all_of(
            *(is_no(item) for item in (*CES_STATES, "leg_weakness", "leg_tingling", "unsteady")),
            is_("both_legs", "no", "sore"),
        ),
    ),
    Gate(
        "G-DANGER",
        "no accident, danger sign or sign of illness",
        _("An accident, or signs in the last few days that a therapist should look at."),
        all_of(is_no("accident"), none_of("sudden_signs"), none_of("ill_signs"), none_of("body_changes")),
    ),
    Gate(
        "G-HISTORY",
        "no cancer, infection risk, blood thinners, steroid tablets, thin bones, spinal surgery or high-risk stress fracture",
        _("Your health history or medicines."),
        all_of(only("conditions", "none", "smoker"), only("bones", "none", "stress_one"), none_of("medicines")),
    ),
    Gate(
        "G-ENERGY",
        "no sign of low energy",
        _("An answer about energy and hormones, or one we do not know yet."),
        none_of("energy_signs"),
    ),
    Gate(
        "G-TIME",
        "less than 6 weeks",
        _("The pain has lasted 6 weeks or more."),
        is_("duration", "under_1_week", "1_to_2_weeks", "2_to_4_weeks", "4_to_6_weeks"),
    ),
    Gate("G-TREND", "improving or stable", _("The pain is getting worse."), is_("trend", "better", "same")),
    Gate(
        "G-PAIN",
        "worst pain 5 or less; 6 in the first week when improving",
        _("The pain has been strong."),
        any_of(
            all_of(number("pain_worst", high=5), number("pain_now", high=5)),
            all_of(
                number("pain_worst", high=6),
                number("pain_now", high=6),
                is_("duration", "under_1_week"),
                is_("trend", "better"),
            ),
        ),
    ),
    Gate(
        "G-PLACE",
        "no pain below the knee, in the groin, belly or upper back",
        _("The place where it hurts."),
        only("pain_where", *ABOVE_THE_KNEE),
    ),
    Gate(
        "G-LEG",
        "the leg does not hurt more than the back, and does not tingle",
        _("What you told us about your leg."),
        only("pain_features", *HARMLESS_FEATURES),
    ),
    Gate("G-WALK", "walks as usual", _("The pain changes how you walk."), is_("walking", "usual")),
    Gate(
        "G-NIGHT",
        "sleeps; short waking on rolling over allowed",
        _("The pain at rest or at night."),
        is_("night_rest", "eases", "rolling"),
    ),
    Gate(
        "G-BONE",
        "no sore spot of bone; no pain on one leg, or not tried and no bony place",
        _("A sore spot of bone, or pain with each step."),
        all_of(
            is_no("one_spot"),
            any_of(is_no("impact"), all_of(is_("impact", "not_tried"), only("pain_where", *NEAR_THE_BACK))),
        ),
    ),
    Gate(
        "G-RUNNING",
        "pain settles within a day of running",
        _("The pain lasts after a run."),
        is_("running_pain", "eases", "builds", "after", "unrelated", "not_running"),
    ),
    Gate(
        "G-DAY",
        "daily life limited a little at most",
        _("The pain limits your day."),
        is_("daily_life", "none", "little"),
    ),
)
