"""``/my/digital-auth/``: showing by My Number Card who one is, over デジタル認証アプリ."""
