"""Words in free text that raise the level. They may only raise: nothing a patient writes lowers anything (P6).

The list is small and is shown in the rule table. Capitals, apostrophes and hyphens do not matter; a star lets a word go
on. There is no reading of "not": somebody who writes "I have not wet myself" is rung as well.
"""

from clinic.rules.levels import Level
from triage.pathways.running_low_back_pain.families import ABDOMINAL, CANCER, CRISIS, NERVE, VASCULAR
from triage.rules.conditions import named, says
from triage.rules.pathway import Rule

CES_WORDS = named(
    "words about bladder, bowel or feeling between the legs",
    says(
        *("cannot pee", "can't pee", "can not pee", "unable to pee", "cannot wee", "can't wee", "cannot urinate"),
        *("can't urinate", "unable to urinate", "can't pass urine", "cannot pass urine", "unable to pass urine"),
        *("wet myself", "wetting myself", "peed myself", "soiled myself", "pooed myself", "lost control of my bladder"),
        *(
            "lost control of my bowel*",
            "no control of my bladder",
            "no control of my bowel*",
            "newly incontinent",
            "become incontinent",
            "became incontinent",
        ),
        *("numb down below", "numb down there", "numb between my legs", "numb between the legs", "numb genital*"),
        *("numb bottom", "numb bum", "numb when i wipe", "can't feel when i wipe", "can't feel when i pee"),
        *("can't feel my bottom", "can't feel my genitals", "can't feel my private parts", "saddle numb*"),
    ),
)

RULES = (
    Rule(
        code="TXT-CES",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="Words in the comments about bladder, bowel or feeling between the legs",
        question="Do the comments speak of bladder, bowel or feeling between the legs?",
        when=CES_WORDS,
        reason="Read as a yes to CES-1 to CES-4 (P5, P6).",
        source="Principle P6",
        evidence="D",
    ),
    Rule(
        code="TXT-NEU",
        family=NERVE,
        level=Level.EMERGENCY,
        finding="Words in the comments about a dropping foot or failing legs",
        question="Do the comments speak of a foot that slaps or legs that fail?",
        when=says(
            *(
                "foot slaps",
                "foot slapping",
                "foot drop",
                "drop foot",
                "dropped foot",
                "foot drags",
                "dragging my foot",
            ),
            *("can't lift my foot", "cannot lift my foot", "legs gave way", "can't feel my legs", "can't move my legs"),
            *("can't move my leg", "cannot move my leg"),
        ),
        reason="Read as a yes to NEU-1 (P5, P6).",
        source="Principle P6",
        evidence="D",
    ),
    Rule(
        code="TXT-VAS",
        family=VASCULAR,
        level=Level.EMERGENCY,
        finding="Words in the comments about chest pain, breath or collapse",
        question="Do the comments speak of chest pain, breath or collapse?",
        when=says(
            *("chest pain*", "pain in my chest", "can't breathe", "cannot breathe", "struggling to breathe"),
            *("i passed out", "i collapsed", "tearing chest", "tearing pain in my chest"),
        ),
        reason="Read as a yes to VAS-3 (P5, P6).",
        source="Principle P6",
        evidence="D",
    ),
    Rule(
        code="TXT-URINE",
        family=ABDOMINAL,
        level=Level.EMERGENCY,
        finding="Words in the comments about dark urine",
        question="Do the comments speak of dark urine?",
        when=says(
            "brown urine", "dark urine", "brown pee", "dark pee", "pee like cola", "cola coloured", "cola colored"
        ),
        reason="Read as a yes to RHB-1 (P5, P6).",
        source="Principle P6",
        evidence="D",
    ),
    Rule(
        code="MH-1-TXT",
        family=CRISIS,
        level=Level.EMERGENCY,
        finding="Words in the comments about not wanting to live or self-harm",
        question="Do the comments speak of not wanting to live or self-harm?",
        when=says(
            *("want to die", "wish i was dead", "wish i were dead", "better off dead", "kill myself", "killing myself"),
            *(
                "end my life",
                "ending my life",
                "end it all",
                "take my own life",
                "suicid*",
                "self harm*",
                "harm myself",
            ),
            *(
                "don't want to live",
                "do not want to live",
                "not want to live",
                "no reason to live",
                "don't want to be here",
            ),
        ),
        reason="Crisis contacts are shown at once and a person rings.",
        source="Principle P6; MH-1",
        evidence="D",
    ),
    Rule(
        code="TXT-LUMP",
        family=CANCER,
        level=Level.URGENT,
        finding="Words in the comments about a lump or blood",
        question="Do the comments speak of a lump or of blood?",
        when=says(
            *("lump on testicle", "lump on my testicle", "lump in my testicle", "testicle lump", "breast lump"),
            *("lump in my breast", "lump on my breast", "coughing blood", "coughing up blood", "coughed up blood"),
            *("blood in my stool", "blood in my poo", "blood in my pee", "blood in my urine"),
        ),
        reason="Read as a yes to CAN-7 or REN-2 (P5, P6).",
        source="Principle P6",
        evidence="D",
    ),
    Rule(
        code="TXT-PULSE",
        family=VASCULAR,
        level=Level.URGENT,
        finding="Words in the comments about a beat in the belly",
        question="Do the comments speak of a pulse in the belly?",
        when=says(
            *("pulse in my belly", "pulse in my stomach", "pulse in my tummy", "pulsing in my belly"),
            *("pulsing in my stomach", "belly is pulsing", "stomach is pulsing", "beating in my belly"),
        ),
        reason="Read as a yes to VAS-2 (P5, P6).",
        source="Principle P6",
        evidence="D",
        same_day=True,
    ),
)
