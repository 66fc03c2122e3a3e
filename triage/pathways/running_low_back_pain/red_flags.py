"""The red flags of the pathway, in the order of the evidence. The rule table and the sign-off page are rendered from here.

``nerve``             cauda equina, weakness, spinal cord (CES, NEU)
``infection_cancer``  infection and cancer (INF, CAN)
``bone``              fracture, bone stress, low energy (FRX, BSI, RED)
``body``              circulation, bleeding, belly, kidney, muscle, pregnancy (VAS, BLD, REN, GIT, GYN, RHB, OBS)
``course``            age, inflammation, severity, history, time, crisis, missing answers (YTH, INF-SPA, PAIN, HX, TIME, MH, P3)
``words``             words in free text (TXT)
"""

from triage.pathways.running_low_back_pain import body, bone, course, infection_cancer, nerve, words

RED_FLAGS = (
    nerve.RULES
    + infection_cancer.INFECTION_RULES
    + infection_cancer.CANCER_RULES
    + bone.RULES
    + body.RULES
    + course.RULES
    + words.RULES
)
COMBINATIONS = infection_cancer.COMBINATIONS + bone.COMBINATIONS + course.COMBINATIONS
"""Tried after everything else and in this order, because they look at what has fired."""
