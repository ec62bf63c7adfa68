"""A strict double of デジタル認証アプリ: for tests, and for the sample town, whose cards belong to nobody."""
