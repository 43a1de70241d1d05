package autostart

// forbidden is what cannot stand in a path or name a variable there.
const forbidden = "\"%"
