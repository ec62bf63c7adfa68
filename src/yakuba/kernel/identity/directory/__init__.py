"""The town hall's directory (庁内の認証基盤): who else can say whether a password is right."""
