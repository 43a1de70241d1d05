package autostart

// forbidden is nothing: launchd runs no shell and expands nothing.
const forbidden = ""
