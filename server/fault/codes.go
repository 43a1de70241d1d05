package fault

// Code is a stable name of an error, sent as `code`. Codes are never renamed.
type Code string

const (
	CodeInternal      Code = "internal"
	CodeInvalid       Code = "invalid"
	CodeStarting      Code = "starting"        // the store is not open yet
	CodeStopping      Code = "stopping"        // the server is going down
	CodeForeignHost   Code = "foreign_host"    // Host header is not a name of this machine
	CodeCrossOrigin   Code = "cross_origin"    // another site's page sent the request
	CodeMediaType     Code = "media_type"      // body is not application/json
	CodeTooLarge      Code = "too_large"       //
	CodeNoRoute       Code = "no_route"        //
	CodeNoSession     Code = "no_session"      //
	CodeNoTurn        Code = "no_turn"         //
	CodeNoAsk         Code = "no_ask"          //
	CodeNoAgent       Code = "no_agent"        //
	CodeNoProvider    Code = "no_provider"     //
	CodeNoAttachment  Code = "no_attachment"   //
	CodeNoRule        Code = "no_rule"         //
	CodeNoFolder      Code = "no_folder"       //
	CodeNoPicture     Code = "no_picture"      // what lies at an address is none, or did not come
	CodeNoMCP         Code = "no_mcp"          // no MCP server of this name
	CodeFolderExists  Code = "folder_exists"   // nothing was made
	CodeTrashed       Code = "trashed"         // the session is in the trash
	CodePurged        Code = "purged"          // the session was removed for good
	CodeIDReused      Code = "id_reused"       // the same id with another body
	CodeTurnLive      Code = "turn_live"       // not while a turn is live
	CodeProfileFixed  Code = "profile_fixed"   // the session has begun with another profile
	CodeTurnNotQueued Code = "turn_not_queued" // only queued turns can be edited
	CodeTurnNotLive   Code = "turn_not_live"   //
	CodeAskClosed     Code = "ask_closed"      // somebody else answered first
	CodeAskChanged    Code = "ask_changed"     // the digest is of another text
	CodeDraftStale    Code = "draft_stale"     // another tab saved a newer draft
	CodeQueueStale    Code = "queue_stale"     // the order names other turns
	CodeBusyElsewhere Code = "busy_elsewhere"  // another program writes to the session now
	CodeNoAutostart   Code = "no_autostart"    // the start at login cannot be turned on or off
	CodeNoBrowser     Code = "no_browser"      // the server cannot open one
	CodeCannot        Code = "cannot"          // this agent cannot do that
	CodeAgentFailed   Code = "agent_failed"    // the agent broke off
	CodeAgentMissing  Code = "agent_missing"   //
	CodeInterrupted   Code = "interrupted"     // the server stopped in mid-turn
	CodeProviderAuth  Code = "provider_auth"   // 401 or 403 from the model provider
	CodeProviderLimit Code = "provider_limit"  // 429
	CodeProviderDown  Code = "provider_down"   // 5xx, unreachable, broke off
	CodeProviderOther Code = "provider_other"  // any other refusal
	CodeNoModel       Code = "no_model"        //
	CodeStoreDamaged  Code = "store_damaged"   //
	CodeStoreNewer    Code = "store_newer"     // a newer program wrote this database
	CodeDiskFull      Code = "disk_full"       //
	CodeUnwritable    Code = "disk_unwritable" // or the rights of the state folder
)
