"""What holds of profiles, mandates, protections and the prefill file: pure Python."""
