"""The triage rules: pure data and functions. No database, no request, no clock.

Read in this order:

``items``          what a questionnaire, a question, an option and a page are
``fhir``           reads HL7 FHIR R4 Questionnaire JSON into them and names what it does not support
``answers``        cleans one answer, says it back in words
``questionnaire``  which questions are enabled, pages, progress: the module that pages and services import
``conditions``     small values that are true or false of the answers and can say themselves in words
``flags``          the same over the whole record: what fired, what is doubtful, what is missing
``pathway``        a rule, a gate, a contributing factor, a pathway
``engine``         answers in; level, findings, factors and cautions out
``wording``        what patients read about a level
``assess_file``    the same from a JSON file, for ``manage.py assess``

Answers are a mapping from linkId to value. A single choice is a code, a tick-list a list of codes, a number a number, a date
ISO text, anything typed is text. Blank is a missing key, ``None``, ``""`` or ``[]``: never "no".
"""
