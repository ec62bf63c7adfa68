"""The office keeps the catalogue: descriptions, channels, counting list, yearly counts, posters."""
