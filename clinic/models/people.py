"""People: staff who sign in, patients, and the practitioners they see."""

import pghistory
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from clinic.references import new_reference
from clinic.rules.access import Role


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """The first account: a manager, who makes the others. Nobody is above the role table."""
        return self.create_user(email, password, **{"role": Role.MANAGER, **fields})

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractUser):
    """A member of staff who signs in. Patients are not users: they come by a link."""

    username = None
    email = models.EmailField(_("e-mail"), unique=True)
    role = models.CharField(_("role"), max_length=20, choices=[(role.value, role.label) for role in Role])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="clinic_user_has_a_known_role",
                violation_error_code="unknown_role",
                violation_error_message=_("Choose one of the roles."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="clinic_user_email_is_lower_case",
                violation_error_code="email_case",
                violation_error_message=_("Write the e-mail address in lower case."),
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def save(self, *args, **kwargs):
        """Everybody who may use the admin at all is "staff" to Django: that follows from the role, never from a tick box."""
        self.email = self.email.lower()
        self.is_superuser = False
        self.is_staff = self.role in {Role.THERAPIST, Role.CLINICAL_LEAD, Role.MANAGER}
        super().save(*args, **kwargs)

    @property
    def actor(self) -> str:
        """How the record names this person: a code, never a name."""
        return f"user:{self.pk}"


class PatientQuerySet(models.QuerySet):
    def matching(self, words):
        """Patients whose name is like ``words``, whose phone number holds its digits, or who were born on that day.

        For the front desk: at least two letters of a name or three digits of a number; the best match first.
        """
        from django.contrib.postgres.search import TrigramWordSimilarity

        words = " ".join(words.split())
        digits = "".join(c for c in words if c.isdigit())
        letters = "".join(c for c in words if c.isalpha() or c in " -'’").strip()
        if len(letters) >= 2:
            return (
                self.annotate(likeness=TrigramWordSimilarity(letters.lower(), "search_name"))
                .filter(Q(search_name__contains=letters.lower()) | Q(likeness__gte=0.5))
                .order_by("-likeness", "last_name", "first_name", "pk")
            )
        if len(digits) >= 3:
            return self.filter(phone_digits__contains=digits).order_by("last_name", "first_name", "pk")
        return self.none()


@pghistory.track(exclude=["phone_digits", "search_name"])
class Patient(models.Model):
    """A person who asks the clinic for help. Two people who share an e-mail address or a phone stay two patients."""

    reference = models.CharField(max_length=32, unique=True, default=new_reference, editable=False)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    date_of_birth = models.DateField(_("date of birth"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    needs_interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    access_needs = models.CharField(_("access needs"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    phone_digits = models.GeneratedField(
        expression=models.Func(
            "phone", models.Value(r"\D"), models.Value(""), models.Value("g"), function="regexp_replace"
        ),
        output_field=models.CharField(max_length=40),
        db_persist=True,
    )
    search_name = models.GeneratedField(
        expression=Lower(Concat("first_name", models.Value(" "), "last_name")),
        output_field=models.CharField(max_length=170),
        db_persist=True,
    )

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        indexes = [
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="clinic_patient_name_trgm"),
            GinIndex(OpClass("phone_digits", name="gin_trgm_ops"), name="clinic_patient_phone_trgm"),
            models.Index("date_of_birth", name="clinic_patient_born"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_name=""),
                name="clinic_patient_has_a_first_name",
                violation_error_code="first_name_missing",
                violation_error_message=_("Enter a first name."),
            ),
            models.CheckConstraint(
                condition=Q(date_of_birth__gte="1900-01-01"),
                name="clinic_patient_born_after_1900",
                violation_error_code="born_too_early",
                violation_error_message=_("Check the year of birth."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in (self.first_name, self.last_name) if part).upper()

    @property
    def actor(self) -> str:
        return f"patient:{self.pk}"

    def age_on(self, day) -> int:
        """Whole years on that day."""
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class PractitionerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True).order_by("name", "pk")


class Practitioner(models.Model):
    """A physiotherapist whom a patient can see. Not every practitioner signs in."""

    user = models.OneToOneField(
        "clinic.User", on_delete=models.PROTECT, null=True, blank=True, related_name="practitioner"
    )
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=80, blank=True)
    speciality = models.CharField(_("speciality"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="clinic_practitioner_has_a_name",
                violation_error_code="name_missing",
                violation_error_message=_("Enter a name."),
            )
        ]

    def __str__(self):
        return self.name
