"""For every rule: answers that make it fire, and the nearest neighbour that does not.

Each side is the changes to the calm runner of ``people``; ``age`` is the age when it matters.
"""

from tests.triage.rules.people import LONG

WEAK = {"leg_weakness": "new", "weakness_signs": ["none"]}
PREGNANT = {"pregnancy": "pregnant", "pregnancy_signs": ["none"]}
BORN = {"pregnancy": "postpartum", "pregnancy_signs": ["none"]}
CONSTANT = {"night_rest": "constant"}
SEEN_LONG = {"duration": "6_to_12_weeks", "trend": "same"}
SPA = {**LONG, "onset_age": 30}

FIRING = {
    # cauda equina and nerve
    "CES-1": ({"saddle_numbness": "new"}, {"saddle_numbness": "old"}),
    "CES-1-UNSURE": ({"saddle_numbness": "unsure"}, {"saddle_numbness": "no"}),
    "CES-2": ({"bladder_trouble": "new"}, {"bladder_trouble": "old"}),
    "CES-3": ({"bladder_leak": "new"}, {"bladder_leak": "old"}),
    "CES-4": ({"bowel_change": "new"}, {"bowel_change": "old"}),
    "CES-5": ({"sexual_change": "new"}, {"sexual_change": "old"}),
    "CES-6": ({"both_legs": "new"}, {"both_legs": "sore"}),
    "CES-P3": ({"bladder_trouble": "unsure", "pain_where": ["calf-left"]}, {"bladder_trouble": "unsure"}),
    "NEU-1": ({**WEAK, "weakness_signs": ["foot_drop"]}, WEAK),
    "NEU-1-UNKNOWN": ({"leg_weakness": "new"}, WEAK),
    "NEU-3": ({"unsteady": "new"}, {"unsteady": "old"}),
    "CES-6-WALKING": ({"both_legs": "walking"}, {"both_legs": "sore"}),
    "CES-P3-ALONE": ({"bowel_change": "unsure"}, {"bowel_change": "old"}),
    "NEU-2": (WEAK, {"leg_weakness": "old"}),
    "NEU-2-UNSURE": ({"unsteady": "unsure"}, {"unsteady": "old"}),
    "NEU-4": ({"leg_tingling": "new"}, {"leg_tingling": "old"}),
    "CES-6-OLD": ({"both_legs": "old"}, {"both_legs": "sore"}),
    "CES-1-OLD": ({"saddle_numbness": "old"}, {"saddle_numbness": "no"}),
    "CES-2-OLD": ({"bladder_trouble": "old"}, {"bladder_trouble": "no"}),
    "CES-3-OLD": ({"bladder_leak": "old"}, {"bladder_leak": "no"}),
    "CES-4-OLD": ({"bowel_change": "old"}, {"bowel_change": "no"}),
    "CES-5-OLD": ({"sexual_change": "old"}, {"sexual_change": "no"}),
    "NEU-2-OLD": ({"leg_weakness": "old"}, {"leg_weakness": "no"}),
    "NEU-3-OLD": ({"unsteady": "old"}, {"unsteady": "no"}),
    "NEU-4-OLD": ({"leg_tingling": "old"}, {"leg_tingling": "no"}),
    # infection
    "INF-1": ({"ill_signs": ["fever"], "conditions": ["diabetes"]}, {"ill_signs": ["fever"]}),
    "INF-2": ({"ill_signs": ["fever"]}, {"ill_signs": ["none"]}),
    "INF-3": ({"conditions": ["diabetes"], "trend": "worse"}, {"conditions": ["diabetes"]}),
    "INF-4": (
        {"conditions": ["diabetes"], "trend": "worse", "leg_tingling": "new"},
        {"conditions": ["diabetes"], "trend": "same", "leg_tingling": "new"},
    ),
    "INF-5": (
        {"medicines": ["immune_medicine"], "leg_tingling": "new"},
        {"medicines": ["immune_medicine"], "leg_tingling": "old"},
    ),
    # cancer
    "CAN-1": ({"conditions": ["cancer"], "trend": "worse"}, {"conditions": ["cancer"], "trend": "same"}),
    "CAN-2": ({"conditions": ["cancer"]}, {"conditions": ["smoker"]}),
    "CAN-3": ({"conditions": ["cancer"], "leg_tingling": "new"}, {"conditions": ["cancer"], "leg_tingling": "old"}),
    "CAN-4": ({"body_changes": ["weight_loss"]}, {"energy_signs": ["weight_change"]}),
    "CAN-5": ({"night_rest": "night"}, {"night_rest": "rolling"}),
    "CAN-5-URGENT": (
        {"night_rest": "night", "duration": "2_to_4_weeks"},
        {"night_rest": "night", "duration": "1_to_2_weeks"},
    ),
    "CAN-6": ({"pain_where": ["upper-back-left"]}, {"pain_where": ["flank-left"]}),
    "CAN-6-URGENT": ({"pain_where": ["upper-back-left"], "trend": "worse"}, {"pain_where": ["upper-back-left"]}),
    "CAN-7": ({"body_changes": ["lump"]}, {"body_changes": ["none"]}),
    "CAN-8": (
        {"age": 50, "episode": "first", "duration": "4_to_6_weeks", "trend": "same"},
        {"age": 50, "episode": "first", "duration": "4_to_6_weeks", "trend": "better"},
    ),
    "CAN-8-65": (
        {"age": 65, "episode": "first", "duration": "4_to_6_weeks", "trend": "same"},
        {"age": 64, "episode": "first", "duration": "4_to_6_weeks", "trend": "same"},
    ),
    "CAN-8-URGENT": (
        {"age": 50, "episode": "first", "duration": "4_to_6_weeks", "trend": "same", "leg_tingling": "new"},
        {"age": 50, "episode": "first", "duration": "4_to_6_weeks", "trend": "same"},
    ),
    "CAN-UNSURE": ({"conditions": ["unsure"], **CONSTANT}, {"conditions": ["unsure"]}),
    # fracture, bone stress, low energy
    "FRX-1": ({"accident": "yes"}, {"accident": "old"}),
    "FRX-1-OLD": ({"accident": "old"}, {"accident": "no"}),
    "FRX-2": (
        {"age": 56, "onset": "minor_load", "sex": "female"},
        {"age": 56, "onset": "minor_load", "sex": "male"},
    ),
    "FRX-3": ({"medicines": ["steroid_tablets"]}, {"medicines": ["none"]}),
    "FRX-3-URGENT": (
        {"medicines": ["steroid_tablets"], "pain_where": ["low-back-centre"]},
        {"medicines": ["steroid_tablets"]},
    ),
    "FRX-4": ({"bones": ["osteoporosis"], "pain_where": ["low-back-centre"]}, {"bones": ["osteoporosis"]}),
    "FRX-5": ({"age": 65, "episode": "first"}, {"age": 65, "episode": "before"}),
    "FRX-6": ({"bones": ["osteoporosis"]}, {"bones": ["none"]}),
    "BSI-IMPACT": ({"impact": "yes"}, {"impact": "not_tried"}),
    "BSI-1": ({"impact": "yes", "one_spot": "yes"}, {"impact": "yes"}),
    "BSI-1-URGENT": (
        {"impact": "yes", "one_spot": "yes", "walking": "limp"},
        {"impact": "yes", "one_spot": "yes"},
    ),
    "BSI-2": ({"bones": ["stress_two"]}, {"bones": ["stress_one"]}),
    "RED-1": ({"energy_signs": ["eating_less"]}, {"energy_signs": ["periods_hidden"]}),
    "RED-1-URGENT": ({"energy_signs": ["low_drive"], "one_spot": "yes"}, {"energy_signs": ["low_drive"]}),
    "RED-2": ({"bones": ["stress_high"], "impact": "yes"}, {"bones": ["stress_high"]}),
    # circulation, bleeding, belly, kidney, muscle
    "VAS-1": (
        {"sudden_signs": ["sudden_severe", "faint_sweaty"]},
        {"sudden_signs": ["sudden_severe", "vomiting"]},
    ),
    "VAS-1-RISK": (
        {"sudden_signs": ["sudden_severe"], "conditions": ["smoker"]},
        {"sudden_signs": ["sudden_severe"]},
    ),
    "VAS-1-ALONE": ({"sudden_signs": ["sudden_severe"]}, {"sudden_signs": ["none"]}),
    "VAS-1-FAINT": ({"sudden_signs": ["faint_sweaty"]}, {"sudden_signs": ["vomiting"]}),
    "VAS-2": ({"sudden_signs": ["belly_pulse"]}, {"sudden_signs": ["none"]}),
    "VAS-2-60": (
        {"age": 60, "sudden_signs": ["belly_pulse"], "pain_where": ["abdomen"]},
        {"age": 59, "sudden_signs": ["belly_pulse"], "pain_where": ["abdomen"]},
    ),
    "VAS-3": ({"sudden_signs": ["chest_pain"]}, {"sudden_signs": ["vomiting"]}),
    "VAS-4": ({"sudden_signs": ["swollen_leg"]}, {"sudden_signs": ["none"]}),
    "VAS-5": ({"conditions": ["aneurysm"]}, {"conditions": ["smoker"]}),
    "P3-DANGER": ({"ill_signs": ["unsure"]}, {"body_changes": ["unsure"]}),
    "BLD-1": (
        {"medicines": ["blood_thinner"], "leg_tingling": "new"},
        {"medicines": ["blood_thinner"], "leg_tingling": "old"},
    ),
    "BLD-1-URGENT": ({"medicines": ["blood_thinner"], "trend": "worse"}, {"medicines": ["blood_thinner"]}),
    "BLD-2": ({"conditions": ["bleeding"]}, {"conditions": ["none"]}),
    "REN-1": ({"sudden_signs": ["flank_colic"]}, {"pain_where": ["flank-left", "groin-left"]}),
    "REN-2": ({"sudden_signs": ["pee_burning"]}, {"sudden_signs": ["none"]}),
    "REN-2-EMERGENCY": (
        {"sudden_signs": ["pee_burning", "vomiting"], "ill_signs": ["fever"]},
        {"sudden_signs": ["pee_burning"], "ill_signs": ["fever"]},
    ),
    "GIT-1": ({"sudden_signs": ["belly_through"]}, {"pain_where": ["abdomen"]}),
    "GIT-2": ({"sudden_signs": ["vomiting"]}, {"sudden_signs": ["none"]}),
    "GYN-1": ({"pain_features": ["period_linked"]}, {"pain_features": ["comes_goes"]}),
    "RHB-1": ({"sudden_signs": ["dark_urine"]}, {"both_legs": "sore", "pain_features": ["touch"]}),
    # pregnancy and birth
    "OBS-1": ({**PREGNANT, "pregnancy_signs": ["movements"]}, PREGNANT),
    "OBS-2": (
        {"pregnancy": "maybe", "pregnancy_signs": ["shoulder_tip"]},
        {"pregnancy": "maybe", "pregnancy_signs": ["none"]},
    ),
    "OBS-2-FAINT": ({**PREGNANT, "sudden_signs": ["faint_sweaty"]}, {**PREGNANT, "sudden_signs": ["vomiting"]}),
    "OBS-1-BIRTH": ({**BORN, "pregnancy_signs": ["headache"]}, {**BORN, "pregnancy_signs": ["bleeding"]}),
    "OBS-4": ({**BORN, "pregnancy_signs": ["bleeding"]}, BORN),
    "OBS-3": (PREGNANT, {"pregnancy": "no"}),
    "OBS-3-URGENT": ({**PREGNANT, "impact": "yes"}, PREGNANT),
    # age
    "P12-UNDER-16": ({"age": 15}, {"age": 16}),
    "YTH-1": ({"age": 17}, {"age": 18}),
    "YTH-2": ({"age": 17, **CONSTANT}, {"age": 17, "night_rest": "rolling"}),
    "YTH-3": (
        {"age": 17, "pain_features": ["arching"], "duration": "2_to_4_weeks"},
        {"age": 17, "pain_features": ["arching"], "duration": "1_to_2_weeks"},
    ),
    "YTH-3-URGENT": (
        {"age": 17, "impact": "yes", "duration": "2_to_4_weeks", "energy_signs": ["eating_less"]},
        {"age": 17, "impact": "yes", "duration": "2_to_4_weeks"},
    ),
    # inflammation
    "INF-SPA": (
        {**SPA, "spa_signs": ["half_night", "better_moving", "psoriasis"]},
        {**SPA, "spa_signs": ["half_night", "better_moving"]},
    ),
    "INF-SPA-3": (
        {**SPA, "spa_signs": ["half_night", "better_moving"]},
        {**SPA, "spa_signs": ["half_night"]},
    ),
    "INF-SPA-EYE": ({**SPA, "spa_signs": ["red_eye"]}, {**SPA, "spa_signs": ["heel"]}),
    # pain, history, time
    "PAIN-1": (
        {"pain_worst": 8, "daily_life": "cannot"},
        {"pain_worst": 7, "daily_life": "cannot"},
    ),
    "PAIN-2": ({"walking": "hardly"}, {"walking": "limp"}),
    "HX-1": ({"bones": ["spine_surgery"]}, {"bones": ["none"]}),
    "HX-1-SHAPE": ({"body_changes": ["back_shape"]}, {"bones": ["curved_spine"]}),
    "TIME-1": (SEEN_LONG, {**SEEN_LONG, "trend": "better"}),
    "TIME-1-PRIORITY": ({**SEEN_LONG, "age": 50}, {**SEEN_LONG, "age": 49}),
    "TIME-1-URGENT": ({**SEEN_LONG, **CONSTANT}, SEEN_LONG),
    # crisis, missing and doubtful answers
    "MH-1": ({"ill_signs": ["self_harm"]}, {"ill_signs": ["none"]}),
    "P3-UNSURE": ({"bones": ["unsure"]}, {"bones": ["none"]}),
    "P3-BLANK": ({"bones": None}, {"bones": ["none"]}),
    # free text
    "TXT-CES": ({"comments": "I can’t  PEE since last night"}, {"comments": "I can pee"}),
    "TXT-NEU": ({"comments": "my foot-slaps on the ground"}, {"comments": "my foot hurts"}),
    "TXT-VAS": ({"comments": "some chest pain today"}, {"comments": "collapsed arches"}),
    "TXT-URINE": ({"comments": "dark urine after the marathon"}, {"comments": "dark shoes"}),
    "MH-1-TXT": ({"comments": "I just want to die"}, {"comments": "I want to run"}),
    "TXT-LUMP": ({"comments": "found a lump on testicle"}, {"comments": "a lump sum"}),
    "TXT-PULSE": ({"goal_1": "there is a pulse in my belly"}, {"goal_1": "lower my pulse when running"}),
    # contradictions
    "CON-1": ({"pain_where": ["calf-left", "calf-right"]}, {"pain_where": ["calf-left", "thigh-back-left"]}),
    "CON-1-NERVE": (
        {"pain_where": ["calf-left", "calf-right"], "leg_tingling": "new"},
        {"pain_where": ["calf-left", "calf-right"], "leg_tingling": "no"},
    ),
    "CON-2": ({"sudden_signs": ["vomiting", "none"]}, {"sudden_signs": ["vomiting"]}),
    "CON-3": ({"pain_now": 5, "pain_worst": 3}, {"pain_now": 4, "pain_worst": 3}),
    "CON-4": ({"pain_worst": 3, "daily_life": "cannot"}, {"pain_worst": 4, "daily_life": "cannot"}),
    "CON-5": ({"pain_features": ["stretch_tingles"]}, {"pain_features": ["stretch_tingles"], "leg_tingling": "new"}),
    "CON-6": ({**SPA, "onset_age": 35}, {**SPA, "onset_age": 34}),
    "CON-7": ({"comments": "I wet myself"}, {"comments": "I wet myself", "bladder_leak": "new"}),
    "CON-8": ({"comments": "I am 20 weeks pregnant"}, {**PREGNANT, "comments": "I am 20 weeks pregnant"}),
    "CON-9": ({"comments": "I had cancer in 2015"}, {"conditions": ["cancer"], "comments": "I had cancer in 2015"}),
    # combinations
    "CMB-5": (
        {"bones": ["spine_surgery"], "leg_tingling": "new"},
        {"bones": ["spine_surgery"], "leg_tingling": "old"},
    ),
}

QUICK = {
    "QS-1": ({"saddle_genital": "unsure"}, {}),
    "QS-2": ({"bladder_bowel": "yes"}, {}),
    "QS-3": ({"legs": "yes"}, {}),
    "QS-4": ({"serious": "yes"}, {}),
    "QS-BLANK": ({"legs": None}, {}),
    "QS-YOUNG": ({"age": 17}, {"age": 18}),
}
