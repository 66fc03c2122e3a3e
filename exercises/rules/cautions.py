"""Caution codes: the reasons why an exercise may not be for somebody, as one vocabulary.

The triage concludes with these codes, an exercise lists the ones that concern it, and comparing the two is all it
takes to hold an exercise back. Each code says the same thing three ways: a label for staff, the words that finish the
patient's sentence "Ask us first if ...", and why, for whoever has to decide.

Source: the "hold when" table and the red-flag rules of the clinic's triage evidence, sections 2 and 5; the row of each
code names them. A code is never renamed once published: exercises, assessments and prescriptions keep it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CautionCode(StrEnum):
    """The codes. Their order is the order in which they are listed to a person."""

    # Signs that somebody must look first
    LEG_SYMPTOMS = "leg_symptoms"
    LEG_WEAKNESS = "leg_weakness"
    BONE_STRESS = "bone_stress"
    STRESS_FRACTURE_HISTORY = "stress_fracture_history"
    LOW_ENERGY = "low_energy"
    ACUTE_SEVERE_PAIN = "acute_severe_pain"
    NIGHT_PAIN = "night_pain"
    RECENT_ACCIDENT = "recent_accident"
    INFECTION_CONCERN = "infection_concern"
    IMMUNE_RISK = "immune_risk"
    CANCER_HISTORY = "cancer_history"
    INFLAMMATORY = "inflammatory"
    ANTICOAGULANT = "anticoagulant"
    # Age and bones
    UNDER_18 = "under_18"
    AGE_65_PLUS = "age_65_plus"
    OSTEOPOROSIS = "osteoporosis"
    STEROIDS = "steroids"
    # Pregnancy and birth
    PREGNANCY = "pregnancy"
    POSTPARTUM = "postpartum"
    PELVIC_FLOOR = "pelvic_floor"
    # The back itself
    EXTENSION_SENSITIVE = "extension_sensitive"
    FLEXION_SENSITIVE = "flexion_sensitive"
    PARS_CONCERN = "pars_concern"
    SPINAL_SURGERY = "spinal_surgery"
    RECENT_SURGERY = "recent_surgery"
    SPINE_SHAPE = "spine_shape"
    # Other parts of the body
    HIP_GROIN_PAIN = "hip_groin_pain"
    KNEE_PROBLEM = "knee_problem"
    WRIST_SHOULDER_PROBLEM = "wrist_shoulder_problem"
    BALANCE = "balance"
    # What we do not know
    INCOMPLETE_ANSWERS = "incomplete_answers"


class Strength(StrEnum):
    """How far a caution goes."""

    ABSOLUTE = "absolute"
    """Not this exercise, until a therapist has examined the person and the reason is gone."""
    RELATIVE = "relative"
    """A therapist may decide otherwise, and writes down why."""


@dataclass(frozen=True)
class Caution:
    """One row of the vocabulary."""

    code: CautionCode
    label: str | Promise
    """For staff: short and plain."""
    ask_if: str | Promise
    """Finishes "Ask us first if ..." on the patient's page."""
    why: str | Promise
    """For whoever decides: what could go wrong."""
    source: str
    """Where the reason comes from, by rule or table."""
    holds_everything: bool = False
    """No exercise at all until a therapist acts, whichever exercise it is."""


def _row(code, label, ask_if, why, source, holds_everything=False) -> tuple[CautionCode, Caution]:
    return code, Caution(code, label, ask_if, why, source, holds_everything)


