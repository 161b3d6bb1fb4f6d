"""Shipments: from the parcel to the bench, and everything that can go wrong on the way."""
