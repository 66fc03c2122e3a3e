"""What patients read about a level: what it means, what happens next, what they may do meanwhile, when to get help.

Plain and short (grade 8 at most, kept by a test). Never "you have", "ruled out", "safe" or "normal", and never a time that
the clinic promises: those come from the opening hours, beside these words. How soon a doctor should look is ours to say.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.rules.levels import Level

type Words = str | Promise


@dataclass(frozen=True)
class LevelWords:
    """The words of one level. ``tag`` is the one or two words beside the level's colour and shape."""

    heading: Words
    lead: Words
    next_steps: tuple[Words, ...]
    meanwhile: tuple[Words, ...]
    tag: Words


EMERGENCY = LevelWords(
    heading=_("Get hospital care now"),
    lead=_(
        "Some of your answers can be signs of a problem that needs hospital care now. "
        "Call your emergency number or go to an emergency department now. Do not wait for us."
    ),
    next_steps=(
        _("Call the emergency number, or ask someone to take you to an emergency department."),
        _("Show them this page, or tell them what you told us."),
        _("Go even if the pain is getting better."),
    ),
    meanwhile=(
        _("Do not drive yourself."),
        _("Do not eat or drink until a doctor has seen you."),
        _("Sit or lie in the way that hurts least."),
        _("Take a list of your medicines with you."),
    ),
    tag=_("Emergency"),
)
MATERNITY = LevelWords(
    heading=_("Call your maternity unit now"),
    lead=_(
        "Some of your answers can be signs of a problem in pregnancy or after birth that needs care now. "
        "Call your maternity unit or your emergency number now. Do not wait for us."
    ),
    next_steps=(
        _("Call your maternity unit. If you cannot reach it, call the emergency number."),
        _("If you feel faint or bleed a lot, call the emergency number first."),
        _("Tell them how many weeks it is, and what you told us."),
    ),
    meanwhile=(
        _("Do not drive yourself."),
        _("Lie on your side."),
        _("Have your maternity notes ready."),
    ),
    tag=_("Emergency"),
)
CRISIS = LevelWords(
    heading=_("Please talk to someone now"),
    lead=_(
        "You told us about thoughts of harming yourself, or of not wanting to live. Help is there at any hour. "
        "Call the emergency number or a crisis line now, or go to an emergency department."
    ),
    next_steps=(
        _("If you may act on these thoughts, call the emergency number now."),
        _("Tell someone you trust, and ask them to stay with you."),
        _("Move away from anything you could use to hurt yourself."),
    ),
    meanwhile=(
        _("Pain wears people down. Thoughts like these can pass, and you do not have to face them alone."),
        _("Your back can wait. We will help you with it."),
    ),
    tag=_("Emergency"),
)
EMERGENCY_AND_CRISIS = LevelWords(
    heading=EMERGENCY.heading,
    lead=_(
        "Some of your answers can be signs of a problem that needs hospital care now. You also told us about thoughts of "
        "harming yourself. Call the emergency number or go to an emergency department now, and tell them both."
    ),
    next_steps=(*CRISIS.next_steps, EMERGENCY.next_steps[1]),
    meanwhile=EMERGENCY.meanwhile,
    tag=_("Emergency"),
)
URGENT = LevelWords(
    heading=_("A doctor should check your answers soon"),
    lead=_("Your answers need to be checked by a doctor before physiotherapy. See a doctor within the next two days."),
    next_steps=(
        _("Ring your doctor or an urgent care service, and tell them what you told us."),
        _("You can print this page and take it with you."),
        _("If you gave us a phone number, we ring you as well."),
    ),
    meanwhile=(
        _("Do not run, and leave exercises until you have been seen."),
        _("Move about gently as far as you can."),
        _("Take only medicines that a doctor or pharmacist has agreed for you."),
    ),
    tag=_("Urgent"),
)
URGENT_TODAY = LevelWords(
    heading=_("A doctor should check your answers today"),
    lead=_("Your answers need to be checked by a doctor before physiotherapy. Please see or ring a doctor today."),
    next_steps=URGENT.next_steps,
    meanwhile=URGENT.meanwhile,
    tag=_("Urgent"),
)
PRIORITY = LevelWords(
    heading=_("We want a physiotherapist to see you soon"),
    lead=_("Something in your answers should be looked at early. It is best not to run until you have been seen."),
    next_steps=(
        _("Choose a time, or ring us and we find one with you."),
        _("A therapist reads your answers before you meet."),
    ),
    meanwhile=(
        _("Stop running until you have been seen."),
        _("Walk and move about as far as it is comfortable."),
        _("Leave the exercises until a therapist has chosen them with you."),
    ),
    tag=_("Priority"),
)
ROUTINE = LevelWords(
    heading=_("A physiotherapist should assess you"),
    lead=_("A visit or a phone call helps to find out what adds to your pain, and what may help."),
    next_steps=(
        _("Choose a time that suits you."),
        _("A therapist reads your answers before you meet."),
        _("At the visit we look at how you move, and agree on a plan."),
    ),
    meanwhile=(
        _("Keep moving. Staying active helps more than bed rest."),
        _("Run less and slower, or walk, if running makes it worse."),
        _("Stop running if the pain goes above 3 out of 10, goes into your leg or wakes you at night."),
    ),
    tag=_("Routine"),
)
SELF_CARE = LevelWords(
    heading=_("Nothing in your answers needs an early visit"),
    lead=_("Here is general advice. A therapist will phone you at a time you choose, and approve any exercises."),
    next_steps=(
        _("Choose a time for the phone call. It is free of charge."),
        _("The therapist asks the safety questions once more, and asks about your running."),
    ),
    meanwhile=(
        _("Keep moving. Staying active helps more than bed rest."),
        _("Shorten your runs. Keep the next long run close to the longest of the last month."),
        _("Keep the pain at 3 out of 10 or less, and check that it is no worse the next morning."),
        _("Stop running if it goes above 5, goes into your leg or wakes you at night, and tell us."),
    ),
    tag=_("Self-care"),
)
GUARDIAN = LevelWords(
    heading=_("We would like to talk with you and a parent or guardian"),
    lead=_("For people under 16 we do not give a result online. A therapist talks with you both on the phone."),
    next_steps=(
        _("Ask a parent or guardian to ring us, or to be near when we ring."),
        _("You cannot book online. We arrange the visit on the phone."),
    ),
    meanwhile=PRIORITY.meanwhile,
    tag=_("Priority"),
)

