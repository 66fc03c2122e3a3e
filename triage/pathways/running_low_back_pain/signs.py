"""Named conditions that several rules share. The rule table lists each once, under its name."""

from triage.rules.conditions import Condition, all_of, any_of, at_least, is_, is_new, is_unsure, named, number

SIDES = ("left", "right")


def both_sides(*parts: str) -> tuple[str, ...]:
    """The body-chart codes of these parts, left and right."""
    return tuple(f"{part}-{side}" for part in parts for side in SIDES)


CES_STATES = ("saddle_numbness", "bladder_trouble", "bladder_leak", "bowel_change", "sexual_change")
"""The cauda equina questions that are answered no, new, old or not sure. ``both_legs`` is the sixth."""
CES_ITEMS = (*CES_STATES, "both_legs")
NERVE_ITEMS = (*CES_ITEMS, "leg_weakness", "leg_tingling", "unsteady")

BELOW_KNEE = both_sides("calf", "shin", "foot")
LEG = both_sides("thigh-back", "thigh-front", "calf", "shin", "foot")
LOW_BACK = ("low-back-centre", *both_sides("low-back"))
FOCAL_PLACES = both_sides("sacroiliac", "buttock", "groin")

LEG_PAIN = named("leg pain", is_("pain_where", *LEG))
LEG_SYMPTOM = named(
    "a leg symptom",
    any_of(
        LEG_PAIN,
        is_("leg_tingling", "new", "old", "unsure"),
        is_("leg_weakness", "new", "old", "unsure"),
        is_("both_legs", "new", "old", "walking"),
    ),
)
CES_UNSURE = named("not sure on a cauda equina question", any_of(*(is_unsure(item) for item in CES_ITEMS)))
NERVE_SIGN = named(
    "a nerve sign",
    any_of(*(is_(item, "new", "unsure") for item in NERVE_ITEMS), is_("both_legs", "walking")),
)
"""New, or not sure, on any cauda equina, weakness, tingling or balance question."""

ILL = named("signs of infection", is_("ill_signs", "fever", "shaking", "sweats", "very_ill", "confused"))
CONSTANT = named("constant or night pain that no position eases", is_("night_rest", "constant", "night"))
OVER_2_WEEKS = named(
    "more than 2 weeks", is_("duration", "2_to_4_weeks", "4_to_6_weeks", "6_to_12_weeks", "over_3_months")
)
OVER_4_WEEKS = named("more than 4 weeks", is_("duration", "4_to_6_weeks", "6_to_12_weeks", "over_3_months"))
OVER_6_WEEKS = named("more than 6 weeks", is_("duration", "6_to_12_weeks", "over_3_months"))
WORSE = is_("trend", "worse")
NOT_BETTER = is_("trend", "same", "worse")
UPPER_BACK = named("pain in the upper back or ribs", is_("pain_where", *both_sides("upper-back")))
SEVERE = named("severe pain (7 or more)", any_of(number("pain_worst", 7), number("pain_now", 7)))

IMMUNE_RISK = named(
    "a raised risk of infection",
    any_of(
        is_("conditions", "diabetes", "weak_immunity", "injected_drugs", "recent_infection", "recent_procedure"),
        is_("medicines", "immune_medicine", "steroid_tablets"),
    ),
)
CANCER_EVER = is_("conditions", "cancer")
THIN_BONES = is_("bones", "osteoporosis")
STEROIDS = is_("medicines", "steroid_tablets")
BLOOD_THINNER = named(
    "blood thinners or a bleeding disorder", any_of(is_("medicines", "blood_thinner"), is_("conditions", "bleeding"))
)
SUDDEN = named("sudden onset", is_("onset", "hard_effort", "minor_load"))
STRESS_FRACTURE = is_("bones", "stress_high", "stress_two", "stress_one")

BONE_PLACE = named("a bony place", any_of(is_("one_spot", "yes"), is_("pain_where", *FOCAL_PLACES)))
IMPACT = is_("impact", "yes")
LASTS = named("pain that lasts after the run", any_of(is_("running_pain", "lasts"), CONSTANT))
WORSE_RUNNING = named("getting worse with running", all_of(is_("running_pain", "builds", "lasts"), WORSE))
BONE_STRESS_PATTERN: tuple[Condition, ...] = (BONE_PLACE, IMPACT, LASTS, WORSE_RUNNING)
"""Two of these four make the pattern of a bone stress injury (BSI-1)."""
BONE_STRESS = named("the pattern of a bone stress injury", at_least(2, *BONE_STRESS_PATTERN))
LOW_ENERGY = named(
    "a sign of low energy",
    is_(
        "energy_signs",
        *("periods_stopped", "periods_never", "low_drive", "eating_less", "weight_change", "eating_disorder"),
    ),
)
LIMPS = is_("walking", "limp", "hardly")
PREGNANT = is_("pregnancy", "pregnant", "maybe")
SUDDEN_SEVERE = is_("sudden_signs", "sudden_severe")
NEW_WEAKNESS = is_new("leg_weakness")
