"""What the organisation allows, as pure decisions: plain values in, a refusal or a plan out."""