BY_LEVEL = {
    Level.EMERGENCY: EMERGENCY,
    Level.URGENT: URGENT,
    Level.PRIORITY: PRIORITY,
    Level.ROUTINE: ROUTINE,
    Level.SELF_CARE: SELF_CARE,
}


def for_level(level: Level, result: Any = None) -> LevelWords:
    """The words for ``level``; with the conclusion (or its stored row), those that fit why.

    A crisis is answered as one, a pregnancy sends to the maternity unit; when the body needs hospital care besides, that
    comes first. Under 16 the words ask for a guardian.
    """
    if level == Level.EMERGENCY:
        families = _emergency_families(result)
        if "crisis" in families:
            return CRISIS if families == {"crisis"} else EMERGENCY_AND_CRISIS
        return MATERNITY if families == {"maternity"} else EMERGENCY
    if level == Level.URGENT:
        return URGENT_TODAY if getattr(result, "same_day", False) else URGENT
    return GUARDIAN if getattr(result, "guardian", False) else BY_LEVEL[level]


def _emergency_families(result: Any) -> set[str]:
    """The families of the emergency findings, of a fresh conclusion or of one read back as JSON."""
    rows = [row if isinstance(row, dict) else vars(row) for row in getattr(result, "findings", None) or ()]
    return {row["family"] for row in rows if row["level"] in (Level.EMERGENCY, Level.EMERGENCY.key)}


SAFETY_NET_HEADING = _("Get help now if you notice any of these")
SAFETY_NET = (
    _("A numb, tingly or changed feeling around your genitals, bottom or inner thighs"),
    _("New trouble when you pee, leaking, or not feeling when you need to go"),
    _("Leaking poo, or not feeling when you need to go"),
    _("New change of feeling during sex"),
    _("Both legs hurt, tingle, go numb or get weak, or it spreads from one leg to the other"),
    _("A leg or foot that gets weak, gives way or slaps the ground"),
    _("Fever, shaking with cold, or feeling very ill"),
    _("Chest pain, trouble breathing or fainting"),
)
"""Shown with every result below emergency, as part of the level."""
SAFETY_NET_ACTION = _("Call the emergency number or go to an emergency department, even if the pain is better.")
TELL_US_SOONER = (
    _("It gets worse, or a new sign appears"),
    _("It wakes you at night, or no position eases it"),
    _("It goes into your leg"),
    _("It is no better after 2 weeks"),
)
TELL_US_HEADING = _("Tell us sooner if")

EMERGENCY_SIGNS_HEADING = _("Call the emergency number now for any of these")
EMERGENCY_SIGNS = (
    _("Numbness around your genitals, bottom or inner thighs"),
    _("You cannot pee, or you leak pee or poo, and this is new"),
    _("New weakness in a leg, or pain or numbness in both legs"),
    _("Back pain with fever and feeling very ill"),
    _("Back pain with chest pain, fainting, short breath, or a lump that beats in the belly"),
    _("Back pain after a bad fall or crash"),
    _("Thoughts of harming yourself"),
)
"""The static list of the first page and of the emergency page."""
EMERGENCY_SAY = _(
    "Say: “I have back pain”, and then what is new, such as “I am numb between my legs” or “I cannot pee”."
)
EMERGENCY_WAIT_HEADING = _("While you wait for help")

BECAUSE_HEADING = _("Because you told us")
FACTORS_HEADING = _("What a therapist will look at")
FACTORS_INTRO = _("These may add to your pain. A therapist will examine them. This is not a diagnosis.")
NOT_A_DIAGNOSIS = _("This page sorts how soon you should be seen. It is not a diagnosis, and it cannot examine you.")
PROVISIONAL = _("A therapist still has to look at your answers. If they see it differently, we tell you.")
NOT_READ_LIVE = _(
    "Comments are not read as you write them. If something feels urgent, call us or the emergency number."
)
MISTAKE = _(
    "If you answered by mistake, you can answer those questions again. We keep both answers, and we still ring you."
)
QUICK_OPENS_INTAKE = _("Thank you. To see how soon you need care, we need to ask a few more questions first.")
