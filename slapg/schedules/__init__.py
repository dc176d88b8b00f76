"""Schedules for people: their holidays from other calendars, and how they look. No rule is decided here."""
