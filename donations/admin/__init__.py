"""The back office of donations."""

from donations.admin import gift as gift
from donations.admin import match as match
from donations.admin import need as need
from donations.admin import offer as offer
from donations.admin import shipment as shipment
