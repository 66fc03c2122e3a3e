"""Contributing factors: what a therapist will look at, with what speaks for and against in the patient's own answers.

Never a cause and never a diagnosis (section 4 of the evidence). The engine shows four at the most, and none beside an
emergency or an urgent result. The words of a sign finish the sentence "you told us that ...". They are marked for translation
and stay plain text, so that the ruleset hash does not depend on a language; templates translate them.
"""

from triage.pathways.running_low_back_pain.signs import (
    BELOW_KNEE,
    BONE_STRESS,
    CONSTANT,
    LOW_BACK,
    LOW_ENERGY,
    OVER_6_WEEKS,
    both_sides,
)
from triage.rules.conditions import any_of, is_, is_new, is_no, is_yes, only
from triage.rules.flags import fired
from triage.rules.pathway import Factor, Sign
from triage.rules.pathway import for_translation as _

BELOW_THE_KNEE = Sign(_("the pain goes below your knee"), is_("pain_where", *BELOW_KNEE))
TINGLES = Sign(_("your leg is numb or tingles"), is_new("leg_tingling"))
RUNNING_UNRELATED = Sign(_("running does not change the pain"), is_("running_pain", "unrelated"))
ONE_SIDE = Sign(_("it is at the base of the spine, beside the middle"), is_("pain_where", *both_sides("sacroiliac")))
LONG = Sign(_("it has lasted more than 6 weeks"), OVER_6_WEEKS)
ALWAYS_THERE = Sign(_("no position eases it"), CONSTANT)

