"""What a focal point and a donor type into the sections of a need and of an offer, by the names of the fields."""

from datetime import timedelta

from django.utils import timezone

NEED_SECTIONS = (
    {"category": "Centrifuges", "title": "A centrifuge for the second year", "quantity": 1},
    {"purpose": "teaching", "why": "Every student spins their own sample.", "people": 120, "women": 60},
    {"least_speed_rpm": 3000, "must_speed_rpm": "must", "must_words": "Runs without a licence."},
    {"voltage": 230, "frequency": 50, "plugs": ["G", "D"], "room_words": "Teaching laboratory, ground floor"},
    {"run_by": "Two technicians", "maintained_by": "The workshop of the faculty", "budget_eur": 300},
    {
        "customs": "exempt",
        "customs_contact": "The purchasing office",
        "deliver_to": "Stores, Building 4",
        "end_use": "Teaching of biochemistry",
        "end_user": "Faculty of Science",
    },
)
OFFER_SECTIONS = (
    {"category": "Centrifuges", "title": "Bench centrifuge, 24 places", "maker": "Rotanova", "serials": "RN-40117"},
    {"condition": "good", "feature_speed_rpm": 4000, "feature_cooled": True},
    {
        "tested_on": (timezone.now() - timedelta(days=30)).date(),
        "test_method": "Full speed with a balanced load",
        "decontaminated": "yes",
        "decontaminated_how": "Wiped with 70 % ethanol",
        "data_wiped": "not_needed",
    },
    {"voltage_low": 220, "voltage_high": 240, "frequencies": [50, 60], "plug": "E", "weight_kg": "28.5"},
    {"consumables": "None", "has_manuals": True, "manual_languages": ["en", "fr"]},
)
OFFER_ENDS = (
    {"country": "FR", "city": "Lyon", "pick_up": "Loading bay 2, Lyon"},
    {"is_owner": True, "value_eur": 2500, "running_eur": 120},
)
IN_PRIVATE = ("Stores, Building 4", "The purchasing office", "Loading bay 2", "RN-40117")
