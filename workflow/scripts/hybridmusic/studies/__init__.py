"""Studies of a whole run: language, reduction, tuning, few labels, audits and others."""
