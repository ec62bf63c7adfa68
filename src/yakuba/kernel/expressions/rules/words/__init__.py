"""Rules told in sentences: Japanese, やさしい日本語 and English."""
