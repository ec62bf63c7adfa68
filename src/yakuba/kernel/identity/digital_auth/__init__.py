"""Proof of identity by My Number Card through デジタル認証アプリ: the contract, its vendor, and a strict double of it."""
