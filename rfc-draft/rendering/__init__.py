"""The draft for people: readable HTML and text from its RFCXML v3 (RFC 7991), the same for the same input."""