FACTORS = (
    Factor(
        code="bone_load",
        name=_("How your bones take the load"),
        speaks_for=(
            Sign(_("the pain fits a pattern that we check with care"), BONE_STRESS),
            Sign(_("it hurts more with each step or on one leg"), is_yes("impact")),
            Sign(_("there is one sore spot of bone"), is_yes("one_spot")),
            Sign(_("you have had a stress fracture"), is_("bones", "stress_high", "stress_two", "stress_one")),
            Sign(_("you told us about energy and hormones"), LOW_ENERGY),
        ),
        speaks_against=(
            Sign(_("it eases as you run"), is_("running_pain", "eases")),
            Sign(_("standing on one leg does not hurt"), is_no("impact")),
        ),
        examine=_(
            "Where exactly it hurts, and whether a picture of the bone is needed. Please do not test it by hopping."
        ),
        source="Johnson 2001; Klossner 2000; Rodrigues 2009; Waugh 2015; IOC REDs CAT2 2023",
    ),
    Factor(
        code="nerve_irritation",
        name=_("A nerve to the leg that may be irritated"),
        speaks_for=(
            BELOW_THE_KNEE,
            Sign(_("the leg hurts more than the back"), is_("pain_features", "leg_worse")),
            TINGLES,
            Sign(_("stretching your leg makes it tingle"), is_("pain_features", "stretch_tingles")),
        ),
        speaks_against=(
            Sign(
                _("the pain stays above the knee"),
                only("pain_where", *LOW_BACK, *both_sides("buttock", "hip-side", "sacroiliac")),
            ),
            Sign(_("there is no numbness or tingling"), is_no("leg_tingling")),
        ),
        examine=_("Strength, feeling and reflexes in your legs, and how the nerve moves."),
        topic="sciatic-nerve",
        source="Konstantinou 2012; Verwoerd 2014",
    ),
    Factor(
        code="disc_or_nerve",
        name=_("A disc or nerve that may be irritated"),
        speaks_for=(
            Sign(_("bending makes it worse"), is_("pain_features", "bending")),
            Sign(_("sitting for long makes it worse"), is_("pain_features", "sitting")),
            Sign(_("coughing or sneezing makes it worse"), is_("pain_features", "cough")),
            BELOW_THE_KNEE,
        ),
        speaks_against=(
            Sign(_("arching back is what hurts"), is_("pain_features", "arching")),
            Sign(_("there is no numbness or tingling"), is_no("leg_tingling")),
        ),
        examine=_("Which movements bring the pain towards the back or into the leg, and the nerves of your legs."),
        topic="disc",
        source="Konstantinou 2012; Hancock 2007 (for the direction of movements)",
        needs=2,
    ),
    Factor(
        code="training_load",
        name=_("How fast your training grew"),
        speaks_for=(
            Sign(_("one run was much longer than those of the month before"), is_("run_changes", "long_run")),
            Sign(_("you ran more, or rested less"), is_("run_changes", "more_running")),
            Sign(_("hills or faster runs were new"), is_("run_changes", "hills_speed")),
            Sign(_("you were starting, or coming back"), is_("run_changes", "starting")),
        ),
        speaks_against=(
            Sign(_("nothing changed in your running before it began"), is_("run_changes", "none")),
            RUNNING_UNRELATED,
        ),
        examine=_("Your last weeks of running, rest, sleep and food."),
        topic="training-load",
        source="Frandsen 2025",
    ),
    Factor(
        code="muscle_strain",
        name=_("A strained muscle"),
        speaks_for=(
            Sign(_("it began suddenly with a hard effort"), is_("onset", "hard_effort")),
            Sign(_("the muscle is sore to touch or to use"), is_("pain_features", "touch")),
            Sign(_("it is getting better"), is_("trend", "better")),
        ),
        speaks_against=(BELOW_THE_KNEE, ALWAYS_THERE, LONG, Sign(_("it came slowly"), is_("onset", "gradual"))),
        examine=_("How it feels to touch, to push against, and how you move. Other reasons are looked at first."),
        topic="muscle-strain",
        source="BMJ Best Practice 3000164",
        needs=2,
        not_beside=any_of(
            is_yes("impact"), is_yes("one_spot")
        ),  # bone stress taken for a strain is the classic mistake
    ),
    Factor(
        code="strength_control",
        name=_("Strength and control of trunk and hips"),
        speaks_for=(
            Sign(_("you do little strength training"), is_("run_habits", "weak_trunk")),
            Sign(_("you slump or sway when you get tired"), is_("run_habits", "slump")),
            Sign(_("it builds up as you run"), is_("running_pain", "builds")),
            Sign(_("you sit for most of the day"), is_("run_habits", "sitting_job")),
            Sign(_("you have had this kind of pain before"), is_("episode", "before")),
        ),
        speaks_against=(ALWAYS_THERE, RUNNING_UNRELATED),
        examine=_("How long your trunk holds, a squat on one leg, the strength of your hips, and your gait."),
        topic="weak-trunk-and-hips",
        source="Raabe and Chaudhari 2018; Cai 2017",
        needs=2,
    ),
    Factor(
        code="tight_muscles",
        name=_("Tight hips or thighs"),
        speaks_for=(
            Sign(_("your hips or the backs of your thighs feel tight"), is_("run_habits", "tight")),
            Sign(_("you are stiff for a short time when you start to move"), is_("pain_features", "stiff")),
            Sign(_("you sit for most of the day"), is_("run_habits", "sitting_job")),
        ),
        speaks_against=(
            Sign(
                _("stretching your leg makes it tingle, so we look at the nerve first"),
                is_("pain_features", "stretch_tingles"),
            ),
            TINGLES,
        ),
        examine=_("How your hips move, and whether it is a muscle or a nerve that feels tight."),
        topic="tight-muscles",
        source="Maselli 2020",
        needs=2,
    ),
    Factor(
        code="joint_irritation",
        name=_("Small joints of the back"),
        speaks_for=(
            Sign(_("arching back makes it worse"), is_("pain_features", "arching")),
            Sign(_("standing for long or running downhill makes it worse"), is_("pain_features", "standing")),
            Sign(_("you are stiff for a short time when you start to move"), is_("pain_features", "stiff")),
            Sign(_("it comes and goes for no clear reason"), is_("pain_features", "comes_goes")),
        ),
        speaks_against=(
            Sign(_("bending or sitting makes it worse"), is_("pain_features", "bending", "sitting")),
            BELOW_THE_KNEE,
        ),
        examine=_("Arching and turning, and each part of the low back by hand. No single test can show this."),
        topic="joint-irritation",
        source="Hancock 2007; Han 2023",
        little=True,
        needs=2,
    ),
    Factor(
        code="sacroiliac",
        name=_("The joint between spine and pelvis"),
        speaks_for=(
            ONE_SIDE,
            Sign(_("stairs or turning in bed make it worse"), is_("pain_features", "turning")),
            Sign(_("you are pregnant or gave birth not long ago"), is_("pregnancy", "pregnant", "postpartum")),
        ),
        speaks_against=(
            Sign(_("it hurts in the middle of the back"), is_("pain_where", "low-back-centre")),
            Sign(_("it hurts more with each step, so we look at the bone first"), is_yes("impact")),
        ),
        examine=_("Several tests of that joint together, after the bone has been looked at."),
        source="Han 2023; cluster of provocation tests",
        needs=2,
    ),
    Factor(
        code="running_form",
        name=_("How you run"),
        speaks_for=(
            Sign(_("you take long steps or land hard on your heels"), is_("run_habits", "long_steps")),
            Sign(_("you slump or sway when you get tired"), is_("run_habits", "slump")),
            Sign(_("it builds up as you run"), is_("running_pain", "builds")),
        ),
        speaks_against=(RUNNING_UNRELATED, Sign(_("you are not running now"), is_("running_pain", "not_running"))),
        examine=_("A video of your running: step rate, step length and trunk."),
        topic="running-form",
        source="Anderson 2022; Delgado 2013",
        little=True,
        needs=2,
    ),
    Factor(
        code="earlier_problem",
        name=_("An earlier injury or back pain"),
        speaks_for=(
            Sign(_("you have had this kind of pain before"), is_("episode", "before")),
            Sign(_("an earlier injury still bothers you"), is_("run_habits", "other_injury")),
            Sign(_("you have had surgery on your spine"), is_("bones", "spine_surgery")),
        ),
        speaks_against=(Sign(_("this is your first back pain"), is_("episode", "first")),),
        examine=_("What happened then, what helped, and what is different now."),
        topic="earlier-injury",
        source="Well-established: an earlier injury is the steadiest predictor",
        evidence="K",
    ),
    Factor(
        code="footwear",
        name=_("Your shoes"),
        speaks_for=(Sign(_("your shoes were new, worn or tight"), is_("run_changes", "shoes")),),
        speaks_against=(RUNNING_UNRELATED,),
        examine=_("Wear, fit and comfort."),
        topic="footwear",
        source="Cochrane 2022: low certainty that the type of shoe prevents injury",
        little=True,
    ),
    Factor(
        code="foot_ankle",
        name=_("Feet and ankles"),
        speaks_for=(Sign(_("you have flat feet, or a foot or ankle problem"), is_("run_habits", "feet")),),
        speaks_against=(RUNNING_UNRELATED,),
        examine=_("How your foot stands, how calf and ankle move, and balance on one leg."),
        topic="feet-and-ankles",
        source="Maselli 2020",
        little=True,
    ),
    Factor(
        code="warm_up",
        name=_("Warm-up and cool-down"),
        speaks_for=(
            Sign(_("you seldom warm up or cool down"), is_("run_habits", "no_warm_up")),
            Sign(_("it hurts at the start of a run, then eases"), is_("running_pain", "eases")),
        ),
        speaks_against=(Sign(_("it builds up with distance"), is_("running_pain", "builds", "lasts")),),
        examine=_("Your routine before and after a run. It is a comfort more than a cure."),
        topic="warm-up-habits",
        source="Little evidence that a warm-up prevents running injuries",
        evidence="K",
        little=True,
    ),
    Factor(
        code="inflammatory_pattern",
        name=_("Signs that can come from inflammation"),
        speaks_for=(
            Sign(_("several of the long-term signs fit you"), fired("INF-SPA", "INF-SPA-3")),
            Sign(_("it eases when you move, not when you rest"), is_("spa_signs", "better_moving")),
        ),
        speaks_against=(Sign(_("it eases with rest"), is_("night_rest", "eases")),),
        examine=_("The pattern over the day, your other joints, and if your doctor should test your blood."),
        source="NICE NG65",
    ),
    Factor(
        code="pelvic_floor",
        name=_("Pelvic floor and deep tummy muscles"),
        speaks_for=(
            Sign(_("you have leaked for a long time, unchanged"), is_("bladder_leak", "old")),
            Sign(_("you gave birth in the last 6 months"), is_("pregnancy", "postpartum")),
        ),
        speaks_against=(),
        examine=_("A pelvic health therapist can look at this with you. Any new change is a question for today."),
        source="Clinic article 002; section 4 of the evidence",
        evidence="D",
    ),
)
"""In the order in which ties are broken."""
