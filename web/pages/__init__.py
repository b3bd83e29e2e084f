"""Pages for people: server-rendered, readable on a phone, usable without JavaScript."""
