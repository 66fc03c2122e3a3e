"""The families of flags. Their names are what the front desk may read on a task: none gives an answer away."""

from triage.rules.pathway import Family

NERVE = Family("nerve", "nerve")
INFECTION = Family("infection", "infection")
CANCER = Family("cancer", "general health")
FRACTURE = Family("fracture", "bone")
BONE_STRESS = Family("bone_stress", "running bone")
INFLAMMATORY = Family("inflammatory", "joint")
VASCULAR = Family("vascular", "circulation")
BLEEDING = Family("bleeding", "medicine")
ABDOMINAL = Family("abdominal", "general health")
MUSCLE = Family("muscle", "general health")
MATERNITY = Family("maternity", "general health")
YOUNG = Family("young", "under 18")
PAIN = Family("pain", "pain")
HISTORY = Family("history", "back history")
COURSE = Family("course", "duration")
CRISIS = Family("crisis", "crisis", line="Crisis screen positive: ring this person first")
COMPLETENESS = Family(
    "completeness", "safety questions", line="Safety questions are not all clear: ring to complete them"
)
CONTRADICTION = Family("contradiction", "answers", line="Two answers do not fit together: ring today to ask")
COMBINATION = Family("combination", "combination")
