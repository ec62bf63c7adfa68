"""The virus scanner (ウイルス検査): asked about every file, and honest about not being there."""
