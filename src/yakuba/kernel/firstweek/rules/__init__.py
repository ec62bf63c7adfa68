"""What a first-week workbook may say, as pure decisions: rows of text in, a plan or faults out."""
