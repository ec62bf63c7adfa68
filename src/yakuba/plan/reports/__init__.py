"""The yearly progress report (年次報告書) as PDF and Excel."""
