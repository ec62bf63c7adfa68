"""Our own prints: Typst templates of the apps, set with the house library."""
