"""Exercise figures: poses as data, drawn as a person.

movement = from_data({"name": ..., "poses": [...]})
problems(movement)          nothing floats, sinks or bends the wrong way
still(movement, 0)          the start, as SVG; -1 is the end
moving(movement)            the animation, as SVG
"""

from exercises.rules.figures.checks import problems
from exercises.rules.figures.drawing import moving, shared_parts, still
from exercises.rules.figures.motion import tempo_of
from exercises.rules.figures.pose import BadFigure, Movement, Tempo, as_data, from_data
from exercises.rules.figures.words import motion_text, says, still_text

__all__ = [
    "BadFigure",
    "Movement",
    "Tempo",
    "as_data",
    "from_data",
    "motion_text",
    "moving",
    "problems",
    "says",
    "shared_parts",
    "still",
    "still_text",
    "tempo_of",
]
