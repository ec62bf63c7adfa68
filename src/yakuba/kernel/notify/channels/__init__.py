"""Channels that lead outside: mail now, others as vendors later."""
