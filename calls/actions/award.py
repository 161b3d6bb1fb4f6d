"""The hours ledger and the deeds of awards."""