CAUTIONS: dict[CautionCode, Caution] = dict(
    [
        _row(
            CautionCode.LEG_SYMPTOMS,
            _("Leg pain below the knee, or tingling"),
            _("pain goes below your knee, or your leg or foot tingles"),
            _("A nerve may be irritated. Bending or stretching can stir it up."),
            "NEU-4; hold-when table (bending and stretching exercises)",
        ),
        _row(
            CautionCode.LEG_WEAKNESS,
            _("Leg or foot weakness or numbness"),
            _("a leg or foot is weak or numb"),
            _("Strength and feeling have to be examined before any exercise."),
            "NEU-1, NEU-2; no exercise at all",
            holds_everything=True,
        ),
        _row(
            CautionCode.BONE_STRESS,
            _("Possible bone stress"),
            _("one spot of bone hurts more with each step, or when you hop or stand on that leg"),
            _("A bone may be overloaded. Loading it further can turn it into a break."),
            "BSI-1; no exercise at all",
            holds_everything=True,
        ),
        _row(
            CautionCode.STRESS_FRACTURE_HISTORY,
            _("Earlier stress fracture"),
            _("you had a stress fracture before"),
            _("It raises the chance of another one; impact and load are built up with a therapist."),
            "BSI-2",
        ),
        _row(
            CautionCode.LOW_ENERGY,
            _("Signs of too little energy for the training"),
            _("your periods have stopped, or you eat too little for your training"),
            _("Bones and muscles recover poorly when there is too little energy. A therapist plans the load."),
            "RED-1; no exercise at all",
            holds_everything=True,
        ),
        _row(
            CautionCode.ACUTE_SEVERE_PAIN,
            _("Severe pain now"),
            _("your pain is severe, or it stops you standing or sleeping"),
            _("Severe pain is examined first. Pushing into it seldom helps."),
            "PAIN-1; hold-when table (planks, warm-up moves, superman)",
        ),
        _row(
            CautionCode.NIGHT_PAIN,
            _("Constant pain, or night pain that no position eases"),
            _("the pain is always there, or wakes you and no position eases it"),
            _("This pattern is looked at before load is added."),
            "CAN-5",
        ),
        _row(
            CautionCode.RECENT_ACCIDENT,
            _("Recent fall, crash or heavy blow"),
            _("the pain began with a fall, a crash or a heavy blow"),
            _("A break has to be considered before the back is loaded."),
            "FRX-1, FRX-2",
        ),
        _row(
            CautionCode.INFECTION_CONCERN,
            _("Fever, or feeling very ill"),
            _("you feel feverish or very ill"),
            _("An infection is checked first; exercise waits."),
            "INF-1, INF-2",
            holds_everything=True,
        ),
        _row(
            CautionCode.IMMUNE_RISK,
            _("Lowered defences, or a recent infection or procedure"),
            _("your defences are low, or you had an infection or a procedure in the last three months"),
            _("Infections of the spine can start quietly, without fever."),
            "INF-3",
        ),
        _row(
            CautionCode.CANCER_HISTORY,
            _("Cancer, now or in the past"),
            _("you are or were treated for cancer"),
            _("Bone strength and the cause of the pain are checked with your doctor first."),
            "CAN-1, CAN-2, CAN-3",
        ),
        _row(
            CautionCode.INFLAMMATORY,
            _("Pattern of an inflammatory back"),
            _("your back is stiff for a long time each morning and eases as you move"),
            _("The plan may differ, and a doctor may need to look as well."),
            "INF-SPA (NICE NG65)",
        ),
        _row(
            CautionCode.ANTICOAGULANT,
            _("Blood thinners, or a bleeding condition"),
            _("you take blood thinners or bleed easily"),
            _("A fall or a strong stretch can bleed more than usual."),
            "BLD-1",
        ),
        _row(
            CautionCode.UNDER_18,
            _("Under 18"),
            _("you are under 18"),
            _("Growing bones need a different plan. A therapist decides with the family."),
            "YTH-1, YTH-3; no exercise at all",
            holds_everything=True,
        ),
        _row(
            CautionCode.AGE_65_PLUS,
            _("65 or over"),
            _("you are 65 or over"),
            _("Bones may be thinner and balance less sure; bending under load is chosen with care."),
            "FRX-2, CAN-8; hold-when table (bending and twisting)",
        ),
        _row(
            CautionCode.OSTEOPOROSIS,
            _("Thin bones (osteoporosis), or a break after a light knock"),
            _("someone told you that your bones are thin"),
            _("Strong bending or twisting can hurt a thin vertebra."),
            "FRX-2; hold-when table (bending and twisting)",
        ),
        _row(
            CautionCode.STEROIDS,
            _("Steroid tablets for three months or more"),
            _("you took steroid tablets for three months or more"),
            _("Steroid tablets thin bones over time."),
            "FRX-3; hold-when table (bending and twisting)",
        ),
        _row(
            CautionCode.PREGNANCY,
            _("Pregnant, or possibly pregnant"),
            _("you are or may be pregnant"),
            _("Lying flat on the back, lying face down and hard tummy work are chosen with a therapist."),
            "OBS-1 to OBS-3; no exercise at all",
            holds_everything=True,
        ),
        _row(
            CautionCode.POSTPARTUM,
            _("Birth within the last six months"),
            _("you gave birth in the last six months"),
            _("Tummy wall and pelvic floor are still healing; a therapist checks both."),
            "OBS-3",
        ),
        _row(
            CautionCode.PELVIC_FLOOR,
            _("Leaking or heaviness with effort"),
            _("you leak a little with effort, or feel heaviness in your pelvis"),
            _("Hard bracing can press on the pelvic floor. Any new change is a question for us today."),
            "factor table; hold-when table (planks, bird-dog, bridge)",
        ),
        _row(
            CautionCode.EXTENSION_SENSITIVE,
            _("Worse with arching back"),
            _("arching your back makes it worse"),
            _("Repeating the movement that hurts keeps a back sore."),
            "hold-when table (superman)",
        ),
        _row(
            CautionCode.FLEXION_SENSITIVE,
            _("Worse with bending forward"),
            _("bending forward makes it worse"),
            _("Repeating the movement that hurts keeps a back sore."),
            "factor table (disc or nerve irritation)",
        ),
        _row(
            CautionCode.PARS_CONCERN,
            _("Slipped vertebra, or stress injury of the arch of a vertebra"),
            _("someone told you of a slipped vertebra or a stress injury in your spine"),
            _("Arching loads just that part of the spine."),
            "HX-1, YTH-1; hold-when table (superman)",
        ),
        _row(
            CautionCode.SPINAL_SURGERY,
            _("Spinal surgery at any time"),
            _("you had surgery on your spine at any time"),
            _("What may move and what was joined has to be known."),
            "HX-1",
        ),
        _row(
            CautionCode.RECENT_SURGERY,
            _("Any surgery in the last three months"),
            _("you had surgery in the last three months"),
            _("Wounds, muscles and movement limits have to be known."),
            "INF-3",
        ),
        _row(
            CautionCode.SPINE_SHAPE,
            _("Marked curve, or a new change of back shape"),
            _("your spine has a marked curve, or your back has changed shape"),
            _("A new change is looked at first; a marked curve changes which positions suit."),
            "HX-1",
        ),
        _row(
            CautionCode.HIP_GROIN_PAIN,
            _("Hip or groin pain"),
            _("your hip or groin hurts"),
            _("Strong hip positions can aggravate it, and bone stress has to be considered."),
            "BSI-1; hold-when table (stretches)",
        ),
        _row(
            CautionCode.KNEE_PROBLEM,
            _("Knee problem"),
            _("your knee hurts or does not bend fully"),
            _("Kneeling and deep bending press on the knee."),
            "hold-when table (pigeon pose)",
        ),
        _row(
            CautionCode.WRIST_SHOULDER_PROBLEM,
            _("Wrist or shoulder problem"),
            _("leaning on your hands hurts your wrists or shoulders"),
            _("The arms carry much of the body weight here."),
            "set by the clinic",
        ),
        _row(
            CautionCode.BALANCE,
            _("Unsure balance, or falls"),
            _("you feel unsteady on your feet or had a fall"),
            _("A fall would do more harm than the exercise does good."),
            "set by the clinic",
        ),
        _row(
            CautionCode.INCOMPLETE_ANSWERS,
            _("Safety questions not all answered"),
            _("some of our safety questions are still open"),
            _("What is not known is not taken as a no."),
            "principle P3; no exercise at all",
            holds_everything=True,
        ),
    ]
)


