package main

// usage is what --help says.
const usage = `Usage: hermes-webui [flags]           start the server
       hermes-webui health [--deep] [--max-time SECONDS]
                                      ask a running server how it is; fails if it is not well
       hermes-webui doctor [--deep] [--json]
                                      find what is wrong, and say what to do
       hermes-webui open              open the page of the running server
       hermes-webui autostart on|off|status [--json]
                                      start at login, in the tray
       hermes-webui version

Flags (each beats its environment variable):
  --serve, --foreground  no tray and no browser, log to stderr; HERMES_WEBUI_FOREGROUND=1
  --desktop              with a tray, and open the browser
  --tray                 with a tray, and do not open the browser (at login)
  --host ADDRESS         HERMES_WEBUI_HOST, default 127.0.0.1
  --port NUMBER          HERMES_WEBUI_PORT, default 8787; 0 takes a free one
  --drain TIME           HERMES_WEBUI_DRAIN, default 10s: how long running turns may go on
                         after the first SIGTERM; a second one ends at once
  --log-file FILE        HERMES_WEBUI_LOG_FILE, default stderr; rotated, SIGHUP opens it again
  --log-format FORMAT    HERMES_WEBUI_LOG_FORMAT: auto, text, json or journal
  --log-level LEVEL      HERMES_WEBUI_LOG_LEVEL, default info: debug, info, warn or error
  --ready-fd NUMBER      write a line to this descriptor when ready (s6: notification-fd)
  --state-dir FOLDER     HERMES_WEBUI_STATE_DIR, default HERMES_HOME/webui
  --version, --help

Exit codes: 0 good end, 1 failure, 64 wrong command line, 65 the database is damaged or of a newer
version, 70 the server stopped answering, 75 the state folder is in use, 76 the port is taken.

The Hermes Agent is looked for on PATH and where its installers put it. Else say where it is:
  HERMES_WEBUI_PYTHON     the Python that has hermes-agent
  HERMES_WEBUI_AGENT_DIR  the agent's folder, or its virtual environment
  HERMES_HOME             the agent's home, default ~/.hermes
`
