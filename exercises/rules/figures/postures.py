"""Starting postures by name, as plain pose data. A pose says ``"like": "all_fours"`` and names only what differs."""

_KNEELING_LEG = [-90, 182, 200]
_FLAT_FOOT = {"pin": [37, 6.5], "end": 0}
_STANDING_LEG = {"pin": [0, 6.5], "end": 0}

POSTURES: dict[str, dict] = {
    "standing": {
        "says": "standing tall",
        "root": [0, 88.5],
        "pelvis": 90,
        "thorax": 90,
        "neck": 88,
        "arm_r": [-95, -85],
        "arm_l": [-88, -78],
        "leg_r": _STANDING_LEG,
        "leg_l": _STANDING_LEG,
        "contacts": ["foot_r", "foot_l"],
    },
    "all_fours": {
        "says": "on hands and knees, back level",
        "root": [0, 6.3],
        "root_at": "knee_r",
        "pelvis": 8,
        "thorax": 8,
        "neck": 4,
        "arm_r": {"pin": [48, 3], "end": 0},
        "arm_l": {"pin": [48, 3], "end": 0},
        "leg_r": _KNEELING_LEG,
        "leg_l": _KNEELING_LEG,
        "contacts": ["shin_r", "hand_r", "hand_l"],
    },
    "on_back": {
        "says": "lying on the back, knees bent, feet flat",
        "root": [-54, 10],
        "root_at": "chest",
        "pelvis": 180,
        "thorax": 180,
        "neck": 175,
        "arm_r": [-8, -3],
        "arm_l": [-8, -3],
        "leg_r": _FLAT_FOOT,
        "leg_l": _FLAT_FOOT,
        "contacts": ["chest", "hips", "foot_r", "foot_l"],
    },
    "face_down": {
        "says": "lying face down, arms stretched forward",
        "root": [0, None],
        "pelvis": 0,
        "thorax": 0,
        "neck": 6,
        "arm_r": [-6, -4],
        "arm_l": [-6, -4],
        "leg_r": [181, 181, 200],
        "leg_l": [181, 181, 200],
        "contacts": ["hips", "chest", "hand_r"],
    },
}