def caution(code: str) -> Caution:
    """The row of that code. Raises ``ValueError`` for a code that is not in the vocabulary."""
    return CAUTIONS[CautionCode(code)]


def in_order(codes: Iterable[str]) -> list[CautionCode]:
    """The codes once each, in the order of the vocabulary. Raises ``ValueError`` for an unknown one."""
    wanted = {CautionCode(code) for code in codes}
    return [code for code in CautionCode if code in wanted]


def choices() -> list[tuple[str, str | Promise]]:
    """For a model field or a form."""
    return [(code.value, row.label) for code, row in CAUTIONS.items()]


@dataclass(frozen=True)
class Hit:
    """A caution that speaks against an exercise for one person."""

    code: CautionCode
    strength: Strength


def hits(exercise: dict[str, str], person: Iterable[str]) -> list[Hit]:
    """What speaks against an exercise for a person: the strictest first, then in the order of the vocabulary.

    ``exercise`` maps the exercise's caution codes to ``absolute`` or ``relative``; ``person`` are the codes that the
    person's answers gave. A code that holds everything counts as absolute for every exercise, listed there or not.
    Raises ``ValueError`` for an unknown code: a typing mistake must never open a door.
    """
    listed = {CautionCode(code): Strength(strength) for code, strength in exercise.items()}
    found = []
    for code in in_order(person):
        if CAUTIONS[code].holds_everything:
            found.append(Hit(code, Strength.ABSOLUTE))
        elif code in listed:
            found.append(Hit(code, listed[code]))
    return sorted(found, key=lambda hit: hit.strength is not Strength.ABSOLUTE)
